import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import reverse_lazy

from accounts.models import User

LOGIN_URL = reverse_lazy("headless:app:account:login")
VERIFY_URL = reverse_lazy("headless:app:account:verify_email")
ME_URL = reverse_lazy("me")


@pytest.fixture
def credentials(verified_user, password):
    return {"username": verified_user.username, "password": password}


@pytest.fixture
def log_in(new_app, credentials):
    """Return a function that attempts to log in with a new app."""
    return lambda form, **extra: new_app().post(LOGIN_URL, credentials | form, **extra)


@pytest.mark.parametrize("address", ["ursula@example.com", "Ursula@Example.COM"])
def test_login_by_email_authenticates_user(app, other_user, verified_user, password, address):
    assert app.post(LOGIN_URL, {"email": address, "password": password}).status_code == 200
    assert app.get(ME_URL).json()["username"] == verified_user.username


def test_login_by_username_authenticates_user(app, verified_user, credentials):
    response = app.post(LOGIN_URL, credentials)
    assert response.status_code == 200
    assert not response.cookies
    assert app.get(ME_URL).json()["username"] == verified_user.username


def test_login_with_unverified_address_requires_code(app, user, password, read_code):
    response = app.post(LOGIN_URL, {"username": user.username, "password": password})
    assert response.status_code == 401
    assert {"id": "verify_email", "is_pending": True} in response.json()["data"]["flows"]
    assert app.get(ME_URL).status_code == 401
    assert app.post(VERIFY_URL, {"key": read_code()}).status_code == 200
    assert app.get(ME_URL).json()["username"] == user.username


@pytest.mark.parametrize(
    "change",
    [
        {"password": "wrong"},
        {"username": "nobody"},
        {"username": "inactive"},
        {"username": "passwordless"},
    ],
    ids=repr,
)
def test_failed_login_does_not_tell_why(log_in, password, monkeypatch, change):
    User.objects.create_user("inactive", password=password, is_active=False)
    User.objects.create_user("passwordless")
    hashes = []
    encode = MD5PasswordHasher.encode

    def count(*args):
        hashes.append(args)
        return encode(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    response = log_in(change)
    assert response.status_code == 400
    assert [error["code"] for error in response.json()["errors"]] == ["username_password_mismatch"]
    # Hashing takes most of the time of a login, so the time does not reveal the reason either.
    assert len(hashes) == 1


def test_failed_login_by_email_does_not_tell_whether_address_is_known(app, user, password):
    responses = [
        app.post(LOGIN_URL, {"email": email, "password": "wrong"})
        for email in (user.email, "nobody@example.com")
    ]
    assert [response.status_code for response in responses] == [400, 400]
    assert responses[0].json() == responses[1].json()


def test_login_does_not_strip_spaces_from_password(log_in, verified_user, password):
    verified_user.set_password(f" {password} ")
    verified_user.save()
    assert log_in({"password": f" {password} "}).status_code == 200
    assert log_in({}).status_code == 400


def test_session_of_login_does_not_survive_concurrent_password_change(
    app, credentials, verified_user, new_password, monkeypatch
):
    check_password = User.check_password

    def check_and_change(self, raw_password):
        correct = check_password(self, raw_password)
        verified_user.set_password(new_password)
        verified_user.save()
        return correct

    monkeypatch.setattr(User, "check_password", check_and_change)
    assert app.post(LOGIN_URL, credentials).status_code == 200
    assert app.get(ME_URL).status_code == 401


# Limits


def test_logins_are_throttled_by_address(log_in):
    addresses = [f"203.0.113.{i}" for i in range(11)]
    codes = [log_in({}, HTTP_X_FORWARDED_FOR=address).status_code for address in addresses]
    assert codes == [200] * 10 + [429]
    assert log_in({}, REMOTE_ADDR="203.0.113.1").status_code == 200


@pytest.mark.parametrize(
    ("address", "other", "status"),
    [
        ("203.0.113.1", "203.0.113.1:50000", 429),
        ("203.0.113.1", "198.51.100.9, 203.0.113.1", 429),
        ("203.0.113.1", "203.0.113.2", 200),
        ("2001:db8::1", "[2001:db8::2]:50000", 429),
        ("2001:db8::1", "2001:db8:0:1::1", 200),
    ],
)
def test_logins_behind_proxy_are_throttled_by_client(log_in, settings, address, other, status):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    assert log_in({}, HTTP_X_FORWARDED_FOR=address).status_code == 200
    assert log_in({}, HTTP_X_FORWARDED_FOR=other).status_code == status


@pytest.mark.parametrize(
    ("rate", "limit"),
    [("5/hour", "5/h/ip"), ("10/min", "10/m/ip"), ("9/s", "9/s/ip"), ("off", None)],
)
def test_limit_of_logins_and_sign_ups_is_configured(load_settings, rate, limit):
    settings = load_settings(LOGIN_THROTTLE_RATE=rate, NUM_PROXIES="2")
    assert settings["ACCOUNT_RATE_LIMITS"] == {"login": limit, "signup": limit}
    assert settings["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2


def test_failed_logins_are_limited_by_account(log_in, verified_user, set_rate):
    for i in range(5):
        assert log_in({"password": "wrong"}, REMOTE_ADDR=f"203.0.113.{i}").status_code == 400
    for form in ({}, {"password": "wrong"}, {"username": "nobody"}):
        response = log_in(form, REMOTE_ADDR="203.0.113.9")
        limited = response.json()["errors"][0]["code"] == "too_many_login_attempts"
        assert limited is ("username" not in form)


def test_failed_logins_by_username_and_address_count_together(
    app, log_in, verified_user, password, set_rate
):
    set_rate("account", "2/hour")
    for form in ({"username": verified_user.username}, {"email": verified_user.email}):
        assert app.post(LOGIN_URL, form | {"password": "wrong"}).status_code == 400
    response = log_in({})
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "too_many_login_attempts"


def test_user_of_limited_account_stays_logged_in(logged_in_app, log_in, set_rate):
    set_rate("account", "1/hour")
    log_in({"password": "wrong"})
    assert log_in({}).status_code == 400
    assert logged_in_app.get(ME_URL).status_code == 200
