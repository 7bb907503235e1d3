import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test.client import FakePayload
from django.urls import reverse, reverse_lazy

from accounts.models import User
from api.throttling import AccountThrottle, PasswordThrottle

ME_URL = reverse_lazy("me")
USERS_URL = reverse_lazy("user-list")
USERS_ME_URL = reverse_lazy("user-me")


@pytest.fixture
def account(db, password):
    return {"username": "joanna", "email": "joanna@example.com", "password": password}


def test_new_user_is_active_and_gets_no_email(api_client, account):
    assert api_client.post(USERS_URL, account).status_code == 201
    assert not mail.outbox
    credentials = {"username": account["username"], "password": account["password"]}
    assert api_client.post(reverse("login"), credentials).status_code == 200


def test_authenticated_user_can_register_another(user_client, account):
    assert user_client.post(USERS_URL, account).status_code == 201


def test_staff_lists_all_users_in_order(login_as, user, other_user, staff):
    page = login_as(staff).get(USERS_URL).json()
    assert page.keys() == {"count", "next", "previous", "results"}
    usernames = [row["username"] for row in page["results"]]
    assert usernames == [user.username, other_user.username, staff.username]
    assert page["results"][0].keys() == {"id", "username", "email", "first_name", "last_name"}


def test_user_lists_only_themselves(user_client, other_user):
    page = user_client.get(USERS_URL).json()
    assert page["count"] == 1
    assert page["results"] == [user_client.get(ME_URL).json()]


def test_user_list_is_paginated(login_as, staff, user):
    client = login_as(staff)
    first = client.get(USERS_URL, {"page_size": 1}).json()
    assert len(first["results"]) == 1
    assert client.get(first["next"]).json()["next"] is None
    assert client.get(USERS_URL, {"page": 9}).status_code == 404


def test_user_list_requires_authentication(api_client, user):
    response = api_client.get(USERS_URL)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"


def test_users_me_returns_same_as_me(user_client):
    assert user_client.get(USERS_ME_URL).json() == user_client.get(ME_URL).json()


def test_users_me_changes_only_names(user_client, user):
    username, email = user.username, user.email
    change = {"first_name": "Ursula", "username": "x", "email": "x@example.com", "is_staff": True}
    response = user_client.patch(USERS_ME_URL, change)
    assert response.status_code == 200
    assert response.json() == user_client.get(USERS_ME_URL).json()
    user.refresh_from_db()
    assert (user.username, user.email, user.is_staff) == (username, email, False)
    assert user.first_name == change["first_name"]


@pytest.mark.django_db(transaction=True)
def test_user_deletes_own_account(user_client, user, other_user, password, logged_events):
    response = user_client.delete(USERS_ME_URL, {"current_password": password})
    assert response.status_code == 204
    assert not response.content
    assert list(User.objects.all()) == [other_user]
    assert logged_events("account_deleted") == [(user.pk, response["X-Request-ID"])]
    assert user_client.get(USERS_ME_URL).status_code == 401


@pytest.mark.parametrize("body", [{}, *({"current_password": x} for x in ("wrong", "", None, []))])
def test_account_deletion_requires_password(user_client, user, body):
    response = user_client.delete(USERS_ME_URL, body)
    assert response.status_code == 400
    assert response.json().keys() == {"current_password"}
    assert User.objects.filter(pk=user.pk).exists()
    assert user_client.get(USERS_ME_URL).status_code == 200


def test_account_deletion_does_not_strip_spaces_from_password(login_as, user, password):
    user.set_password(f" {password} ")
    user.save()
    client = login_as(user)
    assert client.delete(USERS_ME_URL, {"current_password": password}).status_code == 400
    assert client.delete(USERS_ME_URL, {"current_password": f" {password} "}).status_code == 204


def test_account_deletion_is_throttled_by_user(user_client, user, set_rate):
    set_rate("login", "2/min")
    codes = [
        user_client.delete(
            USERS_ME_URL, {"current_password": "wrong"}, REMOTE_ADDR=f"203.0.113.{i}"
        ).status_code
        for i in range(3)
    ]
    assert codes == [400, 400, 429]


def test_account_deletion_is_throttled_with_password_change(
    user_client, password_change_url, new_password, set_rate
):
    set_rate("login", "1/min")
    change = {"current_password": "wrong", "new_password": new_password}
    assert user_client.post(password_change_url, change).status_code == 400
    response = user_client.delete(USERS_ME_URL, {"current_password": "wrong"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_reading_account_does_not_throttle_its_deletion(user_client, user, password, set_rate):
    set_rate("login", "1/min")
    for _ in range(2):
        user_client.get(USERS_ME_URL)
    assert user_client.delete(USERS_ME_URL, {"current_password": password}).status_code == 204


def test_wrong_password_of_account_deletion_counts_as_failed_login(
    user_client, user, credentials, monkeypatch
):
    monkeypatch.setitem(AccountThrottle.THROTTLE_RATES, "account", "3/hour")
    codes = [
        user_client.delete(USERS_ME_URL, {"current_password": "wrong"}).status_code
        for _ in range(3)
    ]
    assert codes == [400] * 3
    assert user_client.post(reverse("login"), credentials).status_code == 429


def test_account_deletion_rejects_token_revoked_before_end_of_body(user_client, user, password):
    class HeldBody(FakePayload):
        def read(self, *args):
            user.set_password(password)
            user.save()
            return super().read(*args)

    body = {"current_password": password}
    held = {"wsgi.input": HeldBody(json.dumps(body))}
    assert user_client.delete(USERS_ME_URL, body, **held).status_code == 401
    assert User.objects.filter(pk=user.pk).exists()


def test_account_deletion_requires_password_of_the_moment(
    user_client, user, password, new_password, monkeypatch
):
    def change_password(*args):
        user.set_password(new_password)
        user.save()
        return True

    # Throttles run after authentication.
    monkeypatch.setattr(PasswordThrottle, "allow_request", change_password)
    response = user_client.delete(USERS_ME_URL, {"current_password": password})
    assert response.status_code == 400
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_concurrent_account_deletion_succeeds_once(login_as, user, password, monkeypatch):
    barrier = Barrier(2, timeout=10)
    monkeypatch.setattr(PasswordThrottle, "allow_request", lambda *args: barrier.wait() >= 0)

    def delete(client):
        try:
            return client.delete(USERS_ME_URL, {"current_password": password}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(delete, [login_as(user), login_as(user)]))
    assert sorted(codes) == [204, 401]
    assert not User.objects.exists()
