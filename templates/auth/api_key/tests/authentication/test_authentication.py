from datetime import timedelta

import pytest
from django.urls import reverse_lazy
from django.utils import timezone

from authentication.models import APIKey

ME_URL = reverse_lazy("me")
PUBLIC_URL = reverse_lazy("schema", query={"format": "json"})


def test_key_authenticates_its_user(key_client, user):
    assert key_client.get(ME_URL).json()["id"] == user.pk


def test_authentication_takes_one_query(key_client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert key_client.get(ME_URL).status_code == 200


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
