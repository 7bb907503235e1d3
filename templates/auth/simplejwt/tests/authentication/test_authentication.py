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


def test_key_in_header_of_token_is_not_used(access_token, decode, get_me, assert_unauthorized):
    key = "x" * 64
    jwk = {"kty": "oct", "k": urlsafe_b64encode(key.encode()).decode()}
    headers = {"jwk": jwk, "jku": "https://evil.example/keys.json", "kid": "x"}
    assert_unauthorized(get_me(jwt.encode(decode(access_token), key, "HS256", headers)))


def test_session_does_not_authenticate(client, user, assert_unauthorized):
    client.force_login(user)
    assert_unauthorized(client.get(ME_URL))


@pytest.mark.parametrize("key", ["", "x" * 63], ids=["missing", "short"])
def test_startup_fails_without_signing_key_of_64_characters(load_settings, key):
    with pytest.raises(SystemExit) as error:
        load_settings(JWT_SIGNING_KEY=key)
    assert re.findall(r"^  (\w+): ", str(error.value), re.MULTILINE) == ["JWT_SIGNING_KEY"]


def test_startup_fails_if_signing_key_is_the_secret_key(load_settings):
    key = "x" * 64
    with pytest.raises(SystemExit) as error:
        load_settings(JWT_SIGNING_KEY=key, SECRET_KEY=key)
    (line,) = str(error.value).splitlines()[1:]
    assert line == "  JWT_SIGNING_KEY: Use another key than SECRET_KEY."
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
