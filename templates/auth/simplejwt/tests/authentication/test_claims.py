import time

import pytest
from django.conf import settings


@pytest.fixture
def use_access_token(access_token, change_claims, get_me, verify):
    """Return a function that uses an access token with other claims wherever it is accepted."""

    def use_access_token(**claims):
        token = change_claims(access_token, **claims)
        return [get_me(token), verify(token)]

    return use_access_token


@pytest.fixture
def use_refresh_token(refresh_token, change_claims, refresh, verify, blacklist):
    """Return a function that uses a refresh token with other claims wherever it is accepted."""

    def use_refresh_token(**claims):
        token = change_claims(refresh_token, **claims)
        return [verify(token), refresh(token), blacklist(token)]

    return use_refresh_token


NO_STRINGS = [True, 1, -1, 1.5, 1e300, 10**40, float("inf"), float("nan"), [], ["1"], {}, {"a": 1}]
ODD_STRINGS = ["", "x", "\0", "1\0", "\ud800", "é", "٣", "x" * 10_000, "9" * 1_000]
ODD_TIMES = [*ODD_STRINGS, "9999999999", True, -1, 0, 10**11, 10**40, -(10**40), 1.5, 1e300]
ODD_TIMES += [float("inf"), float("nan"), [], [9_999_999_999], {}, {"a": 1}]


def test_tokens_name_issuer_and_audience(access_token, refresh_token, decode):
    for token in (access_token, refresh_token):
        claims = decode(token)
        assert claims["iss"] == settings.SIMPLE_JWT["ISSUER"]
        assert claims["aud"] == settings.SIMPLE_JWT["AUDIENCE"]


@pytest.mark.parametrize("claim", ["iss", "aud"])
@pytest.mark.parametrize(
    "value", [None, "another-api", *NO_STRINGS, *ODD_STRINGS], ids=lambda value: repr(value)[:20]
)
def test_token_for_other_issuer_or_audience_is_rejected(
    use_access_token, use_refresh_token, claim, value, assert_unauthorized
):
    for response in use_access_token(**{claim: value}) + use_refresh_token(**{claim: value}):
        assert_unauthorized(response)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        *(("jti", value) for value in (None, *NO_STRINGS, *ODD_STRINGS, "A" * 32, "a" * 33)),
        *(("user_id", value) for value in (None, *NO_STRINGS[2:], *ODD_STRINGS, "-1", "1.0")),
        *(("exp", value) for value in (None, *ODD_TIMES)),
        *(("token_type", value) for value in (None, *NO_STRINGS, *ODD_STRINGS, "untyped")),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_token_with_unusable_claim_is_rejected(
    use_access_token, use_refresh_token, claim, value, assert_unauthorized
):
    for response in use_access_token(**{claim: value}) + use_refresh_token(**{claim: value}):
        assert_unauthorized(response)


@pytest.mark.parametrize(
    "value", [None, *NO_STRINGS, *ODD_STRINGS], ids=lambda value: repr(value)[:20]
)
def test_token_with_wrong_password_hash_is_rejected(
    use_access_token, use_refresh_token, value, assert_unauthorized
):
    # Logging out succeeds, as after a password change.
    *responses, logout = use_refresh_token(hash_password=value)
    assert logout.status_code == 200
    for response in use_access_token(hash_password=value) + responses:
        assert_unauthorized(response)


@pytest.mark.parametrize("login_at", [None, *ODD_TIMES], ids=lambda value: repr(value)[:20])
def test_refresh_token_with_unusable_login_time_is_rejected(
    use_refresh_token, login_at, assert_unauthorized
):
    for response in use_refresh_token(login_at=login_at):
        assert_unauthorized(response)


@pytest.mark.parametrize("claim", ["iat", "nbf", "sub"])
@pytest.mark.parametrize("value", [*NO_STRINGS, *ODD_TIMES], ids=lambda value: repr(value)[:20])
def test_malformed_unused_claim_does_not_cause_server_error(
    use_access_token, use_refresh_token, claim, value
):
    for response in use_access_token(**{claim: value}) + use_refresh_token(**{claim: value}):
        assert response.status_code in {200, 401}


def test_token_that_is_not_valid_yet_is_rejected(
    use_access_token, use_refresh_token, assert_unauthorized
):
    in_an_hour = time.time() + 3600
    for response in use_access_token(nbf=in_an_hour) + use_refresh_token(nbf=in_an_hour):
        assert_unauthorized(response)


def test_password_hash_in_token_is_an_hmac(access_token, user, decode):
    # The package would use MD5.
    assert decode(access_token)["hash_password"] == user.get_session_auth_hash()
