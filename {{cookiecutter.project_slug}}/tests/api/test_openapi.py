import json
import re
import tomllib
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse_lazy
from drf_spectacular.generators import SchemaGenerator

from api.filters import OrderingFilter

DOCS_URL = reverse_lazy("docs")
SCHEMA_URL = reverse_lazy("schema")
ME_URL = reverse_lazy("me")
ERROR_NAMES = {"Unauthorized", "Forbidden", "NotFound", "NotAcceptable", "Conflict"}
ERROR_NAMES |= {"ContentTooLarge", "UnsupportedMediaType", "TooManyRequests", "ServiceUnavailable"}
# The fields that OpenAPI defines for an operation
OPERATION_FIELDS = {"operationId", "summary", "description", "externalDocs", "tags", "parameters"}
OPERATION_FIELDS |= {"requestBody", "responses", "callbacks", "deprecated", "security", "servers"}


def test_docs_load_nothing_from_other_sites(api_client):
    page = api_client.get(DOCS_URL)
    script = api_client.get(f"{DOCS_URL}?script=")
    assert (page.status_code, script.status_code) == (200, 200)
    for text in (page.content.decode(), script.content.decode()):
        assert not re.search(r"""["'](https?:)?//""", text)


def test_docs_load_script_and_style_sheet_of_swagger_ui_from_project(api_client):
    page = api_client.get(DOCS_URL).content.decode()
    names = re.findall(r"""(?:src|href)=["']/static/([^"']+)""", page)
    assert {name.rpartition("/")[2] for name in names} > {"swagger-ui.css", "swagger-ui-bundle.js"}
    assert all(finders.find(name) for name in names)


def test_schema_is_yaml_by_default(api_client):
    assert api_client.get(SCHEMA_URL).content.startswith(b"openapi: 3.")


def test_schema_is_available_as_json_and_does_not_depend_on_user(login_as, staff, document):
    assert login_as(staff).get(SCHEMA_URL, {"format": "json"}).json() == document


def test_schema_does_not_depend_on_date(document, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2100, 1, 1, tzinfo=UTC))
    assert SchemaGenerator().get_schema(public=True) == document


def test_schema_describes_project(document, settings):
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    info = document["info"]
    assert (info["title"], info["version"]) == (settings.PROJECT_NAME, project["version"])
    assert info["description"]
    assert info["license"]["name"]
    assert info["license"]["url"].startswith("https://")
    tags = {tag["name"]: tag for tag in document["tags"]}
    auth = {tag["name"]: tag for tag in settings.SPECTACULAR_SETTINGS["TAGS"]}["auth"]
    assert auth["description"]
    assert tags.get("auth", auth) == auth
    assert document["servers"] == [{"url": "/"}]


def test_every_operation_is_described(document, operations):
    tags = {tag["name"] for tag in document["tags"] if tag["description"]}
    # The ids are unique.
    assert len(operations) == sum(map(len, document["paths"].values()))
    for name, operation in operations.items():
        assert re.fullmatch("[a-z]+(_[a-z]+)*", name)
        assert re.fullmatch(r"[A-Z].*[^.\s]", operation["summary"])
        assert set(operation["tags"]) <= tags
        assert isinstance(operation["security"], list)
        assert list(operation)[:2] == ["operationId", "summary"]
        assert operation.keys() <= OPERATION_FIELDS
        for response in operation["responses"].values():
            assert "$ref" in response or re.match("[A-Z]", response["description"])


def test_every_operation_has_the_errors_that_can_occur(document):
    for url, methods in document["paths"].items():
        for method, operation in methods.items():
            codes = operation["responses"].keys()
            assert codes >= {"406", "429", "503"}
            if "requestBody" in operation:
                assert codes >= {"400", "413", "415"}
            else:
                assert not codes & {"413", "415"}
            if "{" in url or method in {"put", "patch"}:
                assert "404" in codes


@pytest.fixture
def requests(document, set_rate):
    """Return each operation, its method and its URL, with an id that no object has."""
    set_rate("login", None)
    return [
        (operation, method, re.sub("{[a-z_]+}", "0", url))
        for url, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_operations_require_authentication_as_described(api_client, db, requests):
    for operation, method, url in requests:
        schemes = {name for option in operation["security"] for name in option or ["none"]}
        is_public = not schemes - {"csrfToken"} or "none" in schemes
        assert (api_client.generic(method, url).status_code != 401) == is_public


def test_errors_of_operations_occur_as_described(login_as, staff, requests):
    client = login_as(staff)
    for operation, method, url in requests:
        # so that 405 is not documented
        assert method.upper() in client.options(url)["Allow"].split(", ")
        assert client.generic(method, url, HTTP_ACCEPT="text/csv").status_code == 406
        if "/0/" in url:
            assert client.generic(method, url).status_code == 404
            assert "404" in operation["responses"]
        elif "requestBody" in operation:
            assert client.generic(method, url, "{", "application/json").status_code == 400
            assert client.generic(method, url, "a", "text/plain").status_code == 415


def test_responses_have_no_examples(operations):
    for operation in operations.values():
        assert '"examples"' not in json.dumps(operation["responses"])


def test_schema_does_not_contain_docstrings_of_serializers(document):
    schemas = document["components"]["schemas"]
    assert [name for name in schemas if "description" in schemas[name]] == []


def test_every_reference_of_the_document_exists(document):
    text = json.dumps(document)
    references = set(re.findall(r'"#/components/(\w+)/(\w+)"', text))
    assert text.count('"$ref"') == len(re.findall('"#/components/', text))
    assert references == {
        (kind, name)
        for kind, components in document["components"].items()
        for name in components
        if kind != "securitySchemes"
    }


def test_errors_are_described_by_shared_components(document):
    components = document["components"]
    assert components["schemas"]["Error"] == {
        "type": "object",
        "properties": {"detail": {"type": "string"}},
        "required": ["detail"],
    }
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    assert components["responses"].keys() <= ERROR_NAMES
    for response in components["responses"].values():
        assert response["description"]
        assert response["content"] == error
    assert components["responses"]["Unauthorized"]["headers"] == {
        "WWW-Authenticate": {"required": True, "schema": {"type": "string"}}
    }
    retry_after = components["responses"]["TooManyRequests"]["headers"]["Retry-After"]
    assert retry_after == {
        "description": "Seconds to wait before the next request",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    }


def test_profile_is_described_completely(operations, body_names, statuses):
    get, patch = operations["me_retrieve"], operations["me_partial_update"]
    assert get["summary"] == "Get the profile of the authenticated user"
    assert patch["summary"] == "Update the profile of the authenticated user"
    assert (*body_names(get), statuses(get)) == (None, "User", set())
    assert (*body_names(patch), statuses(patch)) == ("PatchedUserRequest", "User", {"404"})
    for operation in (get, patch):
        assert operation["security"]
        assert {} not in operation["security"]
        assert "401" in operation["responses"]
        assert "parameters" not in operation


def test_all_fields_of_responses_are_required(document):
    schemas = document["components"]["schemas"]
    assert set(schemas["User"]["required"]) == schemas["User"]["properties"].keys()
    assert schemas["User"]["properties"].keys() == {
        "id",
        "username",
        "email",
        "first_name",
        "last_name",
    }


def test_schema_describes_limits_of_fields(document):
    schemas = document["components"]["schemas"]
    assert schemas["User"]["properties"]["username"] == {"type": "string", "readOnly": True}
    assert schemas["PatchedUserRequest"]["properties"] == {
        name: {"type": "string", "maxLength": 150} for name in ("first_name", "last_name")
    }


def test_examples_of_profile_can_be_sent(send_examples):
    assert send_examples("me_") == set()


def test_options_returns_allowed_methods_and_empty_body(user_client):
    response = user_client.options(ME_URL)
    assert response.status_code == 200
    assert response.json() == {}
    assert response["Allow"] == "GET, PATCH, HEAD, OPTIONS"


@pytest.mark.parametrize("fields", ["__all__", None])
def test_ordering_by_all_fields_is_described(fields):
    view = SimpleNamespace(ordering_fields=fields)
    (parameter,) = OrderingFilter().get_schema_operation_parameters(view)
    assert parameter["schema"] == {"type": "array", "items": {"type": "string"}}


def test_ordering_by_fields_with_labels_is_described():
    view = SimpleNamespace(ordering_fields=[("title", "Title"), "year"])
    (parameter,) = OrderingFilter().get_schema_operation_parameters(view)
    assert parameter["schema"]["items"]["enum"] == ["title", "-title", "year", "-year"]
