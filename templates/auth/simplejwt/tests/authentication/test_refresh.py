from datetime import timedelta

import pytest
from django.core.management import call_command
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
