from django.urls import reverse


def test_pages_and_profile_have_expected_urls():
    names = ["docs", "schema", "health-live", "health-ready", "admin:index", "me"]
    assert [reverse(name) for name in names] == [
        "/api/docs/",
        "/api/schema/",
        "/health/live/",
        "/health/ready/",
        "/admin/",
        "/api/v1/me/",
    ]


def test_root_redirects_to_docs(api_client):
    response = api_client.get("/")
    assert response.status_code == 302
    assert response["Location"] == reverse("docs")


def test_url_without_slash_redirects_to_page(api_client):
    response = api_client.get("/api/docs")
    assert (response.status_code, response["Location"]) == (301, reverse("docs"))


def test_login_of_browsable_api_is_not_available_in_production(api_client, db):
    assert api_client.get("/api-auth/login/").status_code == 404


def test_icon_is_that_of_the_docs(api_client):
    response = api_client.get("/favicon.ico")
    assert response.status_code == 302
    assert f'href="{response["Location"]}"' in api_client.get(reverse("docs")).content.decode()
