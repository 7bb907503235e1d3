import io
import json
import logging

import pytest


@pytest.fixture
def log():
    """Read what the console gets, a JSON object a line."""
    (console,) = (h for h in logging.getLogger().handlers if h.name == "console")
    stream = io.StringIO()
    previous = console.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    console.setStream(previous)


def test_request_is_one_line(user_client, user, log):
    user_client.get("/api/v1/me/?secret=hidden", HTTP_X_REQUEST_ID="trace-1")
    (line,) = log()
    assert line["duration_ms"] > 0
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/me/", 200)
    assert (line["user_id"], line["request_id"]) == (user.pk, "trace-1")
    assert line["message"] == "GET /api/v1/me/ 200"


def test_anonymous_request_has_no_user(api_client, db, log):
    api_client.get("/api/v1/me/")
    api_client.get("/health/live/")
    refused, live = log()
    assert (refused["status"], refused["user_id"]) == (401, None)
    assert (live["status"], live["user_id"]) == (200, None)


def test_error_has_a_traceback_and_the_id_of_its_request(user_client, log, monkeypatch):
    def fail(*args):
        raise RuntimeError("broken")

    monkeypatch.setattr("accounts.serializers.UserSerializer.to_representation", fail)
    user_client.raise_request_exception = False
    user_client.get("/api/v1/me/", HTTP_X_REQUEST_ID="trace-2")
    error, request = log()
    assert "RuntimeError: broken" in error["exc_info"]
    assert error["request_id"] == request["request_id"] == "trace-2"


def test_secrets_are_not_logged(user_client, log, password):
    credentials = " ".join(user_client._credentials.values())
    credentials += " ".join(morsel.value for morsel in user_client.cookies.values())
    user_client.patch("/api/v1/me/?token=hidden-1", {"first_name": "hidden-2"})
    user_client.post("/admin/login/", {"username": "x", "password": password})
    text = json.dumps(log())
    assert "/api/v1/me/" in text
    for secret in [*credentials.split(), "hidden-1", "hidden-2", password]:
        assert secret not in text
