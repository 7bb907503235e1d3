import importlib
import json
import re

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

import config.urls
from accounts.models import User
from config.throttling import LoginThrottle


def fail(*args, **kwargs):
    raise OperationalError("could not connect to db.internal as admin")


def test_root_leads_to_the_docs(api_client):
    response = api_client.get("/")
    assert response.status_code == 302
    assert response["Location"] == "/api/docs/"


def test_docs_load_nothing_from_elsewhere(api_client):
    page = api_client.get("/api/docs/")
    assert page.status_code == 200
    script = api_client.get("/api/docs/?script=")
    assert script.status_code == 200
    for text in (page.content.decode(), script.content.decode()):
        assert not re.search(r"""["'](https?:)?//""", text)
    assert "/static/drf_spectacular_sidecar/" in page.content.decode()


def test_schema_is_served_as_yaml_and_as_json(api_client):
    assert api_client.get("/api/schema/").content.startswith(b"openapi: 3.")
    schema = api_client.get("/api/schema/?format=json").json()
    assert schema["openapi"].startswith("3.")
    assert "/api/v1/me/" in schema["paths"]


def test_schema_demands_credentials_where_the_api_does(api_client):
    schema = api_client.get("/api/schema/?format=json").json()
    (scheme,) = schema["components"]["securitySchemes"]
    assert schema["paths"]["/api/v1/me/"]["get"]["security"] == [{scheme: []}]


def test_live_touches_no_database(api_client, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", fail)
        response = api_client.get("/health/live/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_ready_with_database_and_cache(api_client, db):
    response = api_client.get("/health/ready/")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_not_ready_without_database(api_client, db, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(connection, "copy", fail)
        response = api_client.get("/health/ready/")
    assert response.status_code == 503
    assert response.json() == {"status": "error", "failed": ["database"]}


def test_not_ready_without_cache(api_client, db, monkeypatch):
    monkeypatch.setattr(cache, "get", fail)
    response = api_client.get("/health/ready/")
    assert response.status_code == 503
    assert response.json() == {"status": "error", "failed": ["cache"]}


@pytest.mark.parametrize("path", ["/api/nowhere/", "/api/v1/nowhere", "/api/v1/me/x/"])
def test_unknown_path_of_the_api_is_a_json_404(api_client, path):
    response = api_client.get(path)
    assert response.status_code == 404
    assert response.json() == {"detail": "Not found."}


def test_unknown_page_is_a_html_404(api_client):
    response = api_client.get("/nowhere/")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_error_in_the_api_is_a_json_500_without_a_traceback(login_as, user, monkeypatch):
    client = login_as(user)
    client.raise_request_exception = False
    monkeypatch.setattr("accounts.serializers.UserSerializer.to_representation", fail)
    response = client.get("/api/v1/me/")
    assert response.status_code == 500
    assert response.json() == {"detail": "Internal server error."}


def test_error_on_a_page_is_a_html_500(monkeypatch):
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("config.views.JsonResponse", fail)
    response = client.get("/health/live/")
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")


def test_response_repeats_a_harmless_request_id(api_client):
    response = api_client.get("/health/live/", HTTP_X_REQUEST_ID="trace-1.A_b")
    assert response["X-Request-ID"] == "trace-1.A_b"


@pytest.mark.parametrize("given", [None, "", "a b", "<script>", "x" * 65, "é"])
def test_response_has_a_new_request_id_otherwise(api_client, given):
    headers = {} if given is None else {"HTTP_X_REQUEST_ID": given}
    first = api_client.get("/health/live/", **headers)["X-Request-ID"]
    second = api_client.get("/health/live/", **headers)["X-Request-ID"]
    assert first
    assert len({given, first, second}) == 3


def test_error_has_a_request_id(api_client):
    assert api_client.get("/api/nowhere/")["X-Request-ID"]


@pytest.mark.parametrize("path", ["/health/live/", "/health/ready/"])
def test_health_is_told_whatever_the_host_is_called(api_client, db, path):
    assert api_client.get(path, HTTP_HOST="10.0.0.7:8000").status_code == 200
    assert api_client.get("/api/docs/", HTTP_HOST="10.0.0.7:8000").status_code == 400


def test_foreign_origin_gets_no_cors_headers(api_client):
    response = api_client.get("/api/docs/", HTTP_ORIGIN="https://evil.example")
    assert "Access-Control-Allow-Origin" not in response


def test_listed_origin_gets_cors_headers(api_client, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    response = api_client.get("/api/docs/", HTTP_ORIGIN="https://app.example.com")
    assert response["Access-Control-Allow-Origin"] == "https://app.example.com"


def test_plain_http_is_sent_to_https_but_for_health(api_client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert api_client.get("/api/docs/").status_code == 301
    assert api_client.get("/health/live/").status_code == 200


def test_browsable_api_and_its_login_are_for_development(api_client, db):
    assert api_client.get("/api-auth/login/").status_code == 404
    response = api_client.get("/api/v1/me/", HTTP_ACCEPT="text/html")
    assert response.status_code == 406


def test_options_tells_the_methods_and_no_more(user_client):
    response = user_client.options("/api/v1/me/")
    assert response.status_code == 200
    assert response.json() == {}
    assert response["Allow"] == "GET, PATCH, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[" * 100_000,
        '{"first_name": ' + "9" * 5_000 + "}",
        '{"id": 1e999}',
        '{"first_name": NaN}',
        r'{"first_name": "\ud800"}',
        r'{"\ud800": 1}',
        r'{"first_name": "a\u0000b"}',
        b'{"first_name": "\xff"}',
        "[]",
        "1",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_body_that_is_no_plain_json_is_a_400(user_client, body):
    response = user_client.patch("/api/v1/me/", body, content_type="application/json")
    assert response.status_code == 400
    assert json.loads(response.content)


def test_body_is_utf_8_whatever_it_claims(user_client):
    response = user_client.patch(
        "/api/v1/me/",
        '{"first_name": "Zoë"}'.encode(),
        content_type="application/json; charset=hex",
    )
    assert response.json()["first_name"] == "Zoë"


def test_body_that_is_not_json_is_a_415(user_client):
    response = user_client.patch("/api/v1/me/", "first_name=x", content_type="text/plain")
    assert response.status_code == 415
    form = user_client.patch("/api/v1/me/", {"first_name": "x"}, format="multipart")
    assert form.status_code == 415


def test_client_that_takes_no_json_gets_a_406(user_client):
    assert user_client.get("/api/v1/me/", HTTP_ACCEPT="image/png").status_code == 406


def test_body_that_is_too_large_is_a_413(user_client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    accepted = user_client.patch("/api/v1/me/", {"first_name": "x" * 80})
    assert accepted.status_code == 200
    refused = user_client.patch("/api/v1/me/", {"first_name": "x" * 90})
    assert refused.status_code == 413
    assert refused.json().keys() == {"detail"}


def test_too_many_anonymous_requests_are_refused_wherever_they_claim_to_be_from(api_client, db):
    *answers, refused = [
        api_client.get("/api/docs/?script=", HTTP_X_FORWARDED_FOR=f"203.0.113.{i}")
        for i in range(101)
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_logins_to_the_admin_are_throttled(db):
    client = Client()
    form = {"username": "nobody", "password": "wrong"}
    codes = [
        client.post("/admin/login/", form, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code
        for i in range(11)
    ]
    assert codes == [200] * 10 + [429]
    refused = client.post("/admin/login/", form)
    assert int(refused["Retry-After"]) > 0
    assert client.get("/admin/login/").status_code == 200
    assert client.post("/admin/login/", form, REMOTE_ADDR="203.0.113.1").status_code == 200


def test_attempts_at_the_same_time_are_all_counted(db, monkeypatch):
    client = Client()
    # As if each had looked before any other one was counted.
    monkeypatch.setattr(cache, "get", lambda key, default=None, **kwargs: default)
    codes = [client.post("/admin/login/", {}).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


def test_login_throttle_can_be_switched_off(db, monkeypatch):
    monkeypatch.setitem(LoginThrottle.THROTTLE_RATES, "login", None)
    form = {"username": "nobody", "password": "wrong"}
    client = Client()
    assert {client.post("/admin/login/", form).status_code for _ in range(11)} == {200}


def test_login_throttle_counts_anew_when_a_period_ends_meanwhile(db, monkeypatch):
    def ended(*args):
        raise ValueError

    form = {"username": "nobody", "password": "wrong"}
    client = Client()
    codes = [client.post("/admin/login/", form).status_code for _ in range(11)]
    assert codes[-1] == 429
    monkeypatch.setattr(cache, "incr", ended)
    assert client.post("/admin/login/", form).status_code == 200


def test_every_page_of_the_admin_opens(db, user):
    superuser = User.objects.create_superuser("root", "root@example.com", "x")
    client = Client()
    client.force_login(superuser)
    index = client.get("/admin/")
    assert index.status_code == 200
    models = [model for app in index.context["app_list"] for model in app["models"]]
    assert "User" in [model["object_name"] for model in models]
    for model in models:
        assert client.get(model["admin_url"], {"q": "x"}).status_code == 200
        if model["add_url"]:
            assert client.get(model["add_url"]).status_code == 200
    assert client.get(reverse("admin:accounts_user_change", args=[user.pk])).status_code == 200


def test_browsable_api_has_its_login_in_development(settings):
    settings.DEBUG = True
    try:
        patterns = [str(entry.pattern) for entry in importlib.reload(config.urls).urlpatterns]
    finally:
        settings.DEBUG = False
        importlib.reload(config.urls)
    assert "api-auth/" in patterns


def test_servers_find_the_application():
    from config import asgi, wsgi

    assert callable(asgi.application)
    assert callable(wsgi.application)


@pytest.mark.parametrize("path", ["/api/docs/", "/admin/login/"])
def test_headers_restrict_what_a_page_may_do(api_client, db, path):
    response = api_client.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_https_is_remembered(api_client, settings):
    settings.SECURE_HSTS_SECONDS = 1
    assert api_client.get("/api/docs/", secure=True)["Strict-Transport-Security"]
