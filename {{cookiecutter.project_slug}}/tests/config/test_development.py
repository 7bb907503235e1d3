import pytest
from django.urls import path, resolve, reverse_lazy
from drf_spectacular.generators import SchemaGenerator

ME_URL = reverse_lazy("me")
HTML = "text/html"

pytestmark = pytest.mark.usefixtures("development")


def test_browsable_api_shows_response(user_client, user):
    response = user_client.get(ME_URL, HTTP_ACCEPT=HTML)
    assert response.status_code == 200
    assert response["Content-Type"].startswith(HTML)
    assert user.email in response.content.decode()


def test_api_returns_json_by_default(user_client):
    assert user_client.get(ME_URL)["Content-Type"] == "application/json"


def test_schema_describes_authentication_of_production(operations):
    generator = SchemaGenerator(patterns=[path("api/v1/me/", resolve(ME_URL).func)])
    described = generator.get_schema(public=True)["paths"]["/api/v1/me/"]["get"]
    assert described["security"] == operations["me_retrieve"]["security"]


def test_logout_link_of_browsable_api_may_run_its_event_handler(user_client):
    response = user_client.get(ME_URL, HTTP_ACCEPT=HTML)
    assert "script-src-attr 'unsafe-inline'" in response["Content-Security-Policy"].split("; ")


@pytest.mark.parametrize("path", ["/nowhere/", "/api/v1/nowhere/"])
def test_page_of_missing_url_lists_urls(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "api/schema/" in response.content.decode()


def test_page_of_error_shows_traceback(user_client, fail_with):
    user_client.raise_request_exception = False
    fail_with(RuntimeError("broken"))
    response = user_client.get(ME_URL, HTTP_ACCEPT=HTML)
    assert response.status_code == 500
    assert "RuntimeError" in response.content.decode()
