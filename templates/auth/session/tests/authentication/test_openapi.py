import pytest
from django.urls import reverse


def test_schema_documents_success_status_codes(schema):
    documented = {
        path: {method: list(operation["responses"]) for method, operation in operations.items()}
        for path, operations in schema["paths"].items()
        if "/auth/" in path
    }
    assert documented == {
        reverse("csrf"): {"get": ["200"]},
        reverse("login"): {"post": ["200"]},
        reverse("logout"): {"post": ["204"]},
        reverse("register"): {"post": ["201"]},
        reverse("password-change"): {"post": ["204"]},
        reverse("password-reset"): {"post": ["204"]},
        reverse("password-reset-confirm"): {"post": ["204"]},
    }


def test_docs_read_csrf_token_from_cookie(api_client, settings):
    script = api_client.get(f"{reverse('docs')}?script=").content.decode()
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
