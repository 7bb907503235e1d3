import pytest
from django.urls import reverse


@pytest.fixture
def fields(schema):
    """Return a function that returns the fields of a body, without those with a given flag."""

    def fields(body, hidden):
        (reference,) = body["content"]["application/json"]["schema"].values()
        properties = schema["components"]["schemas"][reference.split("/")[-1]]["properties"]
        return {name for name, field in properties.items() if not field.get(hidden)}

    return fields


@pytest.mark.parametrize(
    ("name", "sent"), [("login", {"username", "password"}), ("token-refresh", {"refresh"})]
)
def test_schema_describes_bodies_with_tokens(schema, fields, name, sent):
    operation = schema["paths"][reverse(name)]["post"]
    assert fields(operation["requestBody"], "readOnly") == sent
    assert operation["responses"].keys() == {"200"}
    assert fields(operation["responses"]["200"], "writeOnly") == {"access", "refresh"}


@pytest.mark.parametrize("name", ["token-verify", "token-blacklist"])
def test_schema_describes_empty_object(schema, name):
    responses = schema["paths"][reverse(name)]["post"]["responses"]
    assert responses.keys() == {"200"}
    body = responses["200"]["content"]["application/json"]["schema"]
    assert body == {"type": "object", "additionalProperties": {}}


@pytest.mark.parametrize("name", ["password-reset", "password-reset-confirm"])
def test_schema_describes_password_reset_without_authentication(schema, name):
    operation = schema["paths"][reverse(name)]["post"]
    assert operation["responses"] == {"204": {"description": "No response body"}}
    assert operation.get("security", []) in ([], [{}])


def test_schema_describes_logout_all_without_bodies(schema):
    operation = schema["paths"][reverse("logout-all")]["post"]
    assert "requestBody" not in operation
    assert operation["responses"] == {"204": {"description": "No response body"}}
