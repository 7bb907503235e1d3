import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from rest_framework.views import APIView

from authentication.models import APIKey

KEYS_URL = reverse_lazy("key-list")
ME_URL = reverse_lazy("me")
DAY = timedelta(days=1)
NEW_KEY = {"name": "new", "scopes": ["read"]}


def test_rotation_replaces_key(
    manager_client,
    client_for,
    key,
    key_client,
    user,
    key_fields,
    rotate,
    assert_forbidden,
    assert_unauthorized,
):
    response = rotate(manager_client, key)
    assert response.status_code == 201
    new = response.json()
    assert new.keys() == key_fields | {"key"}
    assert new["prefix"] != key.prefix
    assert (new["name"], new["scopes"], new["revoked"]) == (key.name, key.scopes, False)
    client = client_for(new["key"])
    assert client.get(ME_URL).json()["id"] == user.pk
    assert_forbidden(client.get(KEYS_URL))
    assert_unauthorized(key_client.get(ME_URL))
    key.refresh_from_db()
    assert key.revoked


def test_rotation_restarts_lifetime(manager_client, key, rotate, is_close):
    now = timezone.now()
    APIKey.objects.filter(pk=key.pk).update(created=now - 9 * DAY, expiry_date=now + DAY)
    new = rotate(manager_client, key).json()
    assert is_close(datetime.fromisoformat(new["expiry_date"]), now + 10 * DAY)
    assert is_close(datetime.fromisoformat(new["created"]), now)


def test_rotation_keeps_latest_possible_expiry_date(manager_client, key, rotate):
    latest = "9999-12-31T23:59:59Z"
    APIKey.objects.filter(pk=key.pk).update(
        created=timezone.now() - 365 * DAY, expiry_date=datetime.fromisoformat(latest)
    )
    response = rotate(manager_client, key)
    assert response.status_code == 201
    assert response.json()["expiry_date"] == latest


def test_key_can_rotate_itself(create_key, client_for, rotate, assert_unauthorized):
    key = create_key("manage")
    client = client_for(key.key)
    new = rotate(client, key).json()
    assert_unauthorized(client.get(KEYS_URL))
    assert client_for(new["key"]).get(KEYS_URL).status_code == 200


def test_rotation_ignores_request_body(manager_client, key, rotate, settings, is_close):
    ignored = {"name": "x", "scopes": ["manage"], "expiry_date": "2099-01-01T00:00:00Z"}
    new = rotate(manager_client, key, ignored).json()
    assert (new["name"], new["scopes"]) == (key.name, key.scopes)
    expiry_date = datetime.fromisoformat(new["expiry_date"])
    assert is_close(expiry_date, timezone.now() + settings.API_KEY_TTL)


def test_key_cannot_rotate_key_with_additional_scopes(
    create_key, client_for, key, key_client, rotate, assert_forbidden
):
    client = client_for(create_key("manage", "read").key)
    assert_forbidden(rotate(client, key))
    key.refresh_from_db()
    assert not key.revoked
    assert key_client.get(ME_URL).status_code == 200


def test_key_of_other_user_cannot_be_rotated(
    manager_client, create_key, client_for, other_user, rotate
):
    key = create_key("read", user=other_user)
    assert rotate(manager_client, key).status_code == 404
    assert client_for(key.key).get(ME_URL).status_code == 200


def test_revoked_or_expired_key_cannot_be_rotated(manager_client, create_key, rotate):
    revoked = create_key("read")
    revoked.revoke()
    expired = create_key("read", expiry_date=timezone.now() - DAY)
    for key in (revoked, expired):
        response = rotate(manager_client, key)
        assert response.status_code == 409
        assert response.json().keys() == {"detail"}
    assert APIKey.objects.count() == 3


def test_failed_rotation_does_not_revoke_key(manager_client, key, key_client, rotate, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    manager_client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(APIKey, "create_successor", fail)
        assert rotate(manager_client, key).status_code == 500
    assert key_client.get(ME_URL).status_code == 200


# Concurrency


class HeldBody(BytesIO):
    """A request body that calls a function before it is read."""

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
    """Return a function that makes every request call another one once it is authenticated."""
    initial = APIView.initial

    def after_authentication(function):
        def authenticate_and_call(*args, **kwargs):
            initial(*args, **kwargs)
            function()

        monkeypatch.setattr(APIView, "initial", authenticate_and_call)

    return after_authentication


@pytest.fixture
def rotate_concurrently(after_authentication):
    """Return a function that rotates keys concurrently and returns the sorted status codes."""

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
