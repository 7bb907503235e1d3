from django.urls import reverse_lazy

ME_URL = reverse_lazy("me")


def test_options_returns_allowed_methods_and_empty_body(user_client):
    response = user_client.options(ME_URL)
    assert response.status_code == 200
    assert response.json() == {}
    assert response["Allow"] == "GET, PATCH, HEAD, OPTIONS"
