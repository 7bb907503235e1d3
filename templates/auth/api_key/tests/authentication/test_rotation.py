from datetime import datetime, timedelta

from django.urls import reverse_lazy
from django.utils import timezone

from authentication.models import APIKey

KEYS_URL = reverse_lazy("key-list")
ME_URL = reverse_lazy("me")
DAY = timedelta(days=1)


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
