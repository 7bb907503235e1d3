OPERATIONS = {
    "auth_login": ("AuthTokenRequest", "Token", set()),
    "auth_logout": (None, None, set()),
    "auth_register": ("RegistrationRequest", "User", {"201"}),
    "auth_password_change": ("PasswordChangeRequest", None, set()),
    "auth_password_reset": ("PasswordResetRequest", None, set()),
    "auth_password_reset_confirm": ("PasswordResetConfirmRequest", None, set()),
}


def test_schema_describes_bodies_and_statuses(operations, body_names, statuses):
    documented = {
        name: (*body_names(operation), statuses(operation))
        for name, operation in operations.items()
        if name.startswith("auth_")
    }
    assert documented == OPERATIONS


def test_endpoints_have_expected_urls(document):
    assert {path for path in document["paths"] if path.startswith("/api/v1/auth/")} == {
        "/api/v1/auth/login/",
        "/api/v1/auth/logout/",
        "/api/v1/auth/register/",
        "/api/v1/auth/password/",
        "/api/v1/auth/password/reset/",
        "/api/v1/auth/password/reset/confirm/",
    }


def test_schema_describes_authentication(document, operations):
    token = document["components"]["securitySchemes"]["tokenAuth"]
    assert (token["type"], token["in"], token["name"]) == ("apiKey", "header", "Authorization")
    for name in OPERATIONS:
        is_private = name in {"auth_logout", "auth_password_change"}
        assert operations[name]["security"] == ([{"tokenAuth": []}] if is_private else [])
        assert ("401" in operations[name]["responses"]) == is_private
        assert "403" not in operations[name]["responses"]


def test_examples_can_be_sent(send_examples):
    assert send_examples("auth_") == {"auth_password_reset_confirm"}
