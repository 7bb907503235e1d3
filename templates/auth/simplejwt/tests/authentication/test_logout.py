from datetime import timedelta

import pytest
from django.contrib.auth import user_logged_out
from django.test import Client
from django.urls import reverse, reverse_lazy
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken

from accounts.models import User
from authentication.jwt import AccessToken, RefreshToken
from authentication.logout import revoke_refresh_tokens

LOGOUT_ALL_URL = reverse_lazy("logout-all")


def test_blacklisted_token_is_rejected(
    refresh_token, refresh, verify, blacklist, assert_unauthorized
):
    assert blacklist(refresh_token).status_code == 200
    for send in (refresh, verify, blacklist):
        assert_unauthorized(send(refresh_token))


def test_blacklist_revokes_only_the_given_token(user, refresh_token, refresh, blacklist):
    other = str(RefreshToken.for_user(user))
    assert blacklist(refresh_token).status_code == 200
    assert refresh(other).status_code == 200


def test_blacklist_rejects_expired_token(user, blacklist, assert_unauthorized):
    token = RefreshToken.for_user(user)
    token.set_exp(lifetime=timedelta(seconds=-1))
    assert_unauthorized(blacklist(str(token)))


def test_blacklist_rejects_access_token(access_token, blacklist, assert_unauthorized):
    assert_unauthorized(blacklist(access_token))


# All devices


def test_logout_all_revokes_every_refresh_token_of_the_user(
    user_client, user, other_user, refresh_token, refresh, assert_unauthorized
):
    token_of_other_user = str(RefreshToken.for_user(other_user))
    refreshed = refresh(str(RefreshToken.for_user(user))).json()["refresh"]
    response = user_client.post(LOGOUT_ALL_URL)
    assert response.status_code == 204
    assert not response.content
    for token in (refresh_token, refreshed):
        assert_unauthorized(refresh(token))
    assert refresh(token_of_other_user).status_code == 200
    assert user_client.post(LOGOUT_ALL_URL).status_code == 204


def test_signal_of_logout_all_has_request(user_client):
    paths = []

    def receive(request, **kwargs):
        paths.append(request.path)

    user_logged_out.connect(receive)
    user_client.post(LOGOUT_ALL_URL)
    assert paths == [LOGOUT_ALL_URL]


def test_logout_all_requires_authentication(api_client, db, assert_unauthorized):
    assert_unauthorized(api_client.post(LOGOUT_ALL_URL))
    assert_unauthorized(api_client.get(LOGOUT_ALL_URL))


def test_login_works_after_logout_all(user_client, api_client, credentials, refresh):
    user_client.post(LOGOUT_ALL_URL)
    response = api_client.post(reverse("login"), credentials)
    assert refresh(response.json()["refresh"]).status_code == 200


def test_refresh_fails_if_logout_all_is_faster(
    refresh_token, refresh, assert_unauthorized, monkeypatch
):
    for_user = RefreshToken.for_user

    def log_out_first(user, **kwargs):
        revoke_refresh_tokens(user)
        return for_user(user, **kwargs)

    monkeypatch.setattr(RefreshToken, "for_user", log_out_first)
    assert_unauthorized(refresh(refresh_token))


def test_logout_all_revokes_token_issued_meanwhile(
    user_client, refresh_token, refresh, assert_unauthorized, monkeypatch
):
    new_tokens = []
    bulk_create = BlacklistedToken.objects.bulk_create

    def refresh_first(*args, **kwargs):
        if not new_tokens:
            new_tokens.append(refresh(refresh_token).json()["refresh"])
        return bulk_create(*args, **kwargs)

    monkeypatch.setattr(BlacklistedToken.objects, "bulk_create", refresh_first)
    assert user_client.post(LOGOUT_ALL_URL).status_code == 204
    assert_unauthorized(refresh(new_tokens[0]))


# Password changes


def change_in_api(user, password, new_password):
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
    form = {"current_password": password, "new_password": new_password}
    assert client.post(reverse("password-change"), form).status_code == 204


def change_in_admin(user, password, new_password):
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    form = {"usable_password": "true", "password1": new_password, "password2": new_password}
    assert client.post(url, form).status_code == 302


def change_in_code(user, password, new_password):
    user.set_password(new_password)
    user.save()


@pytest.mark.parametrize("change_password", [change_in_api, change_in_admin, change_in_code])
def test_password_change_revokes_every_token(
    user,
    other_user,
    password,
    new_password,
    access_token,
    refresh_token,
    change_password,
    get_me,
    refresh,
    verify,
    blacklist,
    assert_unauthorized,
):
    token_of_other_user = str(RefreshToken.for_user(other_user))
    change_password(user, password, new_password)
    assert_unauthorized(get_me(access_token))
    assert_unauthorized(verify(access_token))
    assert_unauthorized(refresh(refresh_token))
    assert_unauthorized(verify(refresh_token))
    assert refresh(token_of_other_user).status_code == 200
    # Logging out succeeds, because the token is not blacklisted yet.
    assert blacklist(refresh_token).status_code == 200


def test_password_change_in_database_revokes_every_token(
    user, access_token, refresh_token, get_me, refresh, verify, assert_unauthorized
):
    User.objects.filter(pk=user.pk).update(password="unusable")
    assert_unauthorized(get_me(access_token))
    assert_unauthorized(refresh(refresh_token))
    assert_unauthorized(verify(refresh_token))


@pytest.mark.django_db(transaction=True)
def test_logout_is_logged_without_token(blacklist, refresh_token, user, log, logged_events):
    response = blacklist(refresh_token)
    for event in ("logout", "token_revoked"):
        assert logged_events(event) == [(user.pk, response["X-Request-ID"])]
    assert refresh_token not in str(log())


@pytest.mark.django_db(transaction=True)
def test_logout_on_all_devices_is_logged(user_client, user, logged_events):
    response = user_client.post(LOGOUT_ALL_URL)
    for event in ("logout", "token_revoked"):
        assert logged_events(event) == [(user.pk, response["X-Request-ID"])]
