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

ME = "/api/v1/me/"
PUBLIC = "/api/schema/?format=json"  # anyone may read it
LOGOUT_URL = "/api/v1/auth/token/logout/"
PASSWORD_URL = "/api/v1/auth/users/set_password/"


@pytest.fixture
def form(user, password):
    return {"username": "ursula", "password": password}


def log_in(client, form):
    response = client.post("/api/v1/auth/token/login/", form)
    assert response.status_code == 200
    assert response.json().keys() == {"auth_token"}
    return response.json()["auth_token"]


# {% include "shared/tests/token_tests.py" %}
