import pytest
from django.urls import get_resolver, reverse


def test_schema_documents_success_status_codes(schema):
    documented = {
        (path, method): {
            code: response.get("content", {}).get("application/json", {}).get("schema", {})
            for code, response in operation["responses"].items()
        }
        for path, operations in schema["paths"].items()
        if "/auth/" in path
        for method, operation in operations.items()
    }
    user = {"$ref": "#/components/schemas/User"}
    assert documented == {
        (reverse("login"), "post"): {"200": {"$ref": "#/components/schemas/Token"}},
        (reverse("logout"), "post"): {"204": {}},
        (reverse("user-list"), "get"): {"200": {"$ref": "#/components/schemas/PaginatedUserList"}},
        (reverse("user-list"), "post"): {"201": {"$ref": "#/components/schemas/Registration"}},
        (reverse("user-me"), "get"): {"200": user},
        (reverse("user-me"), "patch"): {"200": user},
        (reverse("user-me"), "delete"): {"204": {}},
        (reverse("user-set-password"), "post"): {"204": {}},
        (reverse("user-reset-password"), "post"): {"204": {}},
        (reverse("user-reset-password-confirm"), "post"): {"204": {}},
    }
    assert schema["components"]["schemas"]["Token"]["required"] == ["auth_token"]


def test_only_paths_of_supported_features_are_exposed():
    (patterns,) = [
        resolver.url_patterns
        for resolver in get_resolver().url_patterns
        if reverse("user-list") == f"/{resolver.pattern}users/"
    ]
    assert {str(pattern.pattern) for pattern in patterns} == {
        "users/",
        "users/me/",
        "users/set_password/",
        "users/reset_password/",
        "users/reset_password_confirm/",
        "token/login/",
        "token/logout/",
    }


@pytest.mark.parametrize(
    "path",
    [
        "activation/",
        "resend_activation/",
        "set_username/",
        "reset_username/",
        "reset_username_confirm/",
        "1/",
    ],
)
def test_other_path_of_djoser_is_not_exposed(login_as, staff, path):
    client = login_as(staff)
    for method in (client.get, client.post, client.put, client.patch, client.delete):
        assert method(f"{reverse('user-list')}{path}").status_code == 404


@pytest.mark.parametrize(
    ("route", "allow"),
    [
        ("user-list", "GET, POST, HEAD, OPTIONS"),
        ("user-me", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("user-set-password", "POST, OPTIONS"),
        ("user-reset-password", "POST, OPTIONS"),
        ("user-reset-password-confirm", "POST, OPTIONS"),
    ],
)
def test_undocumented_method_is_not_allowed(user_client, route, allow):
    response = user_client.put(reverse(route))
    assert response.status_code == 405
    assert response["Allow"] == allow


@pytest.mark.parametrize("route", ["user-list", "user-me", "user-set-password"])
def test_undocumented_method_requires_authentication(api_client, db, route):
    response = api_client.put(reverse(route))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"
