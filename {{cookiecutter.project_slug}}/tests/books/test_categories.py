from django.urls import reverse_lazy

CATEGORIES_URL = reverse_lazy("book-categories")


def test_anyone_can_list_categories(api_client, db):
    # The list has no pages and no filters, so it ignores their parameters.
    response = api_client.get(CATEGORIES_URL, {"page": 7, "ordering": "x"})
    assert response.status_code == 200
    assert response.json() == [
        {"value": "fiction", "name": "Fiction"},
        {"value": "nonfiction", "name": "Nonfiction"},
        {"value": "poetry", "name": "Poetry"},
        {"value": "reference", "name": "Reference"},
    ]


def test_categories_reject_other_methods(user_client):
    response = user_client.post(CATEGORIES_URL)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_writing_categories_requires_authentication(api_client, db):
    response = api_client.post(CATEGORIES_URL)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]
    assert response.json().keys() == {"detail"}
