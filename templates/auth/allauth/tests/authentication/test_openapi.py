import re

import pytest
from django.urls import reverse, reverse_lazy

DOCS_URL = reverse_lazy("auth-docs")


def test_schema_documents_both_ways_to_authenticate(api_client):
    schema = api_client.get(reverse("schema"), {"format": "json"}).json()
    schemes = schema["components"]["securitySchemes"].values()
    documented = {(scheme["type"], scheme["in"], scheme["name"]) for scheme in schemes}
    assert documented == {
        ("apiKey", "header", "X-Session-Token"),
        ("apiKey", "cookie", "sessionid"),
    }


def test_schema_links_to_document_of_allauth(api_client):
    schema = api_client.get(reverse("schema"), {"format": "json"}).json()
    assert schema["externalDocs"]["url"] == DOCS_URL


@pytest.mark.parametrize("extension", ["json", "yaml"])
def test_document_of_allauth_describes_its_paths(api_client, extension):
    response = api_client.get(f"/api/v1/auth/openapi.{extension}")
    assert response.status_code == 200
    paths = response.json()["paths"]
    assert "/api/v1/auth/{client}/v1/auth/login" in paths
    assert "/api/v1/auth/{client}/v1/auth/sessions" in paths


def test_docs_of_allauth_load_nothing_from_other_sites(api_client):
    page = api_client.get(DOCS_URL)
    script = api_client.get(f"{DOCS_URL}?script=")
    assert (page.status_code, script.status_code) == (200, 200)
    for text in (page.content.decode(), script.content.decode()):
        assert not re.search(r"""["'](https?:)?//""", text)
    assert "openapi.json" in script.content.decode()
