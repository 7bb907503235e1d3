import pytest
from django.urls import reverse


@pytest.fixture
def responses(schema):
    """Return a function that returns the documented responses of an operation on keys."""

    def responses(method, path=""):
        return schema["paths"][reverse("key-list") + path][method]["responses"]

    return responses


@pytest.fixture
def fields(schema):
    """Return a function that returns the fields of a schema by its reference."""

    def fields(reference):
        name = reference["$ref"].split("/")[-1]
        return schema["components"]["schemas"][name]["properties"].keys()

    return fields


def body(response):
    return response["content"]["application/json"]["schema"]


def test_schema_describes_list_without_secrets(responses, fields, key_fields):
    assert responses("get").keys() == {"200"}
    keys = body(responses("get")["200"])
    assert keys["type"] == "array"
    assert fields(keys["items"]) == key_fields


@pytest.mark.parametrize("path", ["", "{prefix}/rotate/"])
def test_schema_describes_new_key_with_secret(responses, fields, key_fields, path):
    assert responses("post", path).keys() == {"201"}
    assert fields(body(responses("post", path)["201"])) == key_fields | {"key"}


def test_schema_describes_revocation_without_body(responses):
    assert responses("delete", "{prefix}/") == {"204": {"description": "No response body"}}


def test_schema_describes_rotation_without_request_body(schema):
    path = reverse("key-list") + "{prefix}/rotate/"
    assert "requestBody" not in schema["paths"][path]["post"]


def test_schema_describes_authorization_header(schema):
    (scheme,) = schema["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert "Api-Key" in scheme["description"]
