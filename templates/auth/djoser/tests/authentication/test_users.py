import pytest
from django.core import mail
from django.urls import reverse, reverse_lazy

from accounts.models import User

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


def test_user_deletes_own_account(user_client, other_user, password):
    response = user_client.delete(USERS_ME_URL, {"current_password": password})
    assert response.status_code == 204
    assert not response.content
    assert list(User.objects.all()) == [other_user]
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
