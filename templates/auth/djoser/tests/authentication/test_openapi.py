import pytest
from django.urls import get_resolver, reverse

OPERATIONS = {
    "auth_token_login": ("AuthTokenRequest", "Token", set()),
    "auth_token_logout": (None, None, set()),
    "auth_users_list": (None, "PaginatedUserList", {"404"}),
    "auth_users_create": ("RegistrationRequest", "User", {"201"}),
    "auth_users_me_retrieve": (None, "User", set()),
    "auth_users_me_partial_update": ("PatchedUserRequest", "User", {"404"}),
    "auth_users_me_destroy": ("CurrentPasswordRequest", None, {"409"}),
    "auth_users_set_password": ("PasswordChangeRequest", None, set()),
    "auth_users_reset_password": ("PasswordResetRequest", None, set()),
    "auth_users_reset_password_confirm": ("PasswordResetConfirmRequest", None, set()),
}
PUBLIC = {
    "auth_token_login",
    "auth_users_create",
    "auth_users_reset_password",
    "auth_users_reset_password_confirm",
}


def test_schema_describes_bodies_and_statuses(operations, body_names, statuses):
    documented = {
        name: (*body_names(operation), statuses(operation))
        for name, operation in operations.items()
        if name.startswith("auth_")
    }
    assert documented == OPERATIONS
    own = [operations[name]["summary"] for name in OPERATIONS if name.startswith("auth_users_me_")]
    assert own == ["Get your own account", "Update your own account", "Delete your own account"]
    for name in ("auth_users_set_password", "auth_users_reset_password_confirm"):
        assert "token is revoked" in operations[name]["description"]


def test_schema_describes_authentication(document, operations):
    token = document["components"]["securitySchemes"]["tokenAuth"]
    assert (token["type"], token["in"], token["name"]) == ("apiKey", "header", "Authorization")
    for name in OPERATIONS:
        is_public = name in PUBLIC
        assert operations[name]["security"] == ([] if is_public else [{"tokenAuth": []}])
        assert ("401" in operations[name]["responses"]) != is_public
        assert "403" not in operations[name]["responses"]
    assert document["components"]["schemas"]["Token"]["required"] == ["auth_token"]


def test_examples_can_be_sent(send_examples):
    assert send_examples("auth_") == {"auth_users_reset_password_confirm"}


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
