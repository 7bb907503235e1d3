import pytest
from django.urls import reverse, reverse_lazy

from authentication.models import APIKey

# Changes are logged when the transaction is committed.
pytestmark = pytest.mark.django_db(transaction=True)

KEYS_URL = reverse_lazy("key-list")
ME_URL = reverse_lazy("me")


@pytest.fixture
def logged_keys(log):
    """Return a function that returns the prefixes of the keys that an event concerns."""

    def logged_keys(event):
        lines = [line for line in log() if line["name"] == "security" and line["event"] == event]
        return [line["prefix"] for line in lines]

    return logged_keys


def test_creation_of_key_is_logged_without_key(
    manager_client, user, log, logged_events, logged_keys
):
    response = manager_client.post(KEYS_URL, {"name": "backup", "scopes": ["read"]})
    assert logged_events("key_created") == [(user.pk, response["X-Request-ID"])]
    assert logged_keys("key_created") == [response.json()["prefix"]]
    assert response.json()["key"].partition(".")[2] not in str(log())


def test_rotation_of_key_is_logged_without_key(
    manager_client, key, user, rotate, log, logged_events, logged_keys
):
    response = rotate(manager_client, key)
    for event in ("key_rotated", "key_revoked"):
        assert logged_events(event) == [(user.pk, response["X-Request-ID"])]
        assert logged_keys(event) == [key.prefix]
    assert logged_keys("key_created") == [response.json()["prefix"]]
    for secret in (key.key, response.json()["key"]):
        assert secret.partition(".")[2] not in str(log())


def test_revocation_of_key_is_logged_once(manager_client, key, user, logged_events, logged_keys):
    url = reverse("key-detail", args=[key.prefix])
    responses = [manager_client.delete(url) for _ in range(2)]
    assert [response.status_code for response in responses] == [204, 204]
    assert logged_events("key_revoked") == [(user.pk, responses[0]["X-Request-ID"])]
    assert logged_keys("key_revoked") == [key.prefix]


def test_change_of_key_is_not_logged(key, logged_keys):
    key.name = "renamed"
    key.save()
    assert not logged_keys("key_created")
    assert not logged_keys("key_revoked")


def test_deletion_of_key_is_logged(key, user, logged_events, logged_keys):
    APIKey.objects.all().delete()
    assert logged_events("key_deleted") == [(user.pk, None)]
    assert logged_keys("key_deleted") == [key.prefix]


def test_missing_scope_is_logged_with_user(key_client, user, logged_events):
    response = key_client.get(KEYS_URL)
    assert response.status_code == 403
    assert logged_events("access_denied") == [(user.pk, response["X-Request-ID"])]


def test_key_that_does_not_exist_is_not_logged(client_for, log):
    client_for("hidden.hidden").get(ME_URL)
    assert [line["name"] for line in log()] == ["api.requests"]
    assert "hidden" not in str(log())
