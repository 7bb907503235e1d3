from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.urls import get_resolver
from rest_framework.test import APIClient

from accounts.models import User
from tests.clients import offer_stale_credentials

USERS = "/api/v1/auth/users/"
ME = f"{USERS}me/"
LOGIN_URL = "/api/v1/auth/token/login/"
REGISTER_URL = USERS
PASSWORD_URL = f"{USERS}set_password/"
NEW = "staple-battery-horse"


# {% include "shared/tests/login_tests.py" %}


# {% include "shared/tests/register_tests.py" %}


# {% include "shared/tests/password_tests.py" %}


def test_no_other_path_is_offered():
    (patterns,) = [
        resolver.url_patterns
        for resolver in get_resolver().url_patterns
        if str(resolver.pattern) == "api/v1/auth/"
    ]
    assert {str(pattern.pattern) for pattern in patterns} == {
        "users/",
        "users/me/",
        "users/set_password/",
        "users/reset_password/",
        "users/reset_password_confirm/",
        "token/login/",
        "token/logout/",
    }


@pytest.mark.parametrize(
    "path",
    [
        "activation/",
        "resend_activation/",
        "set_username/",
        "reset_username/",
        "reset_username_confirm/",
        "1/",
    ],
)
def test_the_rest_of_djoser_is_not_offered(login_as, staff, path):
    client = login_as(staff)
    for method in (client.get, client.post, client.put, client.patch, client.delete):
        assert method(f"{USERS}{path}").status_code == 404


def test_new_account_is_active_and_gets_no_mail(api_client, db, password):
    account = {"username": "joanna", "email": "joanna@example.com", "password": password}
    assert api_client.post(USERS, account).status_code == 201
    assert not mail.outbox
    login = {"username": "joanna", "password": password}
    assert api_client.post(LOGIN_URL, login).status_code == 200


def test_staff_lists_everybody_in_order(login_as, user, other_user, staff):
    page = login_as(staff).get(USERS).json()
    assert page.keys() == {"count", "next", "previous", "results"}
    assert [row["username"] for row in page["results"]] == ["ursula", "octavia", "stefan"]
    assert page["results"][0].keys() == {"id", "username", "email", "first_name", "last_name"}


def test_anybody_else_lists_only_themselves(user_client, user, other_user):
    page = user_client.get(USERS).json()
    assert page["count"] == 1
    assert page["results"] == [user_client.get("/api/v1/me/").json()]


def test_list_has_pages(login_as, staff, user):
    client = login_as(staff)
    first = client.get(USERS, {"page_size": 1}).json()
    assert len(first["results"]) == 1
    assert client.get(first["next"]).json()["next"] is None
    assert client.get(USERS, {"page": 9}).status_code == 404


def test_anonymous_lists_nobody(api_client, user):
    response = api_client.get(USERS)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"


def test_registered_caller_may_register_another(user_client, password):
    account = {"username": "joanna", "email": "joanna@example.com", "password": password}
    assert user_client.post(USERS, account).status_code == 201


def test_users_me_is_me(user_client):
    assert user_client.get(ME).json() == user_client.get("/api/v1/me/").json()


def test_users_me_changes_what_me_changes(user_client, user):
    change = {"first_name": "Ursula", "username": "x", "email": "x@example.com", "is_staff": True}
    response = user_client.patch(ME, change)
    assert response.status_code == 200
    assert response.json() == user_client.get(ME).json()
    user.refresh_from_db()
    assert (user.username, user.email, user.is_staff) == ("ursula", "ursula@example.com", False)
    assert user.first_name == "Ursula"


def test_user_deletes_their_account(user_client, user, other_user, password):
    response = user_client.delete(ME, {"current_password": password})
    assert response.status_code == 204
    assert not response.content
    assert list(User.objects.all()) == [other_user]
    assert user_client.get(ME).status_code == 401


@pytest.mark.parametrize("body", [{}, *({"current_password": x} for x in ("wrong", "", None, []))])
def test_account_is_not_deleted_without_the_password(user_client, user, body):
    response = user_client.delete(ME, body)
    assert response.status_code == 400
    assert response.json().keys() == {"current_password"}
    assert User.objects.filter(pk=user.pk).exists()
    assert user_client.get(ME).status_code == 200


def test_spaces_of_a_password_count_when_the_account_is_deleted(login_as, user):
    user.set_password(f" {NEW} ")
    user.save()
    client = login_as(user)
    assert client.delete(ME, {"current_password": NEW}).status_code == 400
    assert client.delete(ME, {"current_password": f" {NEW} "}).status_code == 204


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("", "GET, POST, HEAD, OPTIONS"),
        ("me/", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("set_password/", "POST, OPTIONS"),
        ("reset_password/", "POST, OPTIONS"),
        ("reset_password_confirm/", "POST, OPTIONS"),
    ],
)
def test_other_methods_are_not_offered(user_client, path, allow):
    response = user_client.put(f"{USERS}{path}")
    assert response.status_code == 405
    assert response["Allow"] == allow


@pytest.mark.parametrize("path", ["", "me/", "set_password/"])
def test_anonymous_is_challenged_before_the_method_is_looked_at(api_client, db, path):
    response = api_client.put(f"{USERS}{path}")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"


def test_documented_answers_are_the_real_ones(api_client):
    schema = api_client.get("/api/schema/?format=json").json()
    documented = {
        (path.removeprefix("/api/v1/auth/"), method): {
            code: answer.get("content", {}).get("application/json", {}).get("schema", {})
            for code, answer in operation["responses"].items()
        }
        for path, operations in schema["paths"].items()
        if path.startswith("/api/v1/auth/")
        for method, operation in operations.items()
    }
    user = {"$ref": "#/components/schemas/User"}
    assert documented == {
        ("token/login/", "post"): {"200": {"$ref": "#/components/schemas/Token"}},
        ("token/logout/", "post"): {"204": {}},
        ("users/", "get"): {"200": {"$ref": "#/components/schemas/PaginatedUserList"}},
        ("users/", "post"): {"201": {"$ref": "#/components/schemas/Register"}},
        ("users/me/", "get"): {"200": user},
        ("users/me/", "patch"): {"200": user},
        ("users/me/", "delete"): {"204": {}},
        ("users/set_password/", "post"): {"204": {}},
        ("users/reset_password/", "post"): {"204": {}},
        ("users/reset_password_confirm/", "post"): {"204": {}},
    }
    assert schema["components"]["schemas"]["Token"]["required"] == ["auth_token"]
