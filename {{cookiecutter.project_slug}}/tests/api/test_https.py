import pytest
from django.urls import reverse_lazy

ME_URL = reverse_lazy("me")
DOCS_URL = reverse_lazy("docs")
SCHEMA_URL = reverse_lazy("schema")


@pytest.fixture
def require_https(settings):
    settings.SECURE_SSL_REDIRECT = True


@pytest.fixture
def behind_proxy(settings):
    """Trust X-Forwarded-Proto, as settings.py does if NUM_PROXIES is above 0."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete", "options"])
@pytest.mark.parametrize("path", [ME_URL, "/api/v1/auth/nowhere/", "/api/v1/nowhere"])
def test_api_rejects_http(api_client, method, path, require_https):
    response = getattr(api_client, method)(path)
    assert response.status_code == 403
    assert response.json().keys() == {"detail"}
    assert "Location" not in response


def test_api_rejects_credentials_over_http(user_client, user, require_https):
    assert user_client.patch(ME_URL, {"first_name": "Changed"}).status_code == 403
    user.refresh_from_db()
    assert user.first_name == ""


def test_api_accepts_https(api_client, db, require_https):
    assert api_client.get(ME_URL, secure=True).status_code == 401


@pytest.mark.parametrize("page", ["/", DOCS_URL, SCHEMA_URL])
def test_page_is_redirected_to_https(api_client, page, require_https):
    response = api_client.get(page)
    assert response.status_code == 301
    assert response["Location"] == f"https://testserver{page}"


def test_protocol_of_proxy_is_trusted(api_client, db, behind_proxy, require_https):
    assert api_client.get(ME_URL, HTTP_X_FORWARDED_PROTO="https").status_code == 401
    assert api_client.get(ME_URL, HTTP_X_FORWARDED_PROTO="http").status_code == 403


def test_protocol_header_is_not_trusted_without_proxy(api_client, require_https):
    assert api_client.get(ME_URL, HTTP_X_FORWARDED_PROTO="https").status_code == 403


def test_http_is_accepted_if_https_is_not_required(api_client, db, settings):
    assert not settings.SECURE_SSL_REDIRECT
    assert api_client.get(ME_URL).status_code == 401
