import re
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from authentication.models import APIKey

KEYS_URL = reverse_lazy("key-list")
ME_URL = reverse_lazy("me")


@pytest.fixture
def form():
    return {"name": "new", "scopes": ["read"]}


# Lists


def test_list_shows_keys_without_secrets(manager_client, create_key, key_fields):
    create_key("read").revoke()
    response = manager_client.get(KEYS_URL)
    assert response.status_code == 200
    assert [key.keys() for key in response.json()] == [key_fields] * 2
    assert [key["revoked"] for key in response.json()] == [True, False]
    for key in APIKey.objects.exclude(hashed_key=""):
        assert key.hashed_key not in response.content.decode()
        assert key.hashed_key.partition("$$")[2] not in response.content.decode()


def test_list_does_not_show_keys_of_other_users(manager_client, create_key, other_user):
    hidden = create_key("read", user=other_user)
    assert hidden.prefix not in [key["prefix"] for key in manager_client.get(KEYS_URL).json()]


def test_list_is_not_paginated(manager_client, create_key, django_assert_num_queries):
    for _ in range(25):
        create_key("read")
    with django_assert_num_queries(2):
        response = manager_client.get(f"{KEYS_URL}?page=7&page_size=1")
    assert len(response.json()) == 26


# New keys


def test_limit_of_logins_does_not_apply_to_keys(manager_client, form, set_rate):
    set_rate("login", "1/min")
    assert [manager_client.post(KEYS_URL, form).status_code for _ in range(3)] == [201] * 3


def test_secret_is_shown_only_on_creation(
    manager_client, client_for, user, form, key_fields, assert_forbidden
):
    response = manager_client.post(KEYS_URL, form)
    assert response.status_code == 201
    created = response.json()
    assert created.keys() == key_fields | {"key"}
    assert (created["name"], created["scopes"]) == (form["name"], form["scopes"])
    assert created["revoked"] is False
    client = client_for(created.pop("key"))
    assert client.get(ME_URL).json()["id"] == user.pk
    assert_forbidden(client.patch(ME_URL, {"first_name": "changed"}))
    assert manager_client.get(KEYS_URL).json()[0] == created


@pytest.mark.parametrize("expiry", [{}, {"expiry_date": None}], ids=["missing", "null"])
def test_key_expires_after_configured_days_by_default(
    manager_client, form, expiry, settings, is_close
):
    created = manager_client.post(KEYS_URL, form | expiry).json()
    expiry_date = datetime.fromisoformat(created["expiry_date"])
    assert is_close(expiry_date, timezone.now() + settings.API_KEY_TTL)


def test_key_created_in_code_expires_after_configured_days(key, settings, is_close):
    assert is_close(key.expiry_date, timezone.now() + settings.API_KEY_TTL)


@pytest.mark.parametrize(
    "expiry_date", ["2099-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2099-01-01T02:00:00+02:00"]
)
def test_key_can_have_its_own_expiry_date(manager_client, form, expiry_date):
    created = manager_client.post(KEYS_URL, form | {"expiry_date": expiry_date}).json()
    assert created["expiry_date"].endswith("Z")
    expected = datetime.fromisoformat(expiry_date)
    assert datetime.fromisoformat(created["expiry_date"]) == expected
    assert APIKey.objects.get(prefix=created["prefix"]).expiry_date == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", None),
        ("name", ""),
        ("name", "  "),
        ("name", "x" * 51),
        ("name", "a\0b"),
        ("name", []),
        ("scopes", None),
        ("scopes", []),
        ("scopes", "read"),
        ("scopes", {"read": True}),
        ("scopes", ["admin"]),
        ("scopes", ["READ"]),
        ("scopes", ["read", ""]),
        ("scopes", ["read", None]),
        ("scopes", [["read"]]),
        ("scopes", [{}]),
        ("scopes", ["read", "read"]),
        ("expiry_date", "2001-01-01T00:00:00Z"),
        ("expiry_date", "0001-01-01T00:00:00Z"),
        ("expiry_date", "0001-01-01T00:00:00+14:00"),
        ("expiry_date", "9999-12-31T23:59:59-14:00"),
        ("expiry_date", "10000-01-01T00:00:00Z"),
        ("expiry_date", "tomorrow"),
        ("expiry_date", ""),
        ("expiry_date", 4102444800),
    ],
)
def test_creation_rejects_invalid_field(manager_client, form, field, value):
    response = manager_client.post(KEYS_URL, form | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}
    assert APIKey.objects.count() == 1


@pytest.mark.parametrize(
    "scopes",
    [["x"] * 480_000, ["read"] * 300_000, ["x" * 2_000_000], [["x"] * 480_000], "x" * 2_000_000],
    ids=["many invalid", "many valid", "long", "nested", "text"],
)
def test_large_list_of_scopes_is_rejected_with_small_response(manager_client, form, scopes):
    response = manager_client.post(KEYS_URL, form | {"scopes": scopes})
    assert response.status_code == 400
    assert response.json().keys() == {"scopes"}
    assert len(response.content) < 200


def test_creation_requires_name_and_scopes(manager_client):
    response = manager_client.post(KEYS_URL, {})
    assert response.status_code == 400
    assert response.json().keys() == {"name", "scopes"}


def test_name_can_have_50_characters(manager_client, form):
    assert manager_client.post(KEYS_URL, form | {"name": "x" * 50}).status_code == 201


@pytest.mark.parametrize("scopes", [["read"], ["manage", "write"]])
def test_key_cannot_create_key_with_additional_scopes(create_key, client_for, form, scopes):
    client = client_for(create_key("manage").key)
    response = client.post(KEYS_URL, form | {"scopes": scopes})
    assert response.status_code == 400
    assert response.json().keys() == {"scopes"}
    assert client.post(KEYS_URL, form | {"scopes": ["manage"]}).status_code == 201


def test_creation_ignores_other_fields(manager_client, form, user, other_user, is_close):
    ignored = {
        "user": other_user.pk,
        "id": "x",
        "key": "chosen",
        "prefix": "chosen",
        "hashed_key": "x",
        "created": "2001-01-01T00:00:00Z",
        "revoked": True,
    }
    created = manager_client.post(KEYS_URL, form | ignored).json()
    assert created["prefix"] != ignored["prefix"]
    assert created["key"] != ignored["key"]
    assert created["revoked"] is False
    assert is_close(datetime.fromisoformat(created["created"]), timezone.now())
    assert APIKey.objects.get(prefix=created["prefix"]).user == user


# Access


def test_key_management_requires_authentication(api_client, key, assert_unauthorized):
    for url in (
        KEYS_URL,
        reverse("key-detail", args=[key.prefix]),
        reverse("key-rotate", args=[key.prefix]),
        reverse("key-detail", args=["unknown"]),
    ):
        for method in (api_client.get, api_client.post, api_client.delete):
            assert_unauthorized(method(url))


@pytest.mark.parametrize("prefix", ["unknown", "x" * 500, "%00", "a%00b", "é", "a.b", ".."])
def test_unknown_key_is_not_found(manager_client, prefix):
    for response in (
        manager_client.delete(f"{KEYS_URL}{prefix}/"),
        manager_client.post(f"{KEYS_URL}{prefix}/rotate/"),
    ):
        assert response.status_code == 404
        assert response.json().keys() == {"detail"}


def test_other_methods_are_not_allowed(manager_client, key):
    key_url = reverse("key-detail", args=[key.prefix])
    for url, allowed in (
        (KEYS_URL, "GET, POST, HEAD, OPTIONS"),
        (key_url, "DELETE, OPTIONS"),
        (reverse("key-rotate", args=[key.prefix]), "POST, OPTIONS"),
    ):
        response = manager_client.put(url, {})
        assert response.status_code == 405
        assert response["Allow"] == allowed
    assert manager_client.get(key_url).status_code == 405


def test_keys_are_random(create_key):
    secrets = {create_key("read").key.partition(".")[2] for _ in range(3)}
    assert len(secrets) == 3
    assert all(re.fullmatch("[A-Za-z0-9]{32}", secret) for secret in secrets)


# Revocation


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


def test_changes_of_key_are_saved(key, other_user):
    key.user, key.name, key.scopes = other_user, "renamed", ["manage"]
    key.save()
    saved = APIKey.objects.get()
    assert (saved.user, saved.name, saved.scopes) == (other_user, "renamed", ["manage"])


def test_changes_of_additional_field_are_saved(key, monkeypatch):
    field = models.TextField()
    field.set_attributes_from_name("note")
    monkeypatch.setattr(APIKey._meta, "concrete_fields", [*APIKey._meta.concrete_fields, field])
    saved = set()
    monkeypatch.setattr(
        models.Model, "save", lambda self, update_fields: saved.update(update_fields)
    )
    key.save()
    assert saved == {"user", "name", "scopes", "expiry_date", "note"}


def test_revoked_key_cannot_be_saved_as_not_revoked(key):
    key.revoke()
    key = APIKey.objects.get(pk=key.pk)
    key.revoked = False
    with pytest.raises(ValidationError):
        key.save()


# Settings


@pytest.mark.parametrize("days", ["0", "36501", "1.5", "-1", "a month"])
def test_startup_fails_with_invalid_number_of_days(load_settings, days):
    with pytest.raises(SystemExit) as error:
        load_settings(API_KEY_TTL_DAYS=days)
    assert re.findall(r"^  (\w+): ", str(error.value), re.MULTILINE) == ["API_KEY_TTL_DAYS"]


@pytest.mark.parametrize(("days", "expected"), [("", 365), ("1", 1), ("36500", 36500)])
def test_keys_expire_after_configured_days(load_settings, days, expected):
    assert load_settings(API_KEY_TTL_DAYS=days)["API_KEY_TTL"] == timedelta(days=expected)
