import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache, caches
from django.urls import reverse, reverse_lazy
from rest_framework.test import APIClient

from api import throttling
from api.throttling import count_request, increment, reserved

ME_URL = reverse_lazy("me")
DOCS_URL = reverse_lazy("docs")


@pytest.fixture
def get_docs():
    """Return a function that makes an anonymous request to the API."""
    return lambda **extra: APIClient().get(reverse("docs"), {"script": ""}, **extra)


@pytest.fixture
def pool():
    """Return a pool of threads that take turns as often as possible."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield pool
    sys.setswitchinterval(interval)


def test_anonymous_requests_are_throttled_by_address(get_docs, set_rate):
    set_rate("anon", "3/min")
    # Without a proxy, a client could otherwise choose an address with X-Forwarded-For.
    *accepted, rejected = [get_docs(HTTP_X_FORWARDED_FOR=f"203.0.113.{i}") for i in range(4)]
    assert {response.status_code for response in accepted} == {200}
    assert rejected.status_code == 429
    assert int(rejected["Retry-After"]) > 0
    assert get_docs(REMOTE_ADDR="203.0.113.1").status_code == 200


def test_authenticated_requests_are_throttled_by_user(login_as, user, other_user, set_rate):
    client, other_client = login_as(user), login_as(other_user)
    cache.clear()
    set_rate("user", "3/min")
    *accepted, rejected = [client.get(ME_URL, REMOTE_ADDR=f"203.0.113.{i}") for i in range(4)]
    assert {response.status_code for response in accepted} == {200}
    assert rejected.status_code == 429
    assert rejected.json().keys() == {"detail"}
    assert other_client.get(ME_URL, REMOTE_ADDR="203.0.113.0").status_code == 200


def test_limit_of_anonymous_requests_does_not_apply_to_users(user_client, get_docs, set_rate):
    set_rate("anon", "1/min")
    cache.clear()
    assert [user_client.get(ME_URL).status_code for _ in range(3)] == [200] * 3
    assert [get_docs().status_code for _ in range(2)] == [200, 429]


def test_limit_of_users_does_not_apply_to_anonymous_requests(get_docs, set_rate):
    set_rate("user", "1/min")
    assert [get_docs().status_code for _ in range(3)] == [200] * 3


def test_limit_of_logins_does_not_apply_to_other_requests(user_client, set_rate):
    set_rate("login", "1/min")
    for _ in range(3):
        assert user_client.patch(ME_URL, {"first_name": "Ursula"}).status_code == 200


@pytest.mark.parametrize("scope", ["anon", "user"])
def test_throttle_can_be_turned_off(user_client, get_docs, set_rate, scope):
    set_rate("anon", "1/min")
    set_rate("user", "1/min")
    set_rate(scope, None)
    cache.clear()
    codes = {
        "anon": [get_docs().status_code for _ in range(3)],
        "user": [user_client.get(ME_URL).status_code for _ in range(3)],
    }
    assert codes.pop(scope) == [200] * 3
    assert list(codes.values()) == [[200, 429, 429]]


@pytest.mark.parametrize("scope", ["anon", "user"])
def test_retry_after_is_the_time_left_in_the_period(
    user_client, get_docs, set_rate, pass_time, scope
):
    send = {"anon": get_docs, "user": lambda: user_client.get(ME_URL)}[scope]
    set_rate(scope, "1/min")
    cache.clear()
    assert send().status_code == 200
    for elapsed, left in ((0, "60"), (20, "40"), (39.5, "1")):
        pass_time(elapsed)
        response = send()
        assert (response.status_code, response["Retry-After"]) == (429, left)
    pass_time(0.5)
    assert send().status_code == 200


@pytest.mark.parametrize(
    ("rate", "period"), [("2/s", 1), ("2/min", 60), ("2/hour", 3600), ("2/day", 86_400)]
)
def test_limit_applies_again_in_each_period(get_docs, set_rate, pass_time, rate, period):
    set_rate("anon", rate)
    for _ in range(2):
        codes = [get_docs().status_code for _ in range(2)]
        pass_time(period / 2)
        assert [*codes, get_docs().status_code] == [200, 200, 429]
        pass_time(period / 2)


def test_exactly_the_limit_of_concurrent_requests_is_accepted(get_docs, set_rate, pool):
    set_rate("anon", "5/min")
    codes = list(pool.map(lambda _: get_docs().status_code, range(20)))
    assert (codes.count(200), codes.count(429)) == (5, 15)


def test_each_concurrent_increment_is_counted(pass_time, pool):
    counts = pool.map(lambda _: increment("key", 60), range(400))
    assert sorted(counts) == list(range(1, 401))


def test_concurrent_increments_start_one_period(monkeypatch):
    backend = type(caches["default"])
    add = backend.add

    def add_after_another_request(*args, **kwargs):
        monkeypatch.setattr(backend, "add", add)
        assert increment("key", 60) == 1
        return add(*args, **kwargs)

    monkeypatch.setattr(backend, "add", add_after_another_request)
    assert increment("key", 60) == 2


def test_counter_can_be_decremented(pass_time):
    assert [increment("key", 60, by) for by in (1, 1, -1, 1)] == [1, 2, 1, 2]


def test_decrement_after_the_period_does_not_prevent_throttling(pass_time):
    increment("key", 60)
    pass_time(60)
    assert increment("key", 60, -1) == -1
    assert [increment("key", 60) for _ in range(3)] == [0, 1, 2]


@pytest.mark.parametrize("limit", [1, 100, 205, 1000])
def test_limit_of_requests_that_are_counted_in_advance_is_exact(pass_time, limit):
    for _ in range(2):
        accepted = [count_request("key", limit, 60) for _ in range(limit + 10)]
        assert accepted == [True] * limit + [False] * 10
        pass_time(60)


def test_requests_that_are_counted_in_advance_expire_with_the_period(pass_time):
    assert count_request("key", 1000, 60)
    pass_time(60)
    assert sum(count_request("key", 1000, 60) for _ in range(1010)) == 1000


def test_processes_together_do_not_exceed_the_limit(pass_time):
    assert count_request("key", 1000, 60)
    reserved.clear()  # as if the next request reached another process
    assert sum(count_request("key", 1000, 60) for _ in range(1010)) == 990


def test_concurrent_requests_that_are_counted_in_advance_do_not_exceed_the_limit(pass_time, pool):
    accepted = list(pool.map(lambda _: count_request("key", 300, 60), range(400)))
    # Each of the eight threads can count two requests in advance after others have been rejected.
    accepted += [count_request("key", 300, 60) for _ in range(20)]
    assert accepted.count(True) == 300


def test_requests_counted_in_advance_need_limited_memory(pass_time, monkeypatch):
    monkeypatch.setattr(throttling, "MAX_RESERVED", 3)
    for key in range(10):
        count_request(f"key-{key}", 1000, 60)
        assert len(reserved) <= 3


def test_throttling_takes_few_round_trips_to_the_cache(get_docs, user_client, cache_calls):
    get_docs()
    user_client.get(ME_URL)
    reserved.clear()
    cache_calls.clear()
    for _ in range(10):
        get_docs()
    assert cache_calls == ["incr"] * 10
    cache_calls.clear()
    for _ in range(10):
        user_client.get(ME_URL)
    # With Redis, sessions are in the cache, too. Authentication reads them.
    assert cache_calls in ([*reads, "incr", "get", *reads * 9] for reads in ([], ["get"]))
