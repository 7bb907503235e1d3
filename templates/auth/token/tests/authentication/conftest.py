import pytest
from django.urls import reverse
from rest_framework.test import APIClient


@pytest.fixture
def register_url():
    return reverse("register")


@pytest.fixture
def password_change_url():
    return reverse("password-change")


@pytest.fixture
def password_reset_url():
    return reverse("password-reset")


@pytest.fixture
def password_reset_confirm_url():
    return reverse("password-reset-confirm")


@pytest.fixture
def failed_login_status():
    return 400


@pytest.fixture
def credentials(user, password):
    return {"username": user.username, "password": password}


@pytest.fixture
def stale_client():
    """Return a client with a token that does not exist."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token stale")
    return client


@pytest.fixture
def obtain_token():
    """Return a function that logs in and returns the token."""

    def obtain_token(credentials):
        response = APIClient().post(reverse("login"), credentials)
        assert response.status_code == 200
        assert response.json().keys() == {"token"}
        return response.json()["token"]

    return obtain_token
