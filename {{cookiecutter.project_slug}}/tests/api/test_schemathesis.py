"""Send a few of the requests that Schemathesis generates from the OpenAPI document."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.urls import reverse_lazy
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import data, one_of
from schemathesis import GenerationMode

from accounts.models import User

SCHEMA_URL = reverse_lazy("schema")
HOST = {"Host": "testserver"}


@pytest.fixture
def schema(db, monkeypatch, set_rate):
    # At the end of a request, Django would close the connection, which is in a transaction.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    set_rate("login", None)
    url = f"{SCHEMA_URL}?format=json"
    return schemathesis.openapi.from_wsgi(url, WSGIHandler(), headers=HOST)


def credentials(client):
    """Return the headers and cookies of a client."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").title(): value
        for name, value in client._credentials.items()
    }
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    return {"headers": {**HOST, **headers}, "cookies": cookies}


@settings(
    database=None,
    deadline=None,
    derandomize=True,
    max_examples=2,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=data())
def validate(operation, client, data):
    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    data.draw(one_of(modes)).call_and_validate(**credentials(client))


@pytest.mark.parametrize("is_staff", [False, True])
def test_responses_match_document(is_staff, schema, login_as):
    # Without a password, no request can change the password or delete the user.
    user = User.objects.create_user("ada", is_staff=is_staff)
    for result in schema.get_all_operations():
        validate(result.ok(), login_as(user))
