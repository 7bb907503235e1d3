import pytest
from django.urls import reverse

OPERATIONS = {
    "auth_csrf_retrieve": (None, "CSRFToken", set()),
    "auth_login": ("AuthTokenRequest", "CSRFToken", set()),
    "auth_logout": (None, None, set()),
    "auth_register": ("RegistrationRequest", "User", {"201"}),
    "auth_password_change": ("PasswordChangeRequest", None, set()),
    "auth_password_reset": ("PasswordResetRequest", None, set()),
    "auth_password_reset_confirm": ("PasswordResetConfirmRequest", None, set()),
}
PRIVATE = {"auth_logout", "auth_password_change"}


def test_schema_describes_bodies_and_statuses(operations, body_names, statuses):
    documented = {
        name: (*body_names(operation), statuses(operation))
        for name, operation in operations.items()
        if name.startswith("auth_")
    }
    assert documented == OPERATIONS


def test_endpoints_have_expected_urls(document):
    assert {path for path in document["paths"] if path.startswith("/api/v1/auth/")} == {
        "/api/v1/auth/csrf/",
        "/api/v1/auth/login/",
        "/api/v1/auth/logout/",
        "/api/v1/auth/register/",
        "/api/v1/auth/password/",
        "/api/v1/auth/password/reset/",
        "/api/v1/auth/password/reset/confirm/",
    }


def test_schema_describes_cookie_and_csrf_token(document):
    schemes = document["components"]["securitySchemes"]
    assert {
        name: (scheme["type"], scheme["in"], scheme["name"]) for name, scheme in schemes.items()
    } == {
        "sessionCookie": ("apiKey", "cookie", "__Host-sessionid"),
        "csrfToken": ("apiKey", "header", "X-CSRFToken"),
    }
    assert all(scheme["description"] for scheme in schemes.values())


def test_unsafe_operations_require_csrf_token(operations):
    token, session = {"csrfToken": []}, {"sessionCookie": []}
    for name in OPERATIONS.keys() - {"auth_csrf_retrieve"}:
        is_private = name in PRIVATE
        responses = operations[name]["responses"]
        assert operations[name]["security"] == [session | token if is_private else token]
        assert "403" in responses
        assert ("401" in responses) == is_private


def test_safe_operations_require_no_csrf_token(operations):
    csrf, me = operations["auth_csrf_retrieve"], operations["me_retrieve"]
    assert csrf["security"] == [{}, {"sessionCookie": []}]
    # An invalid session is not an error.
    assert not csrf["responses"].keys() & {"401", "403"}
    assert me["security"] == [{"sessionCookie": []}]


def test_examples_can_be_sent(send_examples):
    assert send_examples("auth_") == {"auth_password_reset_confirm"}


def test_docs_read_csrf_token_from_cookie(api_client, settings):
    script = api_client.get(f"{reverse('docs')}?script=").content.decode()
    assert "swaggerSettings = {\n    deepLinking: true," in script
    assert f'cookies.get("{settings.CSRF_COOKIE_NAME}")' in script


@pytest.mark.parametrize(
    ("route", "allow"),
    [
        ("csrf", "GET, HEAD, OPTIONS"),
        ("login", "POST, OPTIONS"),
        ("logout", "POST, OPTIONS"),
        ("register", "POST, OPTIONS"),
        ("password-change", "POST, OPTIONS"),
        ("password-reset", "POST, OPTIONS"),
        ("password-reset-confirm", "POST, OPTIONS"),
    ],
)
def test_undocumented_method_is_not_allowed(user_client, route, allow):
    response = user_client.put(reverse(route), {})
    assert response.status_code == 405
    assert response["Allow"] == allow
