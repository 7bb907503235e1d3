from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from accounts.models import User
from config import env

AUTH = "/api/v1/auth/"
ME = "/api/v1/me/"
PUBLIC = "/api/schema/?format=json"  # anyone may read it
LOGOUT_URL = "/api/v1/auth/logout/"
PASSWORD_URL = "/api/v1/auth/password/"


@pytest.fixture
def form(user, password):
    return {"username": "ursula", "password": password}


def log_in(client, form):
    response = client.post("/api/v1/auth/login/", form)
    assert response.status_code == 200
    assert response.json().keys() == {"token"}
    return response.json()["token"]


# {% include "shared/tests/token_tests.py" %}


def test_documented_answers_are_the_real_ones(api_client):
    paths = api_client.get("/api/schema/?format=json").json()["paths"]
    documented = {
        path.removeprefix(AUTH): {method: list(op["responses"]) for method, op in methods.items()}
        for path, methods in paths.items()
        if path.startswith(AUTH)
    }
    assert documented == {
        "login/": {"post": ["200"]},
        "logout/": {"post": ["204"]},
        "register/": {"post": ["201"]},
        "password/": {"post": ["204"]},
    }
