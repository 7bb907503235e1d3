import itertools
import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.urls import URLResolver, get_resolver, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from api.throttling import AccountThrottle
from authentication.mail import executor

LOGIN_URL = reverse_lazy("login")
ME_URL = reverse_lazy("me")
LIMIT = 3


@pytest.fixture(autouse=True)
def account_throttle_rate(monkeypatch):
    monkeypatch.setitem(AccountThrottle.THROTTLE_RATES, "account", f"{LIMIT}/hour")


@pytest.fixture
def log_in(api_client):
    """Return a function that attempts to log in, each time from another address."""
    addresses = (f"203.0.113.{i}" for i in itertools.count(1))
    return lambda form: api_client.post(LOGIN_URL, form, REMOTE_ADDR=next(addresses))


@pytest.fixture
def fail_to_log_in(log_in, failed_login_status):
    """Return a function that reaches the limit of failed attempts."""

    def fail_to_log_in(form):
        codes = [log_in(form | {"password": "wrong"}).status_code for _ in range(LIMIT)]
        assert codes == [failed_login_status] * LIMIT

    return fail_to_log_in


def assert_throttled(response):
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 3600


def test_failed_logins_from_many_addresses_are_throttled(log_in, fail_to_log_in, credentials):
    fail_to_log_in(credentials)
    assert_throttled(log_in(credentials | {"password": "wrong"}))
    assert_throttled(log_in(credentials))


def test_unknown_username_is_throttled_like_known_one(log_in, fail_to_log_in, credentials):
    unknown = credentials | {"username": "nobody"}
    fail_to_log_in(unknown)
    assert_throttled(log_in(unknown))


def test_failed_logins_do_not_throttle_other_account(
    log_in, fail_to_log_in, credentials, other_user
):
    fail_to_log_in(credentials)
    assert log_in(credentials | {"username": other_user.username}).status_code == 200


def all_urls(patterns, prefix="/"):
    """Return the URLs of all endpoints, with 1 for each parameter."""
    for pattern in patterns:
        url = prefix + re.sub("<[^>]+>", "1", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from all_urls(pattern.url_patterns, url)
        else:
            yield url


def test_login_throttle_applies_to_no_other_endpoint(
    login_as, staff, set_rate, register_url, password_change_url, password_reset_url
):
    set_rate("login", "1/min")
    assert login_as(staff).post(password_reset_url, {"email": staff.email}).status_code == 204
    throttled = {
        url
        for url in all_urls(get_resolver().url_patterns)
        if url.startswith("/api/v1/") and login_as(staff).post(url).status_code == 429
    }
    assert throttled == {LOGIN_URL, register_url, password_change_url, password_reset_url}


def test_successful_logins_do_not_count_as_failed(log_in, credentials):
    codes = [log_in(credentials).status_code for _ in range(LIMIT + 2)]
    assert codes == [200] * (LIMIT + 2)


def test_throttled_user_stays_logged_in(user_client, fail_to_log_in, credentials):
    fail_to_log_in(credentials)
    assert user_client.get(ME_URL).status_code == 200
    assert user_client.patch(ME_URL, {"first_name": "x"}).status_code == 200


def test_throttled_user_can_reset_password(
    api_client,
    fail_to_log_in,
    credentials,
    user,
    new_password,
    password_reset_url,
    password_reset_confirm_url,
):
    fail_to_log_in(credentials)
    assert api_client.post(password_reset_url, {"email": user.email}).status_code == 204
    executor.submit(lambda: None).result(timeout=30)  # wait for the background thread
    assert [message.to for message in mail.outbox] == [[user.email]]
    confirmation = {
        "uid": urlsafe_base64_encode(force_bytes(user.pk)),
        "token": default_token_generator.make_token(user),
        "new_password": new_password,
    }
    assert api_client.post(password_reset_confirm_url, confirmation).status_code == 204
    user.refresh_from_db()
    assert user.check_password(new_password)


def test_wrong_current_password_counts_as_failed_login(
    user_client, log_in, credentials, new_password, password_change_url
):
    change = {"current_password": "wrong", "new_password": new_password}
    codes = [user_client.post(password_change_url, change).status_code for _ in range(LIMIT)]
    assert codes == [400] * LIMIT
    assert_throttled(log_in(credentials))


def test_failed_logins_throttle_password_change(
    user_client, fail_to_log_in, user, credentials, new_password, password_change_url
):
    fail_to_log_in(credentials)
    change = {"current_password": credentials["password"], "new_password": new_password}
    assert_throttled(user_client.post(password_change_url, change))
    user.refresh_from_db()
    assert user.check_password(credentials["password"])
