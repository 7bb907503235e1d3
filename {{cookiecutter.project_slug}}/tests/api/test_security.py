from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse, reverse_lazy

DOCS_URL = reverse_lazy("docs")
SCHEMA_URL = reverse_lazy("schema")
ME_URL = reverse_lazy("me")
ADMIN_LOGIN = reverse_lazy("admin:login")
ORIGIN = "https://app.example.com"


@pytest.mark.parametrize("url", [DOCS_URL, ADMIN_LOGIN], ids=["docs", "admin"])
def test_page_has_security_headers(api_client, db, url):
    response = api_client.get(url)
    assert set(response["Content-Security-Policy"].split("; ")) == {
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    }
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_form_on_own_page_requires_csrf_token(settings):
    settings.ROOT_URLCONF = (path("form/", lambda request: HttpResponse()),)
    assert Client(enforce_csrf_checks=True).post("/form/").status_code == 403
    assert Client().post("/form/").status_code == 200


def test_unlisted_origin_gets_no_cors_headers(api_client):
    response = api_client.get(DOCS_URL, HTTP_ORIGIN="https://evil.example")
    assert "Access-Control-Allow-Origin" not in response


def test_listed_origin_gets_cors_headers(api_client, settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    response = api_client.get(DOCS_URL, HTTP_ORIGIN=ORIGIN)
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert response["Access-Control-Expose-Headers"] == "Retry-After, X-Request-ID"
    preflight = api_client.options(
        DOCS_URL, HTTP_ORIGIN=ORIGIN, HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET"
    )
    assert {"authorization", "content-type", "x-request-id"} <= set(
        preflight["Access-Control-Allow-Headers"].split(", ")
    )


def test_unknown_host_returns_400(api_client):
    assert api_client.get(DOCS_URL, HTTP_HOST="evil.example").status_code == 400


def test_malformed_session_cookie_is_ignored(api_client, db, settings, django_assert_num_queries):
    # PostgreSQL raises an error for a query that contains a NUL character.
    api_client.cookies[settings.SESSION_COOKIE_NAME] = "with-nul\0"
    with django_assert_num_queries(0):
        assert api_client.get(ADMIN_LOGIN).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (DOCS_URL, 200),
        (SCHEMA_URL, 200),
        (ME_URL, 401),
        ("/api/v1/nowhere/", 404),
        ("/nowhere/", 404),
        ("/health/live/", 200),
        ("/static/nowhere.js", 404),
    ],
)
def test_every_response_has_security_headers(api_client, db, require_https, path, status):
    response = api_client.get(path, secure=True)
    assert response.status_code == status
    policy = response["Content-Security-Policy"].split("; ")
    assert {"base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"} <= set(policy)
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_json_has_the_strictest_policy(api_client, db):
    policy = api_client.get(ME_URL)["Content-Security-Policy"]
    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    }


def test_rejected_request_has_security_headers(api_client, require_https, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1
    insecure = api_client.get(ME_URL)
    too_large = api_client.post(ME_URL, {"first_name": "x"}, secure=True)
    assert (insecure.status_code, too_large.status_code) == (403, 413)
    for response in (insecure, too_large):
        assert "Content-Security-Policy" in response
        assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        (DOCS_URL, "text/html; charset=utf-8"),
        (ADMIN_LOGIN, "text/html; charset=utf-8"),
        (SCHEMA_URL, "application/vnd.oai.openapi; charset=utf-8"),
        (ME_URL, "application/json"),
        ("/api/v1/nowhere/", "application/json"),
        ("/health/live/", "application/json"),
    ],
)
def test_response_names_its_content_type(api_client, db, path, content_type):
    assert api_client.get(path)["Content-Type"] == content_type


def test_credentials_in_query_string_are_ignored(user_client, api_client, settings):
    secrets = [value.split()[-1] for value in user_client._credentials.values()]
    secrets += [cookie.value for cookie in user_client.cookies.values()]
    names = ["Authorization", "access", "access_token", "api_key", "key", "session", "token"]
    for secret in secrets:
        parameters = dict.fromkeys([*names, settings.SESSION_COOKIE_NAME], secret)
        assert api_client.get(f"{ME_URL}?{urlencode(parameters)}").status_code == 401


def test_trace_is_not_allowed(user_client):
    assert user_client.trace(ME_URL).status_code == 405
    assert user_client.trace(DOCS_URL).status_code == 405


@pytest.mark.parametrize("folder", ["/static/", "/static/admin/", "/static/admin"])
def test_folders_are_not_listed(api_client, folder):
    assert api_client.get(folder).status_code == 404


def test_cookies_are_secure_and_bound_to_host(client, staff, password, require_https):
    form = {"username": staff.username, "password": password}
    response = client.post(ADMIN_LOGIN, form, secure=True)
    assert response.cookies.keys() == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in response.cookies.values():
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


@pytest.mark.parametrize("path", [ME_URL, "/api/v1/auth/nowhere/", "/api/v2/nowhere"])
def test_api_rejects_http(api_client, path, require_https):
    for method in ("get", "post", "patch", "delete", "options"):
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


def test_protocol_of_proxy_is_trusted(api_client, db, apply_settings):
    apply_settings(SECURE_SSL_REDIRECT="", NUM_PROXIES="1")
    assert api_client.get(ME_URL, HTTP_X_FORWARDED_PROTO="https").status_code == 401
    assert api_client.get(ME_URL, HTTP_X_FORWARDED_PROTO="http").status_code == 403


def test_protocol_header_is_not_trusted_without_proxy(api_client, require_https):
    assert api_client.get(ME_URL, HTTP_X_FORWARDED_PROTO="https").status_code == 403


def test_http_is_accepted_if_https_is_not_required(api_client, db, apply_settings):
    apply_settings(SECURE_SSL_REDIRECT="false")
    response = api_client.get(ME_URL)
    assert response.status_code == 401
    assert "Strict-Transport-Security" not in response
    assert "Strict-Transport-Security" not in api_client.get(ME_URL, secure=True)


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
    for version in ("v1", "v2"):
        response = api_client.get(f"/api/{version}/auth/nowhere/")
        assert response.status_code == 404
        assert response["Cache-Control"] == "no-store"


def test_schema_for_user_must_not_be_cached(user_client, api_client):
    assert user_client.get(reverse("schema"))["Cache-Control"] == "no-store"
    assert "Cache-Control" not in api_client.get(reverse("schema"))


def test_pages_can_be_cached(api_client):
    assert "Cache-Control" not in api_client.get(DOCS_URL)
