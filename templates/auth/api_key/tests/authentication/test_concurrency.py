import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from rest_framework.views import APIView

from authentication.models import APIKey

NEW_KEY = {"name": "new", "scopes": ["read"]}


class HeldBody(BytesIO):
    """A request body whose end arrives only after a function was called."""

    def __init__(self, body, function):
        super().__init__(body)
        self.function = function

    def read(self, size=-1):
        self.function()
        return super().read(size)


@pytest.fixture
def manager(create_key):
    """Return a key that creates and rotates other keys."""
    return create_key("read", "write", "manage", name="manager")


@pytest.fixture
def urls(key):
    return {"create": reverse("key-list"), "rotate": reverse("key-rotate", args=[key.prefix])}


@pytest.fixture
def after_authentication(monkeypatch):
    """Return a function that has another one called after a request is authenticated."""
    initial = APIView.initial

    def after_authentication(function):
        def authenticate_and_call(*args, **kwargs):
            initial(*args, **kwargs)
            function()

        monkeypatch.setattr(APIView, "initial", authenticate_and_call)

    return after_authentication


@pytest.fixture
def rotate_concurrently(after_authentication):
    """Return a function that rotates keys at once and returns the sorted status codes."""

    def rotate_concurrently(pairs):
        # Every request is authenticated before the first one revokes a key.
        after_authentication(Barrier(len(pairs), timeout=10).wait)

        def rotate(pair):
            client, key = pair
            try:
                return client.post(reverse("key-rotate", args=[key.prefix])).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(len(pairs)) as pool:
            return sorted(pool.map(rotate, pairs))

    return rotate_concurrently


@pytest.mark.parametrize("action", ["create", "rotate"])
def test_key_revoked_while_body_arrives_creates_no_key(
    manager, key, client_for, urls, action, assert_unauthorized
):
    body = json.dumps(NEW_KEY).encode()
    held_body = HeldBody(body, APIKey.objects.get(pk=manager.pk).revoke)
    response = client_for(manager.key).generic(
        "POST", urls[action], body, "application/json", **{"wsgi.input": held_body}
    )
    assert_unauthorized(response)
    assert APIKey.objects.count() == 2
    assert not APIKey.objects.get(pk=key.pk).revoked


def revoke(key):
    key.revoke()


def mark_as_revoked(key):
    APIKey.objects.filter(pk=key.pk).update(revoked=True)


def expire(key):
    expiry_date = timezone.now() - timedelta(seconds=1)
    APIKey.objects.filter(pk=key.pk).update(expiry_date=expiry_date)


def remove_scope(key):
    APIKey.objects.filter(pk=key.pk).update(scopes=["write", "manage"])


def delete(key):
    APIKey.objects.filter(pk=key.pk).delete()


def deactivate_user(key):
    type(key.user).objects.filter(pk=key.user_id).update(is_active=False)


def delete_user(key):
    type(key.user).objects.filter(pk=key.user_id).delete()


@pytest.mark.parametrize("action", ["create", "rotate"])
@pytest.mark.parametrize(
    "change", [revoke, mark_as_revoked, expire, remove_scope, delete, deactivate_user, delete_user]
)
def test_key_revoked_after_authentication_creates_no_key(
    manager, key, client_for, urls, after_authentication, action, change, assert_unauthorized
):
    after_authentication(lambda: change(manager))
    assert_unauthorized(client_for(manager.key).post(urls[action], NEW_KEY))
    assert set(APIKey.objects.values_list("pk", flat=True)) <= {manager.pk, key.pk}
    assert not APIKey.objects.filter(pk=key.pk, revoked=True).exists()


def test_rotation_fails_if_key_is_revoked_after_authentication(
    manager_client, key, rotate, after_authentication
):
    after_authentication(APIKey.objects.get(pk=key.pk).revoke)
    assert rotate(manager_client, key).status_code == 409
    assert not APIKey.objects.filter(name=key.name, revoked=False).exists()


def test_rotation_does_not_restore_scope_removed_in_the_meantime(
    manager_client, key, rotate, monkeypatch
):
    lock = APIKey.lock

    def lock_and_remove_scope(own_key):
        APIKey.objects.filter(pk=key.pk).update(scopes=["read"])
        return lock(own_key)

    monkeypatch.setattr(APIKey, "lock", lock_and_remove_scope)
    assert rotate(manager_client, key).json()["scopes"] == ["read"]


@pytest.mark.django_db(transaction=True)
def test_concurrent_rotation_creates_one_key(manager_client, key, rotate_concurrently):
    assert rotate_concurrently([(manager_client, key)] * 4) == [201, 409, 409, 409]
    assert APIKey.objects.filter(name=key.name, revoked=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_rotation_of_each_other_succeeds_once(
    create_key, client_for, rotate_concurrently
):
    # Locking their own keys first, both requests would wait for each other in PostgreSQL.
    keys = [create_key("manage"), create_key("manage")]
    clients = [client_for(key.key) for key in reversed(keys)]
    assert rotate_concurrently(list(zip(clients, keys, strict=True))) == [201, 401]
    assert APIKey.objects.filter(revoked=False).count() == 2
