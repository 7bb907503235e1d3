import re

from django.contrib.staticfiles import finders
from django.urls import reverse_lazy

DOCS_URL = reverse_lazy("docs")
SCHEMA_URL = reverse_lazy("schema")
ME_URL = reverse_lazy("me")


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


def test_schema_is_available_as_json(schema):
    assert schema["openapi"].startswith("3.")
    assert str(ME_URL) in schema["paths"]


def test_schema_describes_project(schema, settings):
    assert schema["info"]["title"] == settings.PROJECT_NAME


def test_schema_requires_authentication_where_api_does(schema):
    (scheme,) = schema["components"]["securitySchemes"]
    assert schema["paths"][str(ME_URL)]["get"]["security"] == [{scheme: []}]


def test_schema_describes_limits_of_fields(schema):
    fields = schema["components"]["schemas"]["User"]["properties"]
    assert fields["first_name"]["maxLength"] == 150
    assert fields["username"]["readOnly"]


def test_options_returns_allowed_methods_and_empty_body(user_client):
    response = user_client.options(ME_URL)
    assert response.status_code == 200
    assert response.json() == {}
    assert set(response["Allow"].split(", ")) == {"GET", "PATCH", "HEAD", "OPTIONS"}
