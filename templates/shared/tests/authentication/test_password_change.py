import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test.client import FakePayload
from django.urls import reverse, reverse_lazy

from accounts.models import User
from api.throttling import PasswordThrottle

ME_URL = reverse_lazy("me")


@pytest.fixture
def change(password, new_password):
    return {"current_password": password, "new_password": new_password}


@pytest.fixture
def assert_rejected(user_client, user, password, password_change_url, change):
    """Return a function that asserts that a value is invalid and the password stays the same."""

    def assert_rejected(field, value):
        response = user_client.post(password_change_url, change | {field: value})
        assert response.status_code == 400
        assert response.json().keys() == {field}
        user.refresh_from_db()
        assert user.check_password(password)
        assert user_client.get(ME_URL).status_code == 200

    return assert_rejected


def test_password_change_sets_new_password(user_client, user, password_change_url, change):
    response = user_client.post(password_change_url, change)
    assert response.status_code == 204
    assert not response.content
    user.refresh_from_db()
    assert user.check_password(change["new_password"])


def test_password_change_does_not_strip_spaces(user_client, user, password_change_url, change):
    change["new_password"] = f" {change['new_password']} "
    assert user_client.post(password_change_url, change).status_code == 204
    user.refresh_from_db()
    assert user.check_password(change["new_password"])


def test_password_can_have_128_characters(
    user_client, api_client, user, password_change_url, change, failed_login_status
):
    change["new_password"] = "long " * 25 + "abc"
    assert user_client.post(password_change_url, change).status_code == 204
    for ending, expected in (("", 200), ("x", failed_login_status)):
        credentials = {"username": user.username, "password": change["new_password"] + ending}
        response = api_client.post(reverse("login"), credentials)
        assert response.status_code == expected


def test_password_change_requires_every_field(user_client, password_change_url):
    response = user_client.post(password_change_url, {})
    assert response.status_code == 400
    assert response.json().keys() == {"current_password", "new_password"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("current_password", "wrong"),
        ("current_password", ""),
        ("current_password", None),
        ("current_password", "a\0b"),
        ("new_password", ""),
        ("new_password", None),
        ("new_password", []),
        ("new_password", "a\0b-long-enough"),
        ("new_password", "Tr0ub4d"),
        ("new_password", "password123"),
        ("new_password", "7318463219"),
    ],
)
def test_password_change_rejects_invalid_field(assert_rejected, field, value):
    assert_rejected(field, value)


def test_password_change_rejects_current_password_with_spaces(assert_rejected, password):
    assert_rejected("current_password", f" {password} ")


def test_password_change_rejects_password_similar_to_username(assert_rejected, user):
    assert_rejected("new_password", f"{user.username}12")


def test_password_change_rejects_password_similar_to_email(assert_rejected, user):
    assert_rejected("new_password", user.email.removesuffix(".com"))


def test_password_change_does_not_affect_other_user(
    user_client, other_user, password, password_change_url, change
):
    body = change | {"id": other_user.pk, "username": other_user.username}
    assert user_client.post(password_change_url, body).status_code == 204
    other_user.refresh_from_db()
    assert other_user.check_password(password)


def test_password_change_keeps_concurrent_changes(
    user_client, user, password_change_url, change, before_save
):
    before_save(User, lambda: User.objects.filter(pk=user.pk).update(is_staff=True))
    assert user_client.post(password_change_url, change).status_code == 204
    user.refresh_from_db()
    assert user.is_staff


def test_password_change_requires_authentication(api_client, db, password_change_url, change):
    response = api_client.post(password_change_url, change)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]


def test_password_change_allows_only_post(user_client, password_change_url):
    response = user_client.get(password_change_url)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"


def test_password_change_is_throttled_by_user(user_client, password_change_url, change, set_rate):
    set_rate("login", "2/min")
    change["current_password"] = "wrong"
    codes = [
        user_client.post(password_change_url, change, REMOTE_ADDR=f"203.0.113.{i}").status_code
        for i in range(3)
    ]
    assert codes == [400, 400, 429]
    throttled = user_client.post(password_change_url, change, REMOTE_ADDR="203.0.113.99")
    assert int(throttled["Retry-After"]) > 0


def test_password_change_is_throttled_by_address(
    login_as, user, other_user, password_change_url, change, set_rate
):
    set_rate("login", "2/min")
    client, other_client = login_as(user), login_as(other_user)
    change["current_password"] = "wrong"
    clients = (client, client, other_client)
    codes = [client.post(password_change_url, change).status_code for client in clients]
    assert codes == [400, 400, 429]


def test_password_change_rejects_credentials_revoked_before_end_of_body(
    user_client, user, password, password_change_url, change
):
    class HeldBody(FakePayload):
        def read(self, *args):
            user.set_password("another-battery-horse")
            user.save()
            return super().read(*args)

    # The client even knows the password that the user has set.
    change["current_password"] = "another-battery-horse"
    body = {"wsgi.input": HeldBody(json.dumps(change))}
    response = user_client.post(password_change_url, change, **body)
    assert response.status_code == 401
    user.refresh_from_db()
    assert user.check_password("another-battery-horse")


@pytest.mark.parametrize("end", ["deactivation", "deletion"])
def test_password_change_rejects_user_who_is_gone_in_the_meantime(
    user_client, user, password, password_change_url, change, monkeypatch, end
):
    def lock_out(*args):
        if end == "deletion":
            user.delete()
        else:
            user.is_active = False
            user.save()
        return True

    # Throttles run after authentication.
    monkeypatch.setattr(PasswordThrottle, "allow_request", lock_out)
    assert user_client.post(password_change_url, change).status_code == 401
    if end == "deactivation":
        user.refresh_from_db()
        assert user.check_password(password)


@pytest.mark.django_db(transaction=True)
def test_concurrent_password_changes_use_old_password_once(
    login_as, user, password, password_change_url, monkeypatch, before_save
):
    # Both requests are authenticated before either of them has checked the password.
    barrier = Barrier(2, timeout=10)
    monkeypatch.setattr(PasswordThrottle, "allow_request", lambda *args: barrier.wait() >= 0)
    clients = [login_as(user), login_as(user)]
    passwords = ["first-battery-horse", "second-battery-horse"]
    in_transaction = []
    before_save(User, lambda: in_transaction.append(connection.in_atomic_block))

    def change_password(client, new_password):
        try:
            change = {"current_password": password, "new_password": new_password}
            return client.post(password_change_url, change).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(change_password, clients, passwords))
    assert sorted(codes) == [204, 400]
    assert in_transaction == [True]
    user.refresh_from_db()
    assert user.check_password(passwords[codes.index(204)])
