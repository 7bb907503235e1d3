import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse, reverse_lazy

from authentication.models import APIKey

ME_URL = reverse_lazy("me")


def test_revocation_can_be_repeated(manager_client, key, key_client, assert_unauthorized):
    for _ in range(2):
        response = manager_client.delete(reverse("key-detail", args=[key.prefix]))
        assert response.status_code == 204
        assert not response.content
    assert_unauthorized(key_client.get(ME_URL))
    key.refresh_from_db()
    assert key.revoked
    assert manager_client.get(ME_URL).status_code == 200


def test_key_of_other_user_cannot_be_revoked(manager_client, create_key, client_for, other_user):
    key = create_key("read", user=other_user)
    assert manager_client.delete(reverse("key-detail", args=[key.prefix])).status_code == 404
    assert client_for(key.key).get(ME_URL).status_code == 200


def revoke_in_api(key, client):
    assert client.delete(reverse("key-detail", args=[key.prefix])).status_code == 204


def revoke_by_rotation(key, client):
    assert client.post(reverse("key-rotate", args=[key.prefix])).status_code == 201


def revoke_in_code(key, client):
    key = APIKey.objects.get(pk=key.pk)
    key.revoked = True
    key.save()


def revoke_with_update_fields(key, client):
    key = APIKey.objects.get(pk=key.pk)
    key.revoked = True
    key.save(update_fields=["revoked"])


@pytest.mark.parametrize(
    "revoke", [revoke_in_api, revoke_by_rotation, revoke_in_code, revoke_with_update_fields]
)
def test_revocation_cannot_be_undone(manager_client, key, key_client, revoke, assert_unauthorized):
    loaded_before = APIKey.objects.get(pk=key.pk)
    revoke(key, manager_client)
    assert APIKey.objects.get(pk=key.pk).revoked
    loaded_before.name = "renamed"
    loaded_before.save()
    assert_unauthorized(key_client.get(ME_URL))
    APIKey.objects.update(revoked=False)
    assert_unauthorized(key_client.get(ME_URL))


def test_revoked_key_cannot_be_saved_as_not_revoked(key):
    key.revoke()
    key = APIKey.objects.get(pk=key.pk)
    key.revoked = False
    with pytest.raises(ValidationError):
        key.save()
