import pytest
from django.urls import reverse, reverse_lazy

LIST_URL = reverse_lazy("book-list")


@pytest.mark.parametrize("route", ["book-list", "author-list"])
def test_list_for_user_must_not_be_cached(user_client, vary, route):
    response = user_client.get(reverse(route))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert vary in response["Vary"].split(", ")


def test_error_for_user_must_not_be_cached(user_client):
    response = user_client.get(f"{LIST_URL}999999/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_list_for_anyone_varies_by_user_but_can_be_cached(api_client, db, vary):
    response = api_client.get(LIST_URL)
    assert response.status_code == 200
    assert "Cache-Control" not in response
    assert vary in response["Vary"].split(", ")
