import runpy
from unicodedata import normalize

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse_lazy

from accounts.models import User
from accounts.serializers import UserSerializer
from authentication import serializers

ME_URL = reverse_lazy("me")


@pytest.fixture
def account(db, password):
    return {"username": "joanna", "email": "joanna@example.com", "password": password}


def test_registration_returns_user_as_me_does(api_client, login_as, register_url, account):
    response = api_client.post(register_url, account)
    assert response.status_code == 201
    user = User.objects.get(username=account["username"])
    assert response.json() == {
        "id": user.pk,
        "username": account["username"],
        "email": account["email"],
        "first_name": "",
        "last_name": "",
    }
    assert response.json() == login_as(user).get(ME_URL).json()


def test_registration_does_not_log_in(api_client, register_url, account):
    response = api_client.post(register_url, account)
    assert not response.cookies
    assert api_client.get(ME_URL).status_code == 401


def test_registration_stores_password_as_hash(api_client, register_url, account):
    account["password"] = f" {account['password']} "
    assert api_client.post(register_url, account).status_code == 201
    user = User.objects.get()
    assert account["password"].strip() not in user.password
    assert user.check_password(account["password"])


def test_registration_ignores_fields_that_grant_privileges(api_client, register_url, account):
    account |= {"id": 999, "is_staff": True, "is_superuser": True, "is_active": False}
    account |= {"groups": [1], "first_name": "x", "last_name": "x"}
    assert api_client.post(register_url, account).status_code == 201
    user = User.objects.get()
    assert user.pk != account["id"]
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert user.get_full_name() == ""


def test_new_field_of_user_cannot_be_set_at_registration(monkeypatch):
    monkeypatch.setattr(UserSerializer.Meta, "fields", [*UserSerializer.Meta.fields, "is_staff"])
    serializer = runpy.run_path(serializers.__file__)["RegistrationSerializer"]()
    writable = {name for name, field in serializer.fields.items() if not field.read_only}
    assert "is_staff" in serializer.fields
    assert writable == {"username", "email", "password"}


def test_registration_requires_every_field(api_client, register_url, db):
    response = api_client.post(register_url, {})
    assert response.status_code == 400
    assert response.json().keys() == {"username", "email", "password"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", None),
        ("username", ["x"]),
        ("username", "two words"),
        ("username", "x" * 151),
        ("username", "a\0b"),
        ("email", ""),
        ("email", None),
        ("email", "no address"),
        ("email", "a\0b@example.com"),
        ("email", "x" * 250 + "@example.com"),
        ("email", "x" * 248 + "@\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}.com"),
        ("password", ""),
        ("password", None),
        ("password", {}),
        ("password", "a\0b-long-enough"),
        ("password", "Tr0ub4d"),
        ("password", "password123"),
        ("password", "7318463219"),
    ],
)
def test_registration_rejects_invalid_field(api_client, register_url, account, field, value):
    response = api_client.post(register_url, account | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}
    assert not User.objects.exists()


def test_registration_rejects_password_similar_to_user(api_client, register_url, account):
    for password in (f"{account['username']}12", account["email"].removesuffix(".com")):
        response = api_client.post(register_url, account | {"password": password})
        assert response.status_code == 400
        assert response.json().keys() == {"password"}
        assert not User.objects.exists()


def test_registration_rejects_existing_username(api_client, user, register_url, account):
    response = api_client.post(register_url, account | {"username": user.username})
    assert response.status_code == 400
    assert response.json() == {"username": ["A user with that username already exists."]}


def test_registration_rejects_existing_email_in_any_case(api_client, user, register_url, account):
    response = api_client.post(register_url, account | {"email": user.email.upper()})
    assert response.status_code == 400
    assert response.json() == {"email": ["A user with that email address already exists."]}


def test_registration_finds_email_with_unique_index(api_client, register_url, account):
    with CaptureQueriesContext(connection) as queries:
        api_client.post(register_url, account)
    sql = next(query["sql"] for query in queries if account["email"] in query["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # PostgreSQL does not use indexes of small tables.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{connection.ops.explain_query_prefix()} {sql}")
        plan = str(cursor.fetchall())
    assert "unique_email" in plan
    assert "SEARCH" in plan or "Index Cond" in plan  # not a scan of the whole index


def test_registration_rejects_other_spelling_of_username(api_client, user, register_url, account):
    fullwidth = "".join(chr(ord(character) + 0xFEE0) for character in user.username)
    assert normalize("NFKC", fullwidth) == user.username
    response = api_client.post(register_url, account | {"username": fullwidth})
    assert response.status_code == 400
    assert response.json().keys() == {"username"}


def test_registration_rejects_username_too_long_when_normalized(api_client, register_url, account):
    # NFKC normalization replaces this character by 18 others.
    response = api_client.post(register_url, account | {"username": "\ufdfa" * 150})
    assert response.status_code == 400
    assert response.json().keys() == {"username"}


def test_registration_ignores_stale_credentials(stale_client, register_url, account):
    assert stale_client.post(register_url, account).status_code == 201


def test_registration_is_throttled(api_client, register_url, db, set_rate):
    set_rate("login", "2/min")
    codes = [
        api_client.post(register_url, {}, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code
        for i in range(3)
    ]
    assert codes == [400, 400, 429]


@pytest.mark.parametrize("field", ["username", "email"])
def test_concurrent_registration_creates_one_user(
    api_client, register_url, account, monkeypatch, field
):
    other = {"username": "other", "email": "other@example.com", field: account[field]}

    def register_other(*args):
        User.objects.create(**other)

    # The password is validated last, when the username and the address are still free.
    monkeypatch.setattr(CommonPasswordValidator, "validate", register_other)
    response = api_client.post(register_url, account)
    assert response.status_code == 400
    (message,) = response.json()["non_field_errors"]
    assert "already exists" in message
    assert User.objects.count() == 1
