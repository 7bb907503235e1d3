from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from authentication.models import APIKey


@pytest.fixture
def create_key(user):
    """Return a function that creates a key with the given scopes, for `user` by default."""

    def create_key(*scopes, **fields):
        defaults = {"user": user, "name": "backup"}
        return APIKey.objects.create_with_secret(scopes=list(scopes), **defaults | fields)

    return create_key


@pytest.fixture
def client_for():
    """Return a function that returns a client with the given key."""

    def client_for(key):
        return APIClient(HTTP_AUTHORIZATION=f"Api-Key {key}")

    return client_for


@pytest.fixture
def key(create_key):
    return create_key("read", "write")


@pytest.fixture
def key_client(client_for, key):
    return client_for(key.key)


@pytest.fixture
def manager_client(client_for, create_key):
    """Return a client with a key of `user` that has every scope."""
    return client_for(create_key("read", "write", "manage", name="manager").key)


@pytest.fixture
def rotate():
    """Return a function that rotates a key."""

    def rotate(client, key, body=None):
        return client.post(reverse("key-rotate", args=[key.prefix]), body)

    return rotate


@pytest.fixture
def key_fields():
    """Return the fields that the API shows of an existing key."""
    return {"prefix", "name", "scopes", "created", "expiry_date", "revoked"}


@pytest.fixture
def is_close():
    """Return a function that compares two times with a tolerance of a minute."""

    def is_close(time, expected):
        return abs(time - expected) < timedelta(minutes=1)

    return is_close


@pytest.fixture
def assert_unauthorized():
    """Return a function that asserts that a response is a 401 with a challenge."""

    def assert_unauthorized(response):
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Api-Key"
        assert response.json().keys() == {"detail"}

    return assert_unauthorized


@pytest.fixture
def assert_forbidden():
    """Return a function that asserts that a response is a 403 without a challenge."""

    def assert_forbidden(response):
        assert response.status_code == 403
        assert "WWW-Authenticate" not in response

    return assert_forbidden
