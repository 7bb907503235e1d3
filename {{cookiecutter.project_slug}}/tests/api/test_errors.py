import pytest
from django.urls import reverse_lazy

ME_URL = reverse_lazy("me")
LIVE_URL = reverse_lazy("health-live")


def fail(*args, **kwargs):
    raise RuntimeError("could not connect to db.internal as admin")


@pytest.mark.parametrize("path", ["/api/nowhere/", "/api/v1/nowhere"])
def test_unknown_api_path_returns_json_404(api_client, path):
    response = api_client.get(path)
    assert response.status_code == 404
    assert response.json() == {"detail": "Not found."}


def test_path_below_endpoint_returns_json_404(api_client):
    response = api_client.get(f"{ME_URL}x/")
    assert response.status_code == 404
    assert response.json() == {"detail": "Not found."}


def test_unknown_page_returns_html_404(api_client):
    response = api_client.get("/nowhere/")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_error_in_api_returns_json_500_without_details(user_client, monkeypatch):
    user_client.raise_request_exception = False
    monkeypatch.setattr("accounts.serializers.UserSerializer.to_representation", fail)
    response = user_client.get(ME_URL)
    assert response.status_code == 500
    assert response.json() == {"detail": "Internal server error."}


def test_error_on_page_returns_html_500_without_details(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("api.health.JsonResponse", fail)
    response = client.get(LIVE_URL)
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")
    assert b"db.internal" not in response.content
