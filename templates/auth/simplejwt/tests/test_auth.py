import runpy
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import jwt
import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.models import User
from authentication.tokens import end_refresh_tokens

URL = "/api/v1/auth/"
ME = "/api/v1/me/"


@pytest.fixture
def pair(user):
    refresh = RefreshToken.for_user(user)
    return {"access": str(refresh.access_token), "refresh": str(refresh)}


def me(access):
    return APIClient().get(ME, HTTP_AUTHORIZATION=f"Bearer {access}")


def refresh(token):
    return APIClient().post(f"{URL}token/refresh/", {"refresh": token})


def verify(token):
    return APIClient().post(f"{URL}token/verify/", {"token": token})


def blacklist(token):
    return APIClient().post(f"{URL}token/blacklist/", {"refresh": token})


def assert_refused(response):
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'
    assert "detail" in response.json()


def claims(token):
    return jwt.decode(token, settings.SIMPLE_JWT["SIGNING_KEY"], algorithms=["HS256"])


# Obtaining a pair


def test_password_is_exchanged_for_a_pair(api_client, user, password):
    response = api_client.post(f"{URL}token/", {"username": "ursula", "password": password})
    assert response.status_code == 200
    assert response.json().keys() == {"access", "refresh"}
    assert me(response.json()["access"]).json()["username"] == "ursula"
    assert refresh(response.json()["refresh"]).status_code == 200


def test_spaces_at_the_ends_of_a_password_count(api_client, user):
    user.set_password(" pass phrase ")
    user.save()
    for password, status in ((" pass phrase ", 200), ("pass phrase", 401)):
        data = {"username": "ursula", "password": password}
        assert api_client.post(f"{URL}token/", data).status_code == status


def test_answer_does_not_tell_why_no_pair_is_given(api_client, user, other_user, password):
    other_user.is_active = False
    other_user.save()
    answers = []
    for username, attempt in (("ursula", "wrong"), ("nobody", "wrong"), ("octavia", password)):
        response = api_client.post(f"{URL}token/", {"username": username, "password": attempt})
        assert_refused(response)
        answers.append(response.json())
    assert answers == [answers[0]] * 3


def test_every_refusal_costs_the_work_of_one_password(api_client, user, password, monkeypatch):
    User.objects.create_user("retired", password=password, is_active=False)
    User.objects.create_user("robot")
    hashed = []
    encode = MD5PasswordHasher.encode

    def count(hasher, password, salt):
        hashed.append(password)
        return encode(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    for username in ("nobody", "retired", "robot"):
        data = {"username": username, "password": password}
        assert_refused(api_client.post(f"{URL}token/", data))
    assert len(hashed) == 3


def test_attempts_are_throttled_whatever_address_is_forged(api_client, user, password):
    attempt = {"username": "ursula", "password": "wrong"}
    codes = [
        api_client.post(f"{URL}token/", attempt, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code
        for i in range(11)
    ]
    assert codes == [401] * 10 + [429]
    response = api_client.post(f"{URL}token/", {"username": "ursula", "password": password})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_attempts_are_counted_for_each_address(api_client, db):
    attempt = {"username": "x", "password": "x"}
    for _ in range(11):
        refused = api_client.post(f"{URL}token/", attempt)
    assert refused.status_code == 429
    response = api_client.post(f"{URL}token/", attempt, REMOTE_ADDR="203.0.113.1")
    assert response.status_code == 401


@pytest.mark.parametrize("credentials", ["Bearer stale", "Bearer", "Bearer a b", "Basic x"])
def test_credentials_sent_along_are_not_in_the_way(api_client, password, pair, credentials):
    api_client.credentials(HTTP_AUTHORIZATION=credentials)
    data = {"username": "ursula", "password": password}
    assert api_client.post(f"{URL}token/", data).status_code == 200
    response = api_client.post(f"{URL}token/refresh/", {"refresh": pair["refresh"]})
    assert response.status_code == 200
    token = response.json()["refresh"]
    assert api_client.post(f"{URL}token/verify/", {"token": token}).status_code == 200
    assert api_client.post(f"{URL}token/blacklist/", {"refresh": token}).status_code == 200
    account = {"username": "new", "email": "new@example.com", "password": password}
    assert api_client.post(f"{URL}register/", account).status_code == 201


# The access token


def test_access_token_costs_one_query(user_client):
    with CaptureQueriesContext(connection) as queries:
        assert user_client.get(ME).status_code == 200
    assert len(queries) == 1


def test_access_lives_5_minutes_and_refresh_7_days(pair):
    for token, lifetime in (("access", timedelta(minutes=5)), ("refresh", timedelta(days=7))):
        payload = claims(pair[token])
        assert payload["exp"] - payload["iat"] == lifetime.total_seconds()


def test_access_token_that_has_expired_is_refused(user):
    token = AccessToken.for_user(user)
    token.set_exp(lifetime=timedelta(seconds=-1))
    assert_refused(me(token))
    assert_refused(verify(str(token)))


def test_access_token_of_a_user_deactivated_or_deleted_is_refused(user, pair):
    User.objects.update(is_active=False)
    assert_refused(me(pair["access"]))
    assert_refused(verify(pair["access"]))
    user.delete()
    assert_refused(me(pair["access"]))
    assert_refused(verify(pair["access"]))


def test_wrong_credentials_are_refused_on_public_reads_too(api_client, db):
    response = api_client.get("/api/schema/?format=json", HTTP_AUTHORIZATION="Bearer stale")
    assert_refused(response)


@pytest.mark.parametrize("header", ["", "bearer {}", "Basic {}", "Token {}", "{}"])
def test_foreign_scheme_means_anonymous(api_client, pair, header):
    api_client.credentials(HTTP_AUTHORIZATION=header.format(pair["access"]))
    assert api_client.get("/api/schema/").status_code == 200
    response = api_client.get(ME)
    assert_refused(response)
    assert response.json().keys() == {"detail"}


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer {} x", "Bearer {}x", "Bearer é"])
def test_malformed_header_is_refused(api_client, pair, header):
    header = header.format(pair["access"])
    assert_refused(api_client.get(ME, HTTP_AUTHORIZATION=header))


# Signatures


def test_tokens_are_signed_with_the_signing_key_alone(pair):
    assert settings.SIMPLE_JWT["SIGNING_KEY"] != settings.SECRET_KEY
    for token in pair.values():
        assert jwt.get_unverified_header(token)["alg"] == "HS256"
        assert claims(token)["user_id"]


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (settings.SECRET_KEY, "HS256"),
        (settings.SIMPLE_JWT["SIGNING_KEY"], "HS512"),
        (None, "none"),
    ],
    ids=["secret key", "other algorithm", "no signature"],
)
def test_token_signed_otherwise_is_refused(pair, key, algorithm):
    access, token = (jwt.encode(claims(token), key, algorithm) for token in pair.values())
    assert_refused(me(access))
    assert_refused(verify(access))
    assert_refused(refresh(token))
    assert_refused(blacklist(token))
    assert refresh(pair["refresh"]).status_code == 200


@pytest.mark.parametrize("key", [None, "", "x" * 63])
def test_start_needs_a_signing_key_of_64_bytes(monkeypatch, key):
    monkeypatch.delenv("JWT_SIGNING_KEY")
    if key is not None:
        monkeypatch.setenv("JWT_SIGNING_KEY", key)
    with pytest.raises(SystemExit, match=r"^JWT_SIGNING_KEY is not "):
        runpy.run_path(settings.BASE_DIR / "config" / "settings.py")


# Refreshing


def test_refresh_token_is_exchanged_for_a_new_pair(pair):
    response = refresh(pair["refresh"])
    assert response.status_code == 200
    new = response.json()
    assert new.keys() == {"access", "refresh"}
    assert new["refresh"] != pair["refresh"]
    assert me(new["access"]).json()["username"] == "ursula"
    assert refresh(new["refresh"]).status_code == 200


def test_refresh_token_works_once(pair):
    assert refresh(pair["refresh"]).status_code == 200
    assert_refused(refresh(pair["refresh"]))
    assert_refused(verify(pair["refresh"]))


def test_new_refresh_token_lives_7_days_from_now(user):
    old = RefreshToken.for_user(user)
    old.set_exp(lifetime=timedelta(minutes=1))
    payload = claims(refresh(str(old)).json()["refresh"])
    assert payload["exp"] - payload["iat"] == timedelta(days=7).total_seconds()


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_uses_of_a_refresh_token_one_wins(pair, monkeypatch):
    # All have found the token unused before the first one uses it.
    all_have_checked = Barrier(5, timeout=10)
    check_blacklist = RefreshToken.check_blacklist

    def check_together(token):
        check_blacklist(token)
        all_have_checked.wait()

    def refresh_in_thread(token):
        try:
            return refresh(token)
        finally:
            connection.close()

    with monkeypatch.context() as patch, ThreadPoolExecutor(5) as pool:
        patch.setattr(RefreshToken, "check_blacklist", check_together)
        responses = list(pool.map(refresh_in_thread, [pair["refresh"]] * 5))
    winner, *losers = sorted(responses, key=lambda response: response.status_code)
    assert winner.status_code == 200
    for response in losers:
        assert_refused(response)
    assert me(winner.json()["access"]).status_code == 200
    assert refresh(winner.json()["refresh"]).status_code == 200


def test_refresh_token_that_has_expired_is_refused(user):
    token = RefreshToken.for_user(user)
    token.set_exp(lifetime=timedelta(seconds=-1))
    for response in (refresh(str(token)), verify(str(token)), blacklist(str(token))):
        assert_refused(response)


def test_refresh_token_of_an_inactive_user_is_refused(user, pair):
    user.is_active = False
    user.save()
    assert_refused(refresh(pair["refresh"]))
    assert_refused(verify(pair["refresh"]))


def test_refresh_token_of_a_deleted_user_is_refused(user, pair):
    user.delete()
    assert_refused(refresh(pair["refresh"]))
    assert_refused(verify(pair["refresh"]))


def test_refresh_token_that_was_never_stored_is_refused(pair):
    OutstandingToken.objects.all().delete()
    assert_refused(refresh(pair["refresh"]))
    assert_refused(verify(pair["refresh"]))


def test_neither_token_stands_for_the_other(pair):
    assert_refused(me(pair["refresh"]))
    assert_refused(refresh(pair["access"]))
    assert_refused(blacklist(pair["access"]))


def test_refresh_takes_few_queries(pair):
    with CaptureQueriesContext(connection) as queries:
        assert refresh(pair["refresh"]).status_code == 200
    assert len(queries) == 8


# Verifying


def test_both_tokens_of_a_pair_are_verified(pair):
    assert verify(pair["access"]).status_code == 200
    assert verify(pair["refresh"]).status_code == 200
    assert refresh(pair["refresh"]).status_code == 200


# Ending


def test_blacklisted_token_is_dead(pair):
    assert blacklist(pair["refresh"]).status_code == 200
    for use in (refresh, verify, blacklist):
        assert_refused(use(pair["refresh"]))


def test_blacklisting_ends_no_other_token(user, pair):
    other = RefreshToken.for_user(user)
    assert blacklist(pair["refresh"]).status_code == 200
    assert refresh(str(other)).status_code == 200


def test_logout_all_ends_every_refresh_token_of_the_caller(user_client, user, other_user, pair):
    other = str(RefreshToken.for_user(other_user))
    second = refresh(str(RefreshToken.for_user(user))).json()["refresh"]
    response = user_client.post(f"{URL}logout-all/")
    assert response.status_code == 204
    assert not response.content
    for token in (pair["refresh"], second):
        assert_refused(refresh(token))
    assert refresh(other).status_code == 200
    assert user_client.post(f"{URL}logout-all/").status_code == 204


def test_logout_all_needs_credentials(api_client, db):
    response = api_client.post(f"{URL}logout-all/")
    assert_refused(response)
    assert_refused(api_client.get(f"{URL}logout-all/"))


def test_login_works_after_logout_all(user_client, api_client, password):
    user_client.post(f"{URL}logout-all/")
    data = {"username": "ursula", "password": password}
    response = api_client.post(f"{URL}token/", data)
    assert refresh(response.json()["refresh"]).status_code == 200


def test_refresh_that_logout_all_overtakes_is_refused(user, pair, monkeypatch):
    for_user = RefreshToken.for_user

    def log_out_first(user):
        end_refresh_tokens(user)
        return for_user(user)

    monkeypatch.setattr(RefreshToken, "for_user", log_out_first)
    assert_refused(refresh(pair["refresh"]))


def test_logout_all_ends_a_token_that_is_issued_meanwhile(user_client, pair, monkeypatch):
    new = []
    bulk_create = BlacklistedToken.objects.bulk_create

    def refresh_first(*args, **kwargs):
        if not new:
            new.append(refresh(pair["refresh"]).json()["refresh"])
        return bulk_create(*args, **kwargs)

    monkeypatch.setattr(BlacklistedToken.objects, "bulk_create", refresh_first)
    assert user_client.post(f"{URL}logout-all/").status_code == 204
    assert_refused(refresh(new[0]))


def change_over_the_api(user, new_password):
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
    change = {"current_password": "correct-horse-battery", "new_password": new_password}
    assert client.post(f"{URL}password/", change).status_code == 204


def change_in_the_admin(user, new_password):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    form = {"usable_password": "true", "password1": new_password, "password2": new_password}
    assert client.post(url, form).status_code == 302


def change_in_code(user, new_password):
    user.set_password(new_password)
    user.save()


@pytest.mark.parametrize("change", [change_over_the_api, change_in_the_admin, change_in_code])
def test_change_of_password_ends_every_token(user, other_user, pair, change):
    other = str(RefreshToken.for_user(other_user))
    change(user, "staple-battery-horse")
    assert_refused(me(pair["access"]))
    assert_refused(verify(pair["access"]))
    for use in (refresh, verify, blacklist):
        assert_refused(use(pair["refresh"]))
    assert refresh(other).status_code == 200


def test_change_of_password_in_the_database_ends_every_token(user, pair):
    User.objects.update(password="unusable")
    assert_refused(me(pair["access"]))
    assert_refused(refresh(pair["refresh"]))
    assert_refused(verify(pair["refresh"]))


def test_expired_tokens_are_flushed(user, pair):
    expired = RefreshToken.for_user(user)
    BlacklistedToken.objects.create(token=OutstandingToken.objects.get(jti=expired["jti"]))
    lately = expired.current_time - timedelta(seconds=1)
    OutstandingToken.objects.filter(jti=expired["jti"]).update(expires_at=lately)
    call_command("flushexpiredtokens")
    assert OutstandingToken.objects.get().token == pair["refresh"]
    assert not BlacklistedToken.objects.exists()


def test_admin_does_not_show_refresh_tokens(user, pair):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    token = OutstandingToken.objects.get()
    url = reverse("admin:token_blacklist_outstandingtoken_change", args=[token.pk])
    page = client.get(url).content.decode()
    assert token.jti in page
    assert pair["refresh"] not in page


# What is no token


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("token/", {"username", "password"}),
        ("token/refresh/", {"refresh"}),
        ("token/verify/", {"token"}),
        ("token/blacklist/", {"refresh"}),
    ],
)
def test_fields_are_required(api_client, db, path, fields):
    for value in (None, "", [], {}, True, "a\0b"):
        response = api_client.post(URL + path, dict.fromkeys(fields, value))
        assert response.status_code == 400
        assert response.json().keys() == fields
    response = api_client.post(URL + path, {})
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
def test_junk_is_refused(db, token):
    for use in (refresh, verify, blacklist):
        assert_refused(use(token))


# Documentation


def test_documented_bodies_are_the_true_ones(api_client):
    schema = api_client.get("/api/schema/?format=json").json()

    def fields(body, hidden):
        (reference,) = body["content"]["application/json"]["schema"].values()
        properties = schema["components"]["schemas"][reference.split("/")[-1]]["properties"]
        return {name for name, field in properties.items() if not field.get(hidden)}

    for path, sent, received in (
        ("token/", {"username", "password"}, {"access", "refresh"}),
        ("token/refresh/", {"refresh"}, {"access", "refresh"}),
    ):
        operation = schema["paths"][URL + path]["post"]
        assert fields(operation["requestBody"], "readOnly") == sent
        assert operation["responses"].keys() == {"200"}
        assert fields(operation["responses"]["200"], "writeOnly") == received


@pytest.mark.parametrize("path", ["token/verify/", "token/blacklist/"])
def test_documented_bodies_without_fields_are_the_true_ones(api_client, path):
    schema = api_client.get("/api/schema/?format=json").json()
    responses = schema["paths"][URL + path]["post"]["responses"]
    body = responses.pop("200")["content"]["application/json"]["schema"]
    assert body == {"type": "object", "additionalProperties": {}}
    assert not responses


def test_logout_all_is_documented_without_bodies(api_client):
    schema = api_client.get("/api/schema/?format=json").json()
    operation = schema["paths"][f"{URL}logout-all/"]["post"]
    assert "requestBody" not in operation
    assert operation["responses"] == {"204": {"description": "No response body"}}
