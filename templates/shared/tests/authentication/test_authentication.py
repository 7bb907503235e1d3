import re
import runpy
from datetime import timedelta

import pytest
from django.contrib import auth
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import transaction
from django.db.models.signals import post_save
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

import config.settings
from accounts.models import User

ME_URL = reverse_lazy("me")


@pytest.fixture
def public_url():
    """Return a URL that anyone may read."""
    return f"{reverse('schema')}?format=json"


def age_token(user, age):
    created = timezone.now() - age
    Token.objects.filter(user=user).update(created=created)
    return created


def assert_unauthorized(response):
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"
    assert response.json().keys() == {"detail"}


def test_login_returns_same_token_while_it_is_valid(obtain_token, credentials):
    assert obtain_token(credentials) == obtain_token(credentials)


def test_each_user_has_own_token(obtain_token, credentials, other_user):
    other_credentials = credentials | {"username": other_user.username}
    assert obtain_token(credentials) != obtain_token(other_credentials)


def test_token_authenticates_user(api_client, user, obtain_token, credentials):
    api_client.credentials(HTTP_AUTHORIZATION=f"Token {obtain_token(credentials)}")
    assert api_client.get(ME_URL).json()["username"] == user.username
    assert api_client.patch(ME_URL, {"first_name": "Ursula"}).status_code == 200


def test_session_does_not_authenticate(user):
    client = APIClient()
    client.force_login(user)
    assert client.get(ME_URL).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token ",
        "Token unknown",
        "Token two words",
        "Token a\0b",
        "Token é",
        "Token \xff",
        f"Token {'x' * 10_000}",
        "token unknown",
    ],
    ids=lambda header: repr(header[:20]),
)
def test_invalid_token_is_rejected_on_public_endpoint_too(api_client, db, public_url, header):
    assert_unauthorized(api_client.get(ME_URL, HTTP_AUTHORIZATION=header))
    assert_unauthorized(api_client.get(public_url, HTTP_AUTHORIZATION=header))


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic dXJzdWxhOng=", "Tokenx y", "\xff"])
def test_other_authentication_scheme_is_ignored(api_client, db, public_url, header):
    assert_unauthorized(api_client.get(ME_URL, HTTP_AUTHORIZATION=header))
    assert api_client.get(public_url, HTTP_AUTHORIZATION=header).status_code == 200


def test_token_is_valid_until_it_expires(user_client, user, settings):
    age_token(user, settings.TOKEN_TTL - timedelta(minutes=1))
    assert user_client.get(ME_URL).status_code == 200


def test_expired_token_is_rejected(user_client, user, settings, public_url):
    assert timedelta(days=30) == settings.TOKEN_TTL
    age_token(user, settings.TOKEN_TTL)
    assert_unauthorized(user_client.get(ME_URL))
    assert_unauthorized(user_client.get(public_url))


def test_login_replaces_expired_token(
    user_client, login_as, user, other_user, obtain_token, credentials, settings
):
    login_as(other_user)
    for owner in (user, other_user):
        age_token(owner, settings.TOKEN_TTL)
    expired = user.auth_token.key
    token = obtain_token(credentials)
    assert token != expired
    assert_unauthorized(user_client.get(ME_URL))
    user_client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert user_client.get(ME_URL).status_code == 200
    assert Token.objects.filter(user=other_user).exists()


def test_login_does_not_extend_token(user_client, user, obtain_token, credentials):
    created = age_token(user, timedelta(days=3))
    obtain_token(credentials)
    assert Token.objects.get(user=user).created == created


@pytest.mark.parametrize("value", ["0", "36501", "1.5", "-1", "a month"])
def test_startup_fails_if_token_ttl_is_invalid(monkeypatch, value):
    monkeypatch.setenv("TOKEN_TTL_DAYS", value)
    with pytest.raises(SystemExit, match=r"\A.*\n  TOKEN_TTL_DAYS: .+\Z"):
        runpy.run_path(config.settings.__file__)


@pytest.mark.parametrize(("days", "expected"), [("", 30), ("1", 1), ("36500", 36500)])
def test_token_expires_after_configured_days(monkeypatch, days, expected):
    monkeypatch.setenv("TOKEN_TTL_DAYS", days)
    settings = runpy.run_path(config.settings.__file__)
    assert settings["TOKEN_TTL"] == timedelta(days=expected)


def test_token_of_inactive_user_is_rejected(user_client, user, public_url):
    user.is_active = False
    user.save()
    assert_unauthorized(user_client.get(ME_URL))
    assert_unauthorized(user_client.get(public_url))


def test_token_of_deleted_user_is_rejected(user_client, user):
    user.delete()
    assert_unauthorized(user_client.get(ME_URL))


def test_password_change_revokes_token(
    user_client, login_as, other_user, password, new_password, password_change_url
):
    other_client = login_as(other_user)
    change = {"current_password": password, "new_password": new_password}
    assert user_client.post(password_change_url, change).status_code == 204
    assert_unauthorized(user_client.get(ME_URL))
    assert other_client.get(ME_URL).status_code == 200


def test_password_change_in_admin_revokes_token(user_client, user, staff, new_password):
    staff.is_superuser = True
    staff.save()
    admin = Client()
    admin.force_login(staff)
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    assert "API token" in admin.get(url).content.decode()
    form = {"usable_password": "true", "password1": new_password, "password2": new_password}
    assert admin.post(url, form).status_code == 302
    assert_unauthorized(user_client.get(ME_URL))


def test_password_change_in_code_revokes_token(user_client, user, new_password):
    user.set_password(new_password)
    user.save()
    assert_unauthorized(user_client.get(ME_URL))


def test_login_upgrades_password_hash_and_keeps_token(user, obtain_token, credentials, settings):
    token = obtain_token(credentials)
    settings.PASSWORD_HASHERS = [
        *settings.PASSWORD_HASHERS,
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    weak = PBKDF2PasswordHasher().encode(credentials["password"], "salt", iterations=1)
    User.objects.filter(pk=user.pk).update(password=weak)
    assert obtain_token(credentials) == token
    user.refresh_from_db()
    assert user.password.startswith("md5$")


@pytest.fixture
def after_password_check(monkeypatch):
    """Return a function that sets what happens after a login has checked the password."""

    def after_password_check(function):
        def authenticate(*args, **kwargs):
            user = auth.authenticate(*args, **kwargs)
            function()
            return user

        monkeypatch.setattr("rest_framework.authtoken.serializers.authenticate", authenticate)

    return after_password_check


@pytest.mark.parametrize("has_token", [True, False])
@pytest.mark.parametrize("end", ["password change", "deactivation", "deletion"])
def test_login_creates_no_token_if_user_changes_after_password_check(
    api_client, login_as, user, credentials, new_password, after_password_check, end, has_token
):
    if has_token:
        login_as(user)

    def change_user():
        if end == "deletion":
            User.objects.filter(pk=user.pk).delete()
            return
        if end == "password change":
            user.set_password(new_password)
        else:
            user.is_active = False
            Token.objects.filter(user=user).delete()
        user.save()

    after_password_check(change_user)
    response = api_client.post(reverse("login"), credentials)
    assert response.status_code == 400
    assert response.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}
    assert not Token.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_token_of_login_does_not_survive_concurrent_password_change(
    obtain_token, user, credentials, new_password
):
    def change_password():
        user.set_password(new_password)
        user.save()

    def change_password_on_commit(**kwargs):
        # The change waits for the lock on the user, which the login holds until it commits.
        post_save.disconnect(change_password_on_commit, sender=Token)
        transaction.on_commit(change_password)

    post_save.connect(change_password_on_commit, sender=Token)
    assert obtain_token(credentials)
    user.refresh_from_db()
    assert user.check_password(new_password)
    assert not Token.objects.exists()


def test_drf_create_token_creates_valid_token(api_client, user, capsys):
    call_command("drf_create_token", user.username)
    token = capsys.readouterr().out.split()[2]
    api_client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert api_client.get(ME_URL).json()["username"] == user.username


def test_tokens_are_random(api_client, obtain_token, credentials):
    tokens = set()
    for _ in range(3):
        tokens.add(obtain_token(credentials))
        Token.objects.all().delete()
    assert len(tokens) == 3
    assert all(re.fullmatch("[0-9a-f]{40}", token) for token in tokens)
