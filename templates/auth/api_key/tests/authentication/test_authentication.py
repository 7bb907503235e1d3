from datetime import timedelta

import pytest
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from authentication.models import APIKey

ME_URL = reverse_lazy("me")
PUBLIC_URL = reverse_lazy("schema", query={"format": "json"})
KEYS_URL = reverse_lazy("key-list")


def test_key_authenticates_its_user(key_client, user):
    assert key_client.get(ME_URL).json()["id"] == user.pk


def test_scheme_is_case_insensitive(api_client, key):
    assert api_client.get(ME_URL, HTTP_AUTHORIZATION=f"API-KEY {key.key}").status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer {}", "Token {}", "Basic {}", "Api-Keys {}", "{}"])
def test_request_with_other_scheme_is_anonymous(api_client, key, header, assert_unauthorized):
    api_client.credentials(HTTP_AUTHORIZATION=header.format(key.key))
    assert api_client.get(PUBLIC_URL).status_code == 200
    assert_unauthorized(api_client.get(ME_URL))


@pytest.mark.parametrize("url", [ME_URL, PUBLIC_URL], ids=["me", "public"])
@pytest.mark.parametrize(
    "credentials",
    [
        "",
        " ",
        ".",
        "{prefix}",
        "{prefix}.",
        ".{secret}",
        "{prefix}.wrong",
        "{prefix}.{secret}x",
        "{prefix}.{secret} x",
        "unknown1.{secret}",
        "{prefix}.é",
        "é.{secret}",
        "\0.{secret}",
        "{prefix}\0.{secret}",
        "x" * 10_000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_invalid_key_is_rejected(api_client, key, credentials, url, assert_unauthorized):
    prefix, _, secret = key.key.partition(".")
    header = "Api-Key " + credentials.format(prefix=prefix, secret=secret)
    assert_unauthorized(api_client.get(url, HTTP_AUTHORIZATION=header))


def test_scheme_without_key_is_rejected(api_client, db, assert_unauthorized):
    assert_unauthorized(api_client.get(PUBLIC_URL, HTTP_AUTHORIZATION="Api-Key"))


def test_expired_key_is_rejected(create_key, client_for, assert_unauthorized):
    key = create_key("read", expiry_date=timezone.now() - timedelta(seconds=1))
    for url in (ME_URL, PUBLIC_URL):
        assert_unauthorized(client_for(key.key).get(url))


def test_revoked_key_is_rejected(key, key_client, assert_unauthorized):
    key.revoke()
    for url in (ME_URL, PUBLIC_URL):
        assert_unauthorized(key_client.get(url))


def test_key_marked_as_revoked_in_database_is_rejected(key_client, assert_unauthorized):
    APIKey.objects.update(revoked=True)
    assert_unauthorized(key_client.get(ME_URL))


def test_key_of_inactive_user_is_rejected(key_client, user, assert_unauthorized):
    user.is_active = False
    user.save()
    for url in (ME_URL, PUBLIC_URL):
        assert_unauthorized(key_client.get(url))


def test_key_of_deleted_user_is_rejected(key_client, user, assert_unauthorized):
    user.delete()
    assert_unauthorized(key_client.get(ME_URL))


def test_secret_is_stored_as_a_hash(key):
    secret = key.key.partition(".")[2]
    stored = APIKey.objects.filter(pk=key.pk).values().get()
    assert secret not in str(stored)


def test_session_does_not_authenticate(client, user):
    client.force_login(user)
    assert client.get(ME_URL).status_code == 401


# Scopes


def test_read_scope_allows_only_safe_methods(create_key, client_for, user, assert_forbidden):
    client = client_for(create_key("read").key)
    for method in (client.get, client.head, client.options):
        assert method(ME_URL).status_code == 200
        assert method(PUBLIC_URL).status_code == 200
    for method in (client.patch, client.post, client.put, client.delete):
        assert_forbidden(method(ME_URL, {"first_name": "changed"}))
    user.refresh_from_db()
    assert user.first_name == ""


def test_write_scope_allows_only_unsafe_methods(create_key, client_for, assert_forbidden):
    client = client_for(create_key("write").key)
    assert client.patch(ME_URL, {"first_name": "changed"}).status_code == 200
    for method in (client.get, client.head, client.options):
        assert_forbidden(method(ME_URL))


def test_public_read_with_key_requires_read_scope(create_key, client_for, assert_forbidden):
    for scope in ("write", "manage"):
        assert_forbidden(client_for(create_key(scope).key).get(PUBLIC_URL))


def test_manage_scope_allows_only_key_management(create_key, client_for, assert_forbidden):
    client = client_for(create_key("manage").key)
    assert client.get(KEYS_URL).status_code == 200
    assert_forbidden(client.get(ME_URL))
    assert_forbidden(client.patch(ME_URL, {"first_name": "changed"}))


def test_key_management_requires_manage_scope(key, key_client, assert_forbidden):
    for url in (
        KEYS_URL,
        reverse("key-detail", args=[key.prefix]),
        reverse("key-rotate", args=[key.prefix]),
    ):
        for method in (
            key_client.get,
            key_client.head,
            key_client.options,
            key_client.post,
            key_client.delete,
        ):
            assert_forbidden(method(url, {"name": "new", "scopes": ["read"]}))
    assert APIKey.objects.get().revoked is False


def test_method_override_does_not_change_required_scope(
    create_key, client_for, user, assert_forbidden
):
    client = client_for(create_key("read").key)
    client.credentials(HTTP_X_HTTP_METHOD_OVERRIDE="PATCH")
    client.get(ME_URL, {"_method": "PATCH", "first_name": "changed"})
    assert_forbidden(client.post(ME_URL, {"_method": "GET"}, HTTP_X_HTTP_METHOD_OVERRIDE="GET"))
    user.refresh_from_db()
    assert user.first_name == ""
