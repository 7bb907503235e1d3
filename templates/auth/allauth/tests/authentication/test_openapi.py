import re
from urllib.parse import urljoin

import pytest
from django.urls import reverse, reverse_lazy

DOCS_URL = reverse_lazy("auth-docs")


def test_schema_describes_both_ways_to_authenticate(document, operations):
    schemes = document["components"]["securitySchemes"]
    assert {
        name: (scheme["type"], scheme["in"], scheme["name"]) for name, scheme in schemes.items()
    } == {
        "sessionToken": ("apiKey", "header", "X-Session-Token"),
        "sessionCookie": ("apiKey", "cookie", "__Host-sessionid"),
        "csrfToken": ("apiKey", "header", "X-CSRFToken"),
    }
    assert all(scheme["description"] for scheme in schemes.values())
    token, cookie, csrf = {"sessionToken": []}, {"sessionCookie": []}, {"csrfToken": []}
    assert operations["me_retrieve"]["security"] == [token, cookie]
    assert operations["me_partial_update"]["security"] == [token, cookie | csrf]
    assert "403" in operations["me_partial_update"]["responses"]


def test_schema_links_to_document_of_allauth(document):
    assert document["externalDocs"]["url"] == DOCS_URL
    assert document["externalDocs"]["description"].startswith("Sign-up, login and accounts")


def test_docs_read_csrf_token_from_cookie(api_client, settings):
    for route in ("docs", "auth-docs"):
        script = api_client.get(f"{reverse(route)}?script=").content.decode()
        assert "swaggerSettings = {\n    deepLinking: true," in script
        assert f'cookies.get("{settings.CSRF_COOKIE_NAME}")' in script


@pytest.mark.parametrize("extension", ["json", "yaml"])
def test_document_of_allauth_describes_its_paths(api_client, extension):
    response = api_client.get(f"/api/v1/auth/openapi.{extension}")
    assert response.status_code == 200
    paths = response.json()["paths"]
    assert "/api/v1/auth/{client}/v1/auth/login" in paths
    assert "/api/v1/auth/{client}/v1/auth/sessions" in paths


def test_docs_of_allauth_load_nothing_from_other_sites(api_client):
    # allauth's own page loads them.
    assert api_client.get("/api/v1/auth/openapi.html").status_code == 404
    page = api_client.get(DOCS_URL)
    script = api_client.get(f"{DOCS_URL}?script=")
    assert (page.status_code, script.status_code) == (200, 200)
    for text in (page.content.decode(), script.content.decode()):
        assert not re.search(r"""["'](https?:)?//""", text)
    (url,) = re.findall(r'url: "(.*?)"', script.content.decode())
    document = api_client.get(urljoin(str(DOCS_URL), url))
    assert document["Content-Type"] == "application/vnd.oai.openapi+json"
