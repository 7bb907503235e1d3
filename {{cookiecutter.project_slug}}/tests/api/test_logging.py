import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse_lazy

ME_URL = reverse_lazy("me")
LIVE_URL = reverse_lazy("health-live")
READY_URL = reverse_lazy("health-ready")
ADMIN_LOGIN = reverse_lazy("admin:login")


def test_request_is_logged_on_one_line(user_client, user, log):
    user_client.get(f"{ME_URL}?secret=hidden", HTTP_X_REQUEST_ID="trace-1")
    (line,) = log()
    assert line["name"] == "api.requests"
    assert line["message"] == f"GET {ME_URL} 200"
    assert (line["method"], line["path"], line["status"]) == ("GET", ME_URL, 200)
    assert (line["user_id"], line["request_id"]) == (user.pk, "trace-1")


def test_line_of_request_has_time_level_and_duration(send, log, monkeypatch):
    clock = [10.0]
    monkeypatch.setattr("time.perf_counter", lambda: clock[-1])
    # The body arrives after a quarter of a second.
    send("PATCH", ME_URL, {"first_name": "Ursula"}, lambda: clock.append(10.25049))
    (line,) = log()
    assert (line["levelname"], line["duration_ms"]) == ("INFO", 250.5)
    time = datetime.strptime(line["asctime"], "%Y-%m-%d %H:%M:%S,%f").replace(tzinfo=UTC)
    assert abs(time - datetime.now(UTC)) < timedelta(minutes=1)


def test_anonymous_request_is_logged_without_user(api_client, db, log):
    api_client.get(ME_URL)
    api_client.get(LIVE_URL)
    unauthorized, live = log()
    assert (unauthorized["status"], unauthorized["user_id"]) == (401, None)
    assert (live["status"], live["user_id"]) == (200, None)


def test_logging_does_not_load_user(client, user, log, django_assert_num_queries):
    client.force_login(user)
    with django_assert_num_queries(0):
        client.get("/")
    (line,) = log()
    assert (line["status"], line["user_id"]) == (302, None)


def test_error_is_logged_with_traceback_and_request_id(user_client, log, fail_with):
    fail_with(RuntimeError("broken"))
    user_client.raise_request_exception = False
    user_client.get(f"{ME_URL}?secret=hidden", HTTP_X_REQUEST_ID="trace-2")
    error, request = log()
    assert "RuntimeError: broken" in error["exc_info"]
    assert "hidden" not in str(log())
    assert error["request_id"] == request["request_id"] == "trace-2"


def test_every_line_of_a_request_has_its_id(api_client, db, log, monkeypatch):
    monkeypatch.setattr("api.health.query_database", None)
    response = api_client.get(READY_URL)
    assert response.status_code == 503
    assert {line["name"] for line in log()} == {"api.health", "api.requests", "django.request"}
    assert {line["request_id"] for line in log()} == {response["X-Request-ID"]}


@pytest.mark.parametrize("name", ["django.request", "django.server", "gunicorn.http.wsgi"])
def test_django_and_gunicorn_log_only_errors_of_requests(name):
    logger = logging.getLogger(name)
    assert logger.isEnabledFor(logging.ERROR)
    assert not logger.isEnabledFor(logging.WARNING)


def test_request_id_ends_with_its_request(api_client, log):
    api_client.get(LIVE_URL)
    logging.getLogger("api").warning("Outside")
    request, message = log()
    assert request["request_id"]
    assert (message["message"], message["request_id"]) == ("Outside", None)


def test_secrets_are_not_logged(user_client, log, password):
    credentials = " ".join(user_client._credentials.values()).split()
    credentials += [morsel.value for morsel in user_client.cookies.values()]
    assert credentials
    user_client.patch(f"{ME_URL}?token=hidden-1", {"first_name": "hidden-2"})
    user_client.post(ADMIN_LOGIN, {"username": "x", "password": password})
    text = json.dumps(log())
    assert str(ME_URL) in text
    assert str(ADMIN_LOGIN) in text
    for secret in [*credentials, "hidden-1", "hidden-2", password]:
        assert secret not in text


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "Referer checking failed"),
        ({"Referer": "https://evil.example/hidden-3?token=hidden-4"}, "Referer checking failed"),
        ({"Origin": "https://hidden-3.example"}, "Origin checking failed"),
        ({"Referer": "https://testserver/"}, "CSRF cookie not set."),
    ],
)
def test_failed_csrf_check_is_logged_on_one_line_without_secrets(db, log, headers, reason):
    client = Client(enforce_csrf_checks=True)
    url = f"{ADMIN_LOGIN}?token=hidden-1"
    response = client.post(url, {"password": "hidden-2"}, headers=headers, secure=True)
    assert response.status_code == 403
    (line,) = [line for line in log() if line["name"].startswith("django")]
    assert (line["name"], line["levelname"]) == ("django.security.csrf", "WARNING")
    assert line["message"] == f"Forbidden ({reason}): {ADMIN_LOGIN}"
    assert line["request_id"] == response["X-Request-ID"]
    assert "hidden" not in str(log())


def test_invalid_host_is_logged_on_one_line_without_traceback(client, log):
    response = client.get("/?token=hidden", HTTP_HOST="evil.example")
    assert response.status_code == 400
    (line,) = [line for line in log() if line["name"].startswith("django")]
    assert (line["name"], line["levelname"]) == ("django.security.DisallowedHost", "WARNING")
    assert "Invalid HTTP_HOST header" in line["message"]
    assert line["request_id"] == response["X-Request-ID"]
    assert "exc_info" not in line
    assert "hidden" not in str(log())


def test_line_break_in_path_does_not_forge_a_line(api_client, log):
    api_client.get('/nowhere%0A{"message": "forged"}')
    (line,) = log()
    assert line["path"] == '/nowhere\n{"message": "forged"}'


@pytest.mark.parametrize("given", ["trace-1.A_b", "x" * 64])
def test_response_repeats_well_formed_request_id(api_client, given):
    assert api_client.get(LIVE_URL, HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given


@pytest.mark.parametrize("given", [None, "", "a b", "<script>", "x" * 65, "é"])
def test_missing_or_malformed_request_id_is_replaced(api_client, given):
    headers = {} if given is None else {"HTTP_X_REQUEST_ID": given}
    first = api_client.get(LIVE_URL, **headers)["X-Request-ID"]
    second = api_client.get(LIVE_URL, **headers)["X-Request-ID"]
    assert first
    assert len({given, first, second}) == 3


def test_error_response_has_request_id(api_client):
    response = api_client.get("/api/nowhere/")
    assert response.status_code == 404
    assert response["X-Request-ID"]
