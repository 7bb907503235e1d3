import pytest
from django.conf import settings
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
    """Return a client with the cookie of a session that does not exist."""
    client = APIClient()
    client.cookies[settings.SESSION_COOKIE_NAME] = "stale"
    return client


@pytest.fixture
def browser(db):
    """Return an anonymous client that has the CSRF cookie and sends the token."""
    client = APIClient(enforce_csrf_checks=True)
    csrf_token = client.get(reverse("csrf")).json()["csrf_token"]
    client.credentials(HTTP_X_CSRFTOKEN=csrf_token)
    return client


@pytest.fixture
def log_in():
    """Return a function that logs a client in and makes it send the new CSRF token."""

    def log_in(client, credentials):
        response = client.post(reverse("login"), credentials)
        assert response.status_code == 200
        client.credentials(HTTP_X_CSRFTOKEN=response.json()["csrf_token"])
        return response

    return log_in
