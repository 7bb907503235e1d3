import pytest
from django.core.cache import cache
from django.urls import reverse_lazy
from rest_framework.throttling import SimpleRateThrottle

from api.throttling import LoginThrottle

ME_URL = reverse_lazy("me")
DOCS_URL = reverse_lazy("docs")
ADMIN_LOGIN = reverse_lazy("admin:login")

# The rates in tests/test.env
LOGINS = 10
ANONYMOUS_REQUESTS = 100


@pytest.fixture
def log_in(client, db):
    """Return a function that submits wrong credentials to the admin and returns the response."""

    def log_in(**extra):
        return client.post(ADMIN_LOGIN, {"username": "nobody", "password": "wrong"}, **extra)

    return log_in


def test_anonymous_requests_are_throttled_by_address(api_client, db):
    # Without a proxy, a client could otherwise choose an address with X-Forwarded-For.
    *accepted, rejected = [
        api_client.get(f"{DOCS_URL}?script=", HTTP_X_FORWARDED_FOR=f"203.0.113.{i}")
        for i in range(ANONYMOUS_REQUESTS + 1)
    ]
    assert {response.status_code for response in accepted} == {200}
    assert rejected.status_code == 429
    assert int(rejected["Retry-After"]) > 0
    assert api_client.get(f"{DOCS_URL}?script=", REMOTE_ADDR="203.0.113.1").status_code == 200


def test_authenticated_requests_are_throttled_by_user(login_as, user, other_user, monkeypatch):
    client, other_client = login_as(user), login_as(other_user)
    cache.clear()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "user", "3/min")
    assert [client.get(ME_URL).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert other_client.get(ME_URL).status_code == 200


def test_admin_login_is_throttled_by_address(client, log_in):
    codes = [log_in(HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code for i in range(LOGINS + 1)]
    assert codes == [200] * LOGINS + [429]
    assert int(log_in()["Retry-After"]) > 0
    assert client.get(ADMIN_LOGIN).status_code == 200
    assert log_in(REMOTE_ADDR="203.0.113.1").status_code == 200


def test_proxied_admin_login_is_throttled_by_forwarded_address(log_in, monkeypatch):
    monkeypatch.setattr("rest_framework.throttling.api_settings.NUM_PROXIES", 1)
    codes = [log_in(HTTP_X_FORWARDED_FOR="203.0.113.1").status_code for _ in range(LOGINS + 1)]
    assert codes == [200] * LOGINS + [429]
    assert log_in(HTTP_X_FORWARDED_FOR="203.0.113.2").status_code == 200


def test_login_throttle_counts_concurrent_attempts(log_in, monkeypatch):
    # Every attempt reads the cache before any other attempt is stored.
    monkeypatch.setattr(cache, "get", lambda key, default=None, **kwargs: default)
    codes = [log_in().status_code for _ in range(LOGINS + 1)]
    assert codes == [200] * LOGINS + [429]


def test_login_throttle_can_be_turned_off(log_in, monkeypatch):
    monkeypatch.setitem(LoginThrottle.THROTTLE_RATES, "login", None)
    assert {log_in().status_code for _ in range(LOGINS + 1)} == {200}


def test_login_throttle_starts_new_period_if_counter_expires(log_in, monkeypatch):
    def expired(*args):
        raise ValueError

    codes = [log_in().status_code for _ in range(LOGINS + 1)]
    assert codes[-1] == 429
    monkeypatch.setattr(cache, "incr", expired)
    assert log_in().status_code == 200
