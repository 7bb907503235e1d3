from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from authentication.jwt import RefreshToken

DAY = 24 * 60 * 60


def test_refresh_returns_new_tokens(user, refresh_token, get_me, refresh):
    response = refresh(refresh_token)
    assert response.status_code == 200
    new = response.json()
    assert new.keys() == {"access", "refresh"}
    assert new["refresh"] != refresh_token
    assert get_me(new["access"]).json()["username"] == user.username
    assert refresh(new["refresh"]).status_code == 200


def test_refresh_takes_nine_queries(refresh_token, refresh, django_assert_num_queries):
    with django_assert_num_queries(9):
        assert refresh(refresh_token).status_code == 200


def test_refresh_token_works_once(refresh_token, refresh, assert_unauthorized):
    assert refresh(refresh_token).status_code == 200
    assert_unauthorized(refresh(refresh_token))


def test_access_tokens_last_5_minutes_and_refresh_tokens_7_days(
    access_token, refresh_token, decode
):
    lifetimes = [timedelta(minutes=5), timedelta(days=7)]
    for token, lifetime in zip((access_token, refresh_token), lifetimes, strict=True):
        claims = decode(token)
        assert claims["exp"] - claims["iat"] == lifetime.total_seconds()


def test_refresh_restarts_lifetime(user, refresh, decode):
    old = RefreshToken.for_user(user)
    old.set_exp(lifetime=timedelta(minutes=1))
    claims = decode(refresh(str(old)).json()["refresh"])
    assert claims["exp"] - claims["iat"] == 7 * DAY


def test_login_ends_after_30_days_of_refreshing(
    refresh_token, refresh, decode, change_claims, assert_unauthorized
):
    token, lifetimes = refresh_token, []
    for _ in range(6):
        claims = decode(token)
        lifetimes.append(claims["exp"] - claims["iat"])
        # Let six days pass.
        times = {claim: claims[claim] - 6 * DAY for claim in ("login_at", "iat", "exp")}
        response = refresh(change_claims(token, **times))
        token = response.json().get("refresh")
        if response.status_code != 200:
            break
    assert_unauthorized(response)
    # The claims have no fractions of a second.
    assert lifetimes == [7 * DAY] * 4 + [pytest.approx(6 * DAY, abs=10)]


@pytest.mark.parametrize("name", ["refresh", "verify", "blacklist"])
def test_refresh_token_of_ended_login_is_rejected(
    request, refresh_token, decode, change_claims, name, assert_unauthorized
):
    login_at = decode(refresh_token)["login_at"] - 30 * DAY
    token = change_claims(refresh_token, login_at=login_at)
    assert_unauthorized(request.getfixturevalue(name)(token))


def test_access_token_does_not_outlive_login(refresh_token, refresh, decode, change_claims):
    login_at = decode(refresh_token)["login_at"] - 30 * DAY + 60
    new = refresh(change_claims(refresh_token, login_at=login_at)).json()
    assert decode(new["access"])["exp"] == decode(new["refresh"])["exp"] == login_at + 30 * DAY


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
    assert OutstandingToken.objects.get().jti == RefreshToken(refresh_token)["jti"]
    assert not BlacklistedToken.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_creation_and_rotation_of_token_are_logged_without_token(
    api_client, credentials, user, refresh, log, logged_events
):
    login = api_client.post(reverse("login"), credentials)
    assert logged_events("token_created") == [(user.pk, login["X-Request-ID"])]
    response = refresh(login.json()["refresh"])
    assert logged_events("token_rotated") == [(user.pk, response["X-Request-ID"])]
    assert len(logged_events("token_created")) == 1
    for token in [*login.json().values(), *response.json().values()]:
        assert token not in str(log())


# Reuse


@pytest.fixture
def other_login(user):
    """Return a refresh token of the user from another login."""
    return str(RefreshToken.for_user(user))


@pytest.fixture
def new_token(refresh_token, refresh):
    """Exchange the refresh token; return the new one."""
    return refresh(refresh_token).json()["refresh"]


@pytest.fixture
def let_time_pass():
    """Return a function that moves the exchange or revocation of refresh tokens into the past."""

    def let_time_pass(seconds):
        earlier = timezone.now() - timedelta(seconds=seconds)
        assert BlacklistedToken.objects.update(blacklisted_at=earlier)

    return let_time_pass


def test_reuse_revokes_every_refresh_token_of_the_user(
    other_user, refresh_token, new_token, other_login, refresh, let_time_pass, assert_unauthorized
):
    token_of_other_user = str(RefreshToken.for_user(other_user))
    let_time_pass(11)
    for token in (refresh_token, new_token, other_login):
        assert_unauthorized(refresh(token))
    assert refresh(token_of_other_user).status_code == 200


def test_reuse_revokes_tokens_after_several_exchanges(
    refresh_token, new_token, refresh, let_time_pass, assert_unauthorized
):
    newest_token = refresh(new_token).json()["refresh"]
    let_time_pass(11)
    assert_unauthorized(refresh(refresh_token))
    assert_unauthorized(refresh(newest_token))


def test_reuse_is_detected_after_logout_of_other_user(
    login_as, other_user, refresh_token, new_token, refresh, let_time_pass, assert_unauthorized
):
    assert login_as(other_user).post(reverse("logout-all")).status_code == 204
    let_time_pass(11)
    assert_unauthorized(refresh(refresh_token))
    assert_unauthorized(refresh(new_token))


def test_reuse_within_10_seconds_revokes_nothing(
    refresh_token, new_token, other_login, refresh, let_time_pass, assert_unauthorized
):
    let_time_pass(5)
    assert_unauthorized(refresh(refresh_token))
    assert refresh(new_token).status_code == 200
    assert refresh(other_login).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_reuse_is_logged_without_token(
    refresh_token, new_token, user, refresh, let_time_pass, log, logged_events
):
    refresh(refresh_token)
    assert not logged_events("token_reuse_detected")
    let_time_pass(11)
    response = refresh(refresh_token)
    for event in ("token_reuse_detected", "token_revoked"):
        assert logged_events(event) == [(user.pk, response["X-Request-ID"])]
    assert refresh_token not in str(log())


@pytest.mark.parametrize("name", ["verify", "blacklist"])
def test_only_refresh_counts_as_use(
    request, refresh_token, new_token, refresh, let_time_pass, name, assert_unauthorized
):
    let_time_pass(11)
    assert_unauthorized(request.getfixturevalue(name)(refresh_token))
    assert refresh(new_token).status_code == 200


def test_use_of_blacklisted_token_revokes_nothing(
    refresh_token, other_login, refresh, blacklist, let_time_pass, assert_unauthorized
):
    assert blacklist(refresh_token).status_code == 200
    new_token = refresh(other_login).json()["refresh"]
    let_time_pass(11)
    assert_unauthorized(refresh(refresh_token))
    assert refresh(new_token).status_code == 200


def test_use_of_access_token_as_refresh_token_revokes_nothing(
    access_token, new_token, refresh, let_time_pass, assert_unauthorized
):
    let_time_pass(11)
    assert_unauthorized(refresh(access_token))
    assert refresh(new_token).status_code == 200


def reuse(refresh_token, new_token, user_client, refresh):
    assert refresh(refresh_token).status_code == 401


def log_out_everywhere(refresh_token, new_token, user_client, refresh):
    assert user_client.post(reverse("logout-all")).status_code == 204


@pytest.mark.parametrize("revoke", [reuse, log_out_everywhere])
def test_reuse_does_not_revoke_login_after_revocation(
    user,
    user_client,
    refresh_token,
    new_token,
    refresh,
    let_time_pass,
    revoke,
    assert_unauthorized,
):
    # Otherwise a stolen token could log the user out again and again.
    let_time_pass(11)
    revoke(refresh_token, new_token, user_client, refresh)
    later_login = str(RefreshToken.for_user(user))
    let_time_pass(11)
    assert_unauthorized(refresh(refresh_token))
    assert_unauthorized(refresh(new_token))
    assert refresh(later_login).status_code == 200


def test_reuse_does_not_revoke_login_after_password_change(
    user, new_password, refresh_token, new_token, refresh, let_time_pass, assert_unauthorized
):
    let_time_pass(11)
    user.set_password(new_password)
    user.save()
    later_login = str(RefreshToken.for_user(user))
    assert_unauthorized(refresh(refresh_token))
    assert refresh(later_login).status_code == 200


# Concurrency


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
