import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.urls import reverse_lazy

from accounts.models import User

LOGIN_URL = reverse_lazy("login")


@pytest.mark.parametrize(
    "attempt",
    ["wrong password", "unknown username", "uppercase username", "inactive user", "no password"],
)
def test_failed_login_does_not_reveal_reason(api_client, credentials, attempt, monkeypatch):
    User.objects.create_user("inactive", password=credentials["password"], is_active=False)
    User.objects.create_user("passwordless")
    change = {
        "wrong password": {"password": "wrong"},
        "unknown username": {"username": "nobody"},
        "uppercase username": {"username": credentials["username"].upper()},
        "inactive user": {"username": "inactive"},
        "no password": {"username": "passwordless"},
    }[attempt]
    hashes = []
    encode = MD5PasswordHasher.encode

    def count(*args):
        hashes.append(args)
        return encode(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    response = api_client.post(LOGIN_URL, credentials | change)
    assert response.status_code == 400
    assert response.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}
    assert not response.cookies
    # Hashing takes most of the time of a login, so the time does not reveal the reason either.
    assert len(hashes) == 1


@pytest.mark.parametrize("field", ["username", "password"])
@pytest.mark.parametrize("value", ["", None, [], {}, True, "a\0b"], ids=repr)
def test_login_rejects_invalid_field(api_client, credentials, field, value):
    response = api_client.post(LOGIN_URL, credentials | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}


def test_login_requires_every_field(api_client, db):
    response = api_client.post(LOGIN_URL, {})
    assert response.status_code == 400
    assert response.json().keys() == {"username", "password"}


def test_login_does_not_strip_spaces_from_password(api_client, user, credentials):
    password = credentials["password"]
    user.set_password(f" {password} ")
    user.save()
    response = api_client.post(LOGIN_URL, credentials | {"password": f" {password} "})
    assert response.status_code == 200
    assert api_client.post(LOGIN_URL, credentials).status_code == 400


def test_login_ignores_stale_credentials(stale_client, credentials):
    assert stale_client.post(LOGIN_URL, credentials).status_code == 200


def test_login_throttle_ignores_forwarded_address(api_client, credentials, set_rate):
    set_rate("login", "2/min")
    credentials["password"] = "wrong"
    codes = [
        api_client.post(LOGIN_URL, credentials, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code
        for i in range(3)
    ]
    assert codes == [400, 400, 429]
    throttled = api_client.post(LOGIN_URL, credentials)
    assert int(throttled["Retry-After"]) > 0
    response = api_client.post(LOGIN_URL, credentials, REMOTE_ADDR="203.0.113.1")
    assert response.status_code == 400


def test_login_throttle_counts_each_client_behind_proxy(
    api_client, credentials, trust_proxy, set_rate
):
    set_rate("login", "2/min")
    credentials["password"] = "wrong"

    def log_in(forwarded_for):
        return api_client.post(LOGIN_URL, credentials, HTTP_X_FORWARDED_FOR=forwarded_for)

    for i in range(2):
        # The proxy appends the client's address to the header that the client sent.
        assert log_in(f"198.51.100.{i}, 203.0.113.1").status_code == 400
    assert log_in("198.51.100.99, 203.0.113.1").status_code == 429
    assert log_in("198.51.100.99, 203.0.113.2").status_code == 400


def test_login_throttle_counts_in_shared_cache(api_client, credentials, set_rate):
    set_rate("login", "2/min")
    codes = [api_client.post(LOGIN_URL, credentials).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    cache.clear()
    assert api_client.post(LOGIN_URL, credentials).status_code == 200


def test_login_allows_only_post(api_client, db):
    response = api_client.get(LOGIN_URL)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"
