import socket
from types import SimpleNamespace

import pytest
from django.db import NotSupportedError, OperationalError, connection
from django.urls import reverse_lazy

from api.health import Selector

LIVE_URL = reverse_lazy("health-live")
READY_URL = reverse_lazy("health-ready")
DOCS_URL = reverse_lazy("docs")
ME_URL = reverse_lazy("me")


@pytest.fixture
def no_database(db, monkeypatch):
    """Make new connections to the database fail."""
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/db.internal")


@pytest.fixture
def no_cache(load_settings, settings):
    """Use a Redis server that does not exist."""
    settings.CACHES = load_settings(CACHE_URL="redis://127.0.0.1:1/0")["CACHES"]


def test_liveness_check_uses_neither_database_nor_cache(api_client, no_cache):
    # Without the fixture `db`, pytest-django fails a test that uses the database.
    response = api_client.get(LIVE_URL)
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_readiness_check_passes_with_database_and_cache(api_client, db):
    response = api_client.get(READY_URL)
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_readiness_check_fails_without_database(api_client, no_database):
    response = api_client.get(READY_URL)
    assert response.status_code == 503
    assert response.json() == {"status": "error", "failed": ["database"]}


def test_readiness_check_fails_if_queries_fail(api_client, db, monkeypatch):
    def fail(*args):
        raise OperationalError

    with monkeypatch.context() as patches:
        patches.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
        response = api_client.get(READY_URL)
    assert response.json() == {"status": "error", "failed": ["database"]}


def test_readiness_check_fails_without_cache(api_client, db, no_cache, caplog):
    response = api_client.get(READY_URL)
    (warning,) = [record for record in caplog.records if record.name == "api.health"]
    assert warning.message.startswith("The check of the cache failed: ")
    assert "127.0.0.1:1" in warning.message
    assert response.status_code == 503
    assert response.json() == {"status": "error", "failed": ["cache"]}


@pytest.mark.parametrize("url", [LIVE_URL, READY_URL], ids=["live", "ready"])
def test_health_check_accepts_any_host(api_client, db, url):
    assert api_client.get(url, HTTP_HOST="10.0.0.7:8000").status_code == 200
    assert api_client.get(DOCS_URL, HTTP_HOST="10.0.0.7:8000").status_code == 400


@pytest.mark.parametrize("url", [LIVE_URL, READY_URL], ids=["live", "ready"])
def test_health_check_is_not_redirected_to_https(api_client, db, require_https, url):
    assert api_client.get(url).status_code == 200


def test_unknown_health_check_is_not_found(api_client):
    assert api_client.get(f"{LIVE_URL}nowhere/").status_code == 404


def test_error_that_outdated_statements_can_cause_closes_connection(
    user_client, fail_with, monkeypatch
):
    calls = []
    database = SimpleNamespace(vendor="sqlite", close=lambda: calls.append("close"))
    monkeypatch.setattr("api.health.connections", {"default": database})
    user_client.raise_request_exception = False
    for error in (ValueError, NotSupportedError):
        assert calls == []
        fail_with(error)
        assert user_client.get(ME_URL).status_code == 500
    assert calls == ["close"]


def test_request_closes_connection_that_is_closed(api_client, monkeypatch):
    client, server = socket.socketpair()
    connection = SimpleNamespace(fileno=client.fileno, closed=False)
    calls = []
    database = SimpleNamespace(
        vendor="postgresql", connection=connection, close=lambda: calls.append("close")
    )
    monkeypatch.setattr("api.health.connections", {"default": database})
    timeouts = []

    class RecordingSelector(Selector):
        def select(self, timeout=None):
            timeouts.append(timeout)
            return super().select(timeout)

    monkeypatch.setattr("api.health.Selector", RecordingSelector)
    with client:
        with server:
            api_client.get(LIVE_URL)
            assert calls == []
        api_client.get(LIVE_URL)
        assert calls == ["close"]
    assert timeouts == [0, 0]
    connection.closed = True
    api_client.get(LIVE_URL)
    assert calls == ["close", "close"]
