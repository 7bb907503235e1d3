from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken


def test_refresh_returns_new_tokens(user, refresh_token, get_me, refresh):
    response = refresh(refresh_token)
    assert response.status_code == 200
    new = response.json()
    assert new.keys() == {"access", "refresh"}
    assert new["refresh"] != refresh_token
    assert get_me(new["access"]).json()["username"] == user.username
    assert refresh(new["refresh"]).status_code == 200


def test_refresh_takes_eight_queries(refresh_token, refresh, django_assert_num_queries):
    with django_assert_num_queries(8):
        assert refresh(refresh_token).status_code == 200


def test_refresh_token_works_once(refresh_token, refresh, assert_unauthorized):
    assert refresh(refresh_token).status_code == 200
    assert_unauthorized(refresh(refresh_token))


def test_refresh_restarts_lifetime(user, refresh, decode):
    old = RefreshToken.for_user(user)
    old.set_exp(lifetime=timedelta(minutes=1))
    claims = decode(refresh(str(old)).json()["refresh"])
    assert claims["exp"] - claims["iat"] == timedelta(days=7).total_seconds()


@pytest.mark.django_db(transaction=True)
def test_concurrent_refresh_succeeds_once(
    refresh_token, get_me, refresh, assert_unauthorized, monkeypatch
):
    # Every thread finds the token unused before the first one uses it.
    all_have_checked = Barrier(5, timeout=10)
    check_blacklist = RefreshToken.check_blacklist

    def check_and_wait(token):
        check_blacklist(token)
        all_have_checked.wait()

    def refresh_in_thread(_):
        try:
            return refresh(refresh_token)
        finally:
            connection.close()

    with monkeypatch.context() as patch, ThreadPoolExecutor(5) as pool:
        patch.setattr(RefreshToken, "check_blacklist", check_and_wait)
        responses = list(pool.map(refresh_in_thread, range(5)))
    success, *failures = sorted(responses, key=lambda response: response.status_code)
    assert success.status_code == 200
    for response in failures:
        assert_unauthorized(response)
    assert get_me(success.json()["access"]).status_code == 200
    assert refresh(success.json()["refresh"]).status_code == 200


def test_expired_refresh_token_is_rejected(user, refresh, assert_unauthorized):
    token = RefreshToken.for_user(user)
    token.set_exp(lifetime=timedelta(seconds=-1))
    assert_unauthorized(refresh(str(token)))


def test_refresh_token_of_inactive_user_is_rejected(
    user, refresh_token, refresh, assert_unauthorized
):
    user.is_active = False
    user.save()
    assert_unauthorized(refresh(refresh_token))


def test_refresh_token_of_deleted_user_is_rejected(
    user, refresh_token, refresh, assert_unauthorized
):
    user.delete()
    assert_unauthorized(refresh(refresh_token))


def test_unknown_refresh_token_is_rejected(refresh_token, refresh, assert_unauthorized):
    OutstandingToken.objects.all().delete()
    assert_unauthorized(refresh(refresh_token))


def test_access_token_is_rejected_as_refresh_token(access_token, refresh, assert_unauthorized):
    assert_unauthorized(refresh(access_token))


def test_flushexpiredtokens_deletes_only_expired_tokens(user, refresh_token, blacklist):
    expired = RefreshToken.for_user(user)
    blacklist(str(expired))
    past = expired.current_time - timedelta(seconds=1)
    OutstandingToken.objects.filter(jti=expired["jti"]).update(expires_at=past)
    call_command("flushexpiredtokens")
    assert OutstandingToken.objects.get().token == refresh_token
    assert not BlacklistedToken.objects.exists()
