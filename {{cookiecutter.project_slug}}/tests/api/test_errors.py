import logging
import sqlite3

import pytest
from django.db import DatabaseError, DataError, IntegrityError, OperationalError, connection
from django.db.models import RestrictedError
from django.urls import reverse_lazy
from django.utils import translation
from psycopg.errors import ForeignKeyViolation, NotNullViolation, QueryCanceled, UniqueViolation

ME_URL = reverse_lazy("me")
LIVE_URL = reverse_lazy("health-live")


def sqlite_error(constraint):
    error = sqlite3.IntegrityError()
    error.sqlite_errorname = f"SQLITE_CONSTRAINT_{constraint}"
    return error


def fail(*args, **kwargs):
    raise RuntimeError("could not connect to db.internal as admin")


@pytest.mark.parametrize("path", ["/api/nowhere/", "/api/v1/nowhere"])
def test_unknown_api_path_returns_json_404(api_client, path):
    for prefix in ("", "/prefix"):
        response = api_client.get(path, SCRIPT_NAME=prefix)
        assert response.status_code == 404
        assert response.json() == {"detail": "Not found."}


def test_unknown_host_returns_400_as_json_in_api_and_as_page_elsewhere(api_client):
    response = api_client.get(ME_URL, HTTP_HOST="example.com")
    assert (response.status_code, response.json()) == (400, {"detail": "Bad request."})
    response = api_client.get("/admin/", HTTP_HOST="example.com")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/html")


def test_path_below_endpoint_returns_json_404(api_client):
    response = api_client.get(f"{ME_URL}x/")
    assert response.status_code == 404
    assert response.json() == {"detail": "Not found."}


def test_messages_are_not_translated(user_client):
    # Looking up translations takes time in every request.
    with translation.override("de"):
        response = user_client.delete(ME_URL)
    assert response.json() == {"detail": 'Method "DELETE" not allowed.'}


def test_unknown_page_returns_html_404(api_client):
    response = api_client.get("/nowhere/")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_error_in_api_returns_json_500_without_details(user_client, monkeypatch):
    user_client.raise_request_exception = False
    monkeypatch.setattr("accounts.serializers.UserSerializer.to_representation", fail)
    response = user_client.get(ME_URL)
    assert response.status_code == 500
    assert response.json() == {"detail": "Internal server error."}


def test_error_on_page_returns_html_500_without_details(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("api.health.JsonResponse", fail)
    response = client.get(LIVE_URL)
    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")
    assert b"db.internal" not in response.content


@pytest.fixture
def fail_queries():
    """Return a context manager in which every query raises the given errors."""

    def fail_queries(error, cause):
        def fail(*args):
            raise error("db.internal") from cause

        return connection.execute_wrapper(fail)

    return fail_queries


def test_query_that_takes_too_long_returns_503(user_client, fail_queries, caplog):
    with fail_queries(OperationalError, QueryCanceled()):
        response = user_client.get(ME_URL)
    assert response.status_code == 503
    assert response.json() == {"detail": "The request took too long."}
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert ["DATABASE_TIMEOUT" in record.message for record in warnings] == [True]
    assert user_client.get(ME_URL).status_code == 200


@pytest.mark.parametrize(
    ("cause", "detail"),
    [
        (ForeignKeyViolation(), "was deleted"),
        (sqlite_error("FOREIGNKEY"), "was deleted"),
        (UniqueViolation(), "same unique value"),
        (sqlite_error("UNIQUE"), "same unique value"),
    ],
)
def test_conflict_with_concurrent_request_returns_409(user_client, fail_queries, cause, detail):
    with fail_queries(IntegrityError, cause):
        response = user_client.get(ME_URL)
    assert response.status_code == 409
    assert detail in response.json()["detail"]


def test_value_that_cannot_be_stored_returns_400(user_client, fail_with, caplog):
    fail_with(DataError)
    response = user_client.get(ME_URL)
    assert response.status_code == 400
    assert response.json() == {"detail": "The request contains a value that cannot be stored."}
    (warning,) = [record for record in caplog.records if record.name == "api.exceptions"]
    assert isinstance(warning.exc_info[1], DataError)


def test_deleting_object_that_others_restrict_returns_409(user_client, fail_with):
    fail_with(RestrictedError("", set()))
    assert user_client.get(ME_URL).status_code == 409


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError, sqlite3.OperationalError()),
        (OperationalError, None),
        (DatabaseError, sqlite3.DatabaseError()),
        (IntegrityError, NotNullViolation()),
        (IntegrityError, sqlite_error("CHECK")),
    ],
)
def test_other_database_error_returns_500(user_client, fail_queries, error, cause):
    user_client.raise_request_exception = False
    with fail_queries(error, cause):
        response = user_client.get(ME_URL)
    assert response.status_code == 500
    assert response.json() == {"detail": "Internal server error."}
