import re
from base64 import urlsafe_b64encode
from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from django.urls import reverse, reverse_lazy
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from authentication.jwt import AccessToken, RefreshToken

ME_URL = reverse_lazy("me")
SCHEMA_URL = reverse_lazy("schema", query={"format": "json"})


def test_authentication_takes_one_query(user_client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert user_client.get(ME_URL).status_code == 200


def test_expired_access_token_is_rejected(user, get_me, assert_unauthorized):
    token = AccessToken.for_user(user)
    token.set_exp(lifetime=timedelta(seconds=-1))
    assert_unauthorized(get_me(token))


def test_access_token_of_inactive_user_is_rejected(user, access_token, get_me, assert_unauthorized):
    user.is_active = False
    user.save()
    assert_unauthorized(get_me(access_token))


def test_access_token_of_deleted_user_is_rejected(user, access_token, get_me, assert_unauthorized):
    user.delete()
    assert_unauthorized(get_me(access_token))


def test_refresh_token_is_rejected_as_access_token(refresh_token, get_me, assert_unauthorized):
    assert_unauthorized(get_me(refresh_token))


# Headers


def test_public_read_rejects_invalid_token(stale_client, db, assert_unauthorized):
    assert_unauthorized(stale_client.get(SCHEMA_URL))


@pytest.mark.parametrize("header", ["", "bearer {}", "Basic {}", "Token {}", "{}"])
def test_request_with_other_scheme_is_anonymous(
    api_client, access_token, header, assert_unauthorized
):
    api_client.credentials(HTTP_AUTHORIZATION=header.format(access_token))
    assert api_client.get(SCHEMA_URL).status_code == 200
    response = api_client.get(ME_URL)
    assert_unauthorized(response)
    assert response.json().keys() == {"detail"}


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer {} x", "Bearer {}x", "Bearer é"])
def test_malformed_header_is_rejected(api_client, access_token, header, assert_unauthorized):
    header = header.format(access_token)
    assert_unauthorized(api_client.get(ME_URL, HTTP_AUTHORIZATION=header))


@pytest.mark.parametrize("header", ["Bearer stale", "Bearer", "Bearer a b", "Basic x"])
def test_public_endpoint_ignores_authorization_header(
    api_client, credentials, refresh_token, password, header
):
    api_client.credentials(HTTP_AUTHORIZATION=header)
    assert api_client.post(reverse("login"), credentials).status_code == 200
    response = api_client.post(reverse("token-refresh"), {"refresh": refresh_token})
    assert response.status_code == 200
    token = response.json()["refresh"]
    assert api_client.post(reverse("token-verify"), {"token": token}).status_code == 200
    assert api_client.post(reverse("token-blacklist"), {"refresh": token}).status_code == 200
    account = {"username": "new", "email": "new@example.com", "password": password}
    assert api_client.post(reverse("register"), account).status_code == 201


# Signatures


def test_tokens_are_signed_with_the_signing_key(access_token, refresh_token, decode):
    assert settings.SIMPLE_JWT["SIGNING_KEY"] != settings.SECRET_KEY
    for token in (access_token, refresh_token):
        assert jwt.get_unverified_header(token)["alg"] == "HS256"
        assert decode(token)["user_id"]


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (settings.SECRET_KEY, "HS256"),
        (settings.SIMPLE_JWT["SIGNING_KEY"], "HS512"),
        (None, "none"),
    ],
    ids=["secret key", "other algorithm", "no signature"],
)
def test_token_with_wrong_signature_is_rejected(
    access_token,
    refresh_token,
    key,
    algorithm,
    decode,
    get_me,
    refresh,
    verify,
    blacklist,
    assert_unauthorized,
):
    forged_access_token = jwt.encode(decode(access_token), key, algorithm)
    forged_refresh_token = jwt.encode(decode(refresh_token), key, algorithm)
    assert_unauthorized(get_me(forged_access_token))
    assert_unauthorized(verify(forged_access_token))
    assert_unauthorized(refresh(forged_refresh_token))
    assert_unauthorized(blacklist(forged_refresh_token))
    assert refresh(refresh_token).status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 63], ids=["missing", "short"])
def test_startup_fails_without_signing_key_of_64_characters(load_settings, key):
    with pytest.raises(SystemExit) as error:
        load_settings(JWT_SIGNING_KEY=key)
    assert re.findall(r"^  (\w+): ", str(error.value), re.MULTILINE) == ["JWT_SIGNING_KEY"]


def test_startup_fails_if_signing_key_is_the_secret_key(load_settings):
    key = "x" * 64
    with pytest.raises(SystemExit) as error:
        load_settings(JWT_SIGNING_KEY=key, SECRET_KEY=key)
    assert re.findall(r"^  (\w+): ", str(error.value), re.MULTILINE) == ["JWT_SIGNING_KEY"]
    assert key not in str(error.value)


def test_signing_key_of_64_characters_is_accepted(load_settings):
    key = "x" * 64
    assert load_settings(JWT_SIGNING_KEY=key)["SIMPLE_JWT"]["SIGNING_KEY"] == key


# Request bodies


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("login", {"username", "password"}),
        ("token-refresh", {"refresh"}),
        ("token-verify", {"token"}),
        ("token-blacklist", {"refresh"}),
    ],
)
def test_token_endpoint_requires_every_field(api_client, db, name, fields):
    for value in (None, "", [], {}, True, "a\0b"):
        response = api_client.post(reverse(name), dict.fromkeys(fields, value))
        assert response.status_code == 400
        assert response.json().keys() == fields
    response = api_client.post(reverse(name), {})
    assert response.status_code == 400
    assert response.json().keys() == fields


@pytest.mark.parametrize(
    "token",
    [
        "junk",
        "a.b.c",
        "é.é.é",
        "...",
        "x" * 1_000_000,
        f"{urlsafe_b64encode(b'[' * 50_000).decode()}.e30.x",
        f"{urlsafe_b64encode(b'1').decode()}.e30.x",
        1,
    ],
    ids=lambda token: repr(token)[:8],
)
def test_malformed_token_is_rejected(db, token, refresh, verify, blacklist, assert_unauthorized):
    for send in (refresh, verify, blacklist):
        assert_unauthorized(send(token))


# Claims


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
def test_odd_claim_that_is_not_used_is_no_server_error(
    use_access_token, use_refresh_token, claim, value
):
    for response in use_access_token(**{claim: value}) + use_refresh_token(**{claim: value}):
        assert response.status_code in {200, 401}


# Verification


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
