import pytest

OPERATIONS = {
    "auth_keys_list": (None, "APIKey", set()),
    "auth_keys_create": ("NewAPIKeyRequest", "NewAPIKey", {"201"}),
    "auth_keys_destroy": (None, None, {"404"}),
    "auth_keys_rotate": (None, "NewAPIKey", {"201", "404", "409"}),
}


@pytest.fixture
def fields(document):
    """Return a function that returns the documented fields of a schema."""
    return lambda name: document["components"]["schemas"][name]["properties"]


def test_schema_describes_bodies_and_statuses(operations, body_names, statuses):
    documented = {
        name: (*body_names(operation), statuses(operation))
        for name, operation in operations.items()
        if name.startswith("auth_")
    }
    assert documented == OPERATIONS


def test_endpoints_have_expected_urls(document):
    assert {path for path in document["paths"] if path.startswith("/api/v1/auth/")} == {
        "/api/v1/auth/keys/",
        "/api/v1/auth/keys/{prefix}/",
        "/api/v1/auth/keys/{prefix}/rotate/",
    }


def test_schema_describes_authorization_header(document):
    (scheme,) = document["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert "Api-Key" in scheme["description"]


def test_every_operation_can_lack_a_scope(operations):
    for operation in operations.values():
        assert operation["security"][-1] == {"apiKeyAuth": []}
        assert operation["responses"].keys() >= {"401", "403"}


def test_schema_describes_secret_of_new_keys_only(operations, fields, key_fields):
    keys = operations["auth_keys_list"]["responses"]["200"]["content"]["application/json"]
    assert keys["schema"]["type"] == "array"
    assert fields("APIKey").keys() == key_fields
    assert fields("NewAPIKey").keys() == key_fields | {"key"}


def test_schema_describes_scopes(document, fields):
    scope = {"$ref": "#/components/schemas/ScopesEnum"}
    assert document["components"]["schemas"]["ScopesEnum"]["enum"] == ["read", "write", "manage"]
    assert fields("APIKey")["scopes"]["items"] == scope
    assert fields("NewAPIKeyRequest")["scopes"] == {
        "type": "array",
        "items": scope,
        "minItems": 1,
        "maxItems": 3,
        "uniqueItems": True,
    }


def test_examples_can_be_sent(send_examples):
    assert send_examples("auth_") == set()
