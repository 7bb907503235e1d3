from datetime import timedelta

import pytest
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from authentication.jwt import AccessToken, RefreshToken


def test_verify_accepts_access_and_refresh_token(access_token, refresh_token, refresh, verify):
    assert verify(access_token).status_code == 200
    assert verify(refresh_token).status_code == 200
    assert refresh(refresh_token).status_code == 200


@pytest.mark.parametrize("token_class", [AccessToken, RefreshToken])
def test_verify_rejects_expired_token(user, token_class, verify, assert_unauthorized):
    token = token_class.for_user(user)
    token.set_exp(lifetime=timedelta(seconds=-1))
    assert_unauthorized(verify(str(token)))


def test_verify_rejects_tokens_of_inactive_user(
    user, access_token, refresh_token, verify, assert_unauthorized
):
    user.is_active = False
    user.save()
    assert_unauthorized(verify(access_token))
    assert_unauthorized(verify(refresh_token))


def test_verify_rejects_tokens_of_deleted_user(
    user, access_token, refresh_token, verify, assert_unauthorized
):
    user.delete()
    assert_unauthorized(verify(access_token))
    assert_unauthorized(verify(refresh_token))


def test_verify_rejects_used_refresh_token(refresh_token, refresh, verify, assert_unauthorized):
    assert refresh(refresh_token).status_code == 200
    assert_unauthorized(verify(refresh_token))


def test_verify_rejects_unknown_refresh_token(refresh_token, verify, assert_unauthorized):
    OutstandingToken.objects.all().delete()
    assert_unauthorized(verify(refresh_token))
