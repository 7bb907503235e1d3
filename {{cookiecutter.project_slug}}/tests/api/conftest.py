import time

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.throttling import SimpleRateThrottle


@pytest.fixture
def set_rate(monkeypatch):
    """Return a function that sets the rate of a throttle; None turns it off."""
    return lambda scope, rate: monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, rate)


@pytest.fixture
def pass_time(monkeypatch):
    """Stop the clock. Return a function that moves it forward."""
    now = time.time()

    def pass_time(seconds):
        nonlocal now
        now += seconds

    monkeypatch.setattr("time.time", lambda: now)
    return pass_time


@pytest.fixture
def trust_proxy(monkeypatch):
    """Set NUM_PROXIES to 1."""
    monkeypatch.setattr("rest_framework.throttling.api_settings.NUM_PROXIES", 1)


@pytest.fixture
def log_in(db):
    """Return a function that logs in to the admin, by default with wrong credentials."""

    def log_in(username="nobody", password=None, **extra):
        data = {"username": username, "password": password or "wrong"}
        return Client().post(reverse("admin:login"), data, **extra)

    return log_in
