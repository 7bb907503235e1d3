from django.urls import reverse, reverse_lazy

ME_URL = reverse_lazy("me")
DOCS_URL = reverse_lazy("docs")


def test_response_to_user_must_not_be_cached(user_client, vary):
    response = user_client.get(ME_URL)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert vary in response["Vary"].split(", ")


def test_errors_for_user_must_not_be_cached(user_client):
    for response in (
        user_client.patch(ME_URL, {"first_name": None}),
        user_client.delete(ME_URL),
    ):
        assert response.status_code >= 400
        assert response["Cache-Control"] == "no-store"


def test_public_response_varies_by_user_but_can_be_cached(api_client, vary):
    response = api_client.get(reverse("schema"))
    assert response.status_code == 200
    assert "Cache-Control" not in response
    assert vary in response["Vary"].split(", ")


def test_response_below_auth_must_not_be_cached(api_client):
    response = api_client.get("/api/v1/auth/nowhere/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_schema_for_user_must_not_be_cached(user_client, api_client):
    assert user_client.get(reverse("schema"))["Cache-Control"] == "no-store"
    assert "Cache-Control" not in api_client.get(reverse("schema"))


def test_pages_can_be_cached(api_client):
    assert "Cache-Control" not in api_client.get(DOCS_URL)
