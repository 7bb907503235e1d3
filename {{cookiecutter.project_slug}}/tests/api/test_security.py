import pytest
from django.urls import reverse_lazy

DOCS_URL = reverse_lazy("docs")
ADMIN_LOGIN = reverse_lazy("admin:login")
ORIGIN = "https://app.example.com"


@pytest.mark.parametrize("url", [DOCS_URL, ADMIN_LOGIN], ids=["docs", "admin"])
def test_page_has_security_headers(api_client, db, url):
    response = api_client.get(url)
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_unlisted_origin_gets_no_cors_headers(api_client):
    response = api_client.get(DOCS_URL, HTTP_ORIGIN="https://evil.example")
    assert "Access-Control-Allow-Origin" not in response


def test_listed_origin_gets_cors_headers(api_client, settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    response = api_client.get(DOCS_URL, HTTP_ORIGIN=ORIGIN)
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert response["Access-Control-Expose-Headers"] == "Retry-After, X-Request-ID"


def test_unknown_host_returns_400(api_client):
    assert api_client.get(DOCS_URL, HTTP_HOST="evil.example").status_code == 400


def test_malformed_session_cookie_is_ignored(api_client, db, settings, django_assert_num_queries):
    # PostgreSQL raises an error for a query that contains a NUL character.
    api_client.cookies[settings.SESSION_COOKIE_NAME] = "with-nul\0"
    with django_assert_num_queries(0):
        assert api_client.get(ADMIN_LOGIN).status_code == 200
