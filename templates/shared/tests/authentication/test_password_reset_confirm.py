from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.urls import reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from rest_framework.test import APIClient

from accounts.models import User
from api.throttling import AnonRateThrottle

LOGIN_URL = reverse_lazy("login")
ME_URL = reverse_lazy("me")


def encode_uid(pk):
    return urlsafe_base64_encode(force_bytes(pk))


@pytest.fixture
def confirmation(user, new_password):
    """Return what the front end sends when a user follows the link."""
    return {
        "uid": encode_uid(user.pk),
        "token": default_token_generator.make_token(user),
        "new_password": new_password,
    }


@pytest.fixture
def confirm(api_client, password_reset_confirm_url):
    """Return a function that sends a confirmation."""
    return lambda confirmation: api_client.post(password_reset_confirm_url, confirmation)


def test_password_reset_confirmation_ignores_stale_credentials(
    stale_client, password_reset_confirm_url, confirmation
):
    assert stale_client.post(password_reset_confirm_url, confirmation).status_code == 204


def test_password_reset_confirmation_allows_only_post(api_client, db, password_reset_confirm_url):
    response = api_client.get(password_reset_confirm_url)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"


def test_password_reset_revokes_credentials(confirm, login_as, user, other_user, confirmation):
    clients = [login_as(user), login_as(user)]
    other_client = login_as(other_user)
    user.refresh_from_db()  # a login invalidates earlier links
    confirmation["token"] = default_token_generator.make_token(user)
    assert confirm(confirmation).status_code == 204
    assert [client.get(ME_URL).status_code for client in clients] == [401, 401]
    assert other_client.get(ME_URL).status_code == 200


def test_password_reset_does_not_log_in(api_client, confirm, confirmation):
    response = confirm(confirmation)
    assert not response.cookies
    assert api_client.get(ME_URL).status_code == 401


def test_link_works_once(confirm, user, confirmation, new_password):
    assert confirm(confirmation).status_code == 204
    confirmation["new_password"] = "another-battery-horse"
    assert confirm(confirmation).status_code == 400
    user.refresh_from_db()
    assert user.check_password(new_password)


def test_login_invalidates_link(api_client, confirm, confirmation, credentials):
    assert api_client.post(LOGIN_URL, credentials).status_code == 200
    assert confirm(confirmation).status_code == 400


@pytest.mark.parametrize(("seconds", "status"), [(-10, 204), (1, 400)])
def test_link_expires_after_an_hour(confirm, confirmation, monkeypatch, seconds, status):
    later = datetime.now() + timedelta(hours=1, seconds=seconds)  # noqa: DTZ005
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)
    assert confirm(confirmation).status_code == status


def test_link_of_other_user_is_rejected(confirm, other_user, confirmation, password):
    confirmation["uid"] = encode_uid(other_user.pk)
    assert confirm(confirmation).status_code == 400
    other_user.refresh_from_db()
    assert other_user.check_password(password)


def test_link_of_inactive_user_is_rejected(confirm, user, confirmation, password):
    user.is_active = False
    user.save()
    assert confirm(confirmation).status_code == 400
    user.refresh_from_db()
    assert not user.is_active
    assert user.check_password(password)


def test_rejected_link_does_not_reveal_whether_user_exists(confirm, user, confirmation):
    confirmation["token"] = "wrong"
    known = confirm(confirmation)
    unknown = confirm(confirmation | {"uid": encode_uid(user.pk + 1)})
    assert known.status_code == unknown.status_code == 400
    assert known.content == unknown.content
    assert known.json()["token"]


@pytest.mark.parametrize(
    "uid", [1, "1", "=", "x" * 10_000, *map(encode_uid, ("-1", "9" * 30, "9" * 5_000, "\0", "é"))]
)
def test_malformed_uid_is_rejected(confirm, confirmation, uid):
    response = confirm(confirmation | {"uid": uid})
    assert response.status_code == 400
    assert response.json().keys() == {"token"}


@pytest.mark.parametrize("token", [1, 1.5, "1", "a-b", "-", "x" * 10_000, "é-é"])
def test_malformed_token_is_rejected(confirm, confirmation, token):
    response = confirm(confirmation | {"token": token})
    assert response.status_code == 400
    assert response.json().keys() == {"token"}


@pytest.mark.parametrize("field", ["uid", "token", "new_password"])
@pytest.mark.parametrize("value", ["", None, [], {}, True, "a\0b"], ids=repr)
def test_invalid_field_is_rejected(confirm, confirmation, field, value):
    response = confirm(confirmation | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}


@pytest.mark.parametrize("weak", ["Tr0ub4d", "password123", "7318463219", "{username}12"])
def test_weak_password_is_rejected_and_link_stays_valid(confirm, user, confirmation, weak):
    weak_password = weak.format(username=user.username)
    response = confirm(confirmation | {"new_password": weak_password})
    assert response.status_code == 400
    assert response.json().keys() == {"new_password"}
    assert confirm(confirmation).status_code == 204


def test_password_reset_does_not_strip_spaces(confirm, user, confirmation):
    confirmation["new_password"] = f" {confirmation['new_password']} "
    assert confirm(confirmation).status_code == 204
    user.refresh_from_db()
    assert user.check_password(confirmation["new_password"])


def test_password_reset_keeps_concurrent_changes(confirm, user, confirmation, before_save):
    before_save(User, lambda: User.objects.filter(pk=user.pk).update(is_staff=True))
    assert confirm(confirmation).status_code == 204
    user.refresh_from_db()
    assert user.is_staff


@pytest.mark.django_db(transaction=True)
def test_concurrent_confirmations_use_link_once(
    password_reset_confirm_url, user, confirmation, monkeypatch
):
    # Both requests arrive before either of them has checked the link.
    barrier = Barrier(2, timeout=10)
    monkeypatch.setattr(AnonRateThrottle, "allow_request", lambda *args: barrier.wait() >= 0)
    # Without a lock, both would have checked it before either of them sets the password.
    both_checked = Barrier(2, timeout=0.5)

    def validate(*args):
        with suppress(BrokenBarrierError):
            both_checked.wait()

    monkeypatch.setattr(CommonPasswordValidator, "validate", validate)

    def reset(new_password):
        try:
            body = confirmation | {"new_password": new_password}
            return APIClient().post(password_reset_confirm_url, body).status_code
        finally:
            connection.close()

    passwords = ["first-battery-horse", "second-battery-horse"]
    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(reset, passwords))
    assert sorted(codes) == [204, 400]
    user.refresh_from_db()
    assert user.check_password(passwords[codes.index(204)])
