import pytest

OPERATIONS = {
    "auth_login": ("TokenObtainRequest", "TokenObtain", set()),
    "auth_token_refresh": ("TokenRefreshRequest", "TokenRefresh", set()),
    "auth_token_verify": ("TokenVerifyRequest", None, set()),
    "auth_token_blacklist": ("TokenBlacklistRequest", None, set()),
    "auth_logout_all": (None, None, set()),
    "auth_register": ("RegistrationRequest", "User", {"201"}),
    "auth_password_change": ("PasswordChangeRequest", None, set()),
    "auth_password_reset": ("PasswordResetRequest", None, set()),
    "auth_password_reset_confirm": ("PasswordResetConfirmRequest", None, set()),
}
PRIVATE = {"auth_logout_all", "auth_password_change"}
# These operations check the credentials in the body.
CHECKING = {"auth_login", "auth_token_refresh", "auth_token_verify", "auth_token_blacklist"}


@pytest.fixture
def fields(document):
    """Return a function that returns the names of the documented fields of a schema."""
    return lambda name: document["components"]["schemas"][name]["properties"].keys()


def test_schema_describes_bodies_and_statuses(operations, body_names, statuses):
    documented = {
        name: (*body_names(operation), statuses(operation))
        for name, operation in operations.items()
        if name.startswith("auth_")
    }
    assert documented == OPERATIONS


def test_endpoints_have_expected_urls(document):
    assert {path for path in document["paths"] if path.startswith("/api/v1/auth/")} == {
        "/api/v1/auth/token/",
        "/api/v1/auth/token/refresh/",
        "/api/v1/auth/token/verify/",
        "/api/v1/auth/token/blacklist/",
        "/api/v1/auth/logout-all/",
        "/api/v1/auth/register/",
        "/api/v1/auth/password/",
        "/api/v1/auth/password/reset/",
        "/api/v1/auth/password/reset/confirm/",
    }


def test_schema_describes_authentication(document, operations):
    jwt = document["components"]["securitySchemes"]["jwtAuth"]
    assert (jwt["type"], jwt["scheme"], jwt["bearerFormat"]) == ("http", "bearer", "JWT")
    for name in OPERATIONS:
        responses = operations[name]["responses"]
        assert operations[name]["security"] == ([{"jwtAuth": []}] if name in PRIVATE else [])
        assert ("401" in responses) == (name in PRIVATE | CHECKING)
        assert "403" not in responses


def test_schema_describes_bodies_with_tokens(fields):
    assert fields("TokenObtainRequest") == {"username", "password"}
    assert fields("TokenRefreshRequest") == {"refresh"}
    assert fields("TokenObtain") == fields("TokenRefresh") == {"access", "refresh"}


@pytest.mark.parametrize("name", ["auth_token_verify", "auth_token_blacklist"])
def test_schema_describes_empty_object(operations, name):
    body = operations[name]["responses"]["200"]["content"]["application/json"]["schema"]
    assert body == {"type": "object", "additionalProperties": {}}


def test_examples_can_be_sent(send_examples):
    assert send_examples("auth_") == {
        "auth_password_reset_confirm",
        "auth_token_refresh",
        "auth_token_verify",
        "auth_token_blacklist",
    }
