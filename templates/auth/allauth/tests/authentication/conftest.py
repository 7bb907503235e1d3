import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from rest_framework.test import APIClient

from authentication.mail import executor


class App(APIClient):
    """A client of allauth's API for apps. It sends the session token that it has received."""

    def request(self, **kwargs):
        response = super().request(**kwargs)
        if response.headers.get("Content-Type") == "application/json":
            body = response.json()
            if token := isinstance(body, dict) and body.get("meta", {}).get("session_token"):
                self.credentials(HTTP_X_SESSION_TOKEN=token)
        return response


class Browser(APIClient):
    """A client of allauth's API for browsers. It sends the CSRF token that is in its cookie."""

    def __init__(self):
        super().__init__(enforce_csrf_checks=True)
        self.get(reverse("headless:browser:config"))

    def request(self, **kwargs):
        if cookie := self.cookies.get("csrftoken"):
            self.credentials(HTTP_X_CSRFTOKEN=cookie.value)
        return super().request(**kwargs)


@pytest.fixture
def new_app(db):
    """Return a function that returns an app that is not logged in."""
    return App


@pytest.fixture
def app(new_app):
    return new_app()


@pytest.fixture
def browser(db):
    """Return a browser that is not logged in."""
    return Browser()


@pytest.fixture
def verified_user(user):
    """Return a user whose address is verified."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def account(password):
    """Return the fields of a sign-up."""
    return {"username": "joanna", "email": "joanna@example.com", "password": password}


@pytest.fixture
def log_in_app(new_app, verified_user, password):
    """Return a function that returns a new app that the user has logged in to."""

    def log_in_app():
        app = new_app()
        credentials = {"username": verified_user.username, "password": password}
        assert app.post(reverse("headless:app:account:login"), credentials).status_code == 200
        return app

    return log_in_app


@pytest.fixture
def logged_in_app(log_in_app):
    return log_in_app()


@pytest.fixture
def log_in_browser(browser, verified_user, password):
    """Return a function that logs the browser in."""

    def log_in_browser(**extra):
        credentials = {"username": verified_user.username, "password": password}
        response = browser.post(reverse("headless:browser:account:login"), credentials, **extra)
        assert response.status_code == 200
        return response

    return log_in_browser


@pytest.fixture
def logged_in_browser(browser, log_in_browser):
    log_in_browser()
    return browser


@pytest.fixture
def reauthenticate(password):
    """Return a function that makes an app enter the password again."""

    def reauthenticate(app):
        url = reverse("headless:app:account:reauthenticate")
        assert app.post(url, {"password": password}).status_code == 200

    return reauthenticate


def wait_for_emails():
    executor.submit(lambda: None).result(timeout=30)


@pytest.fixture(autouse=True)
def finish_sending():
    """Keep emails out of the next test."""
    yield
    wait_for_emails()


@pytest.fixture
def outbox():
    """Return a function that returns the emails that have been sent."""

    def outbox():
        wait_for_emails()
        return mail.outbox

    return outbox


@pytest.fixture
def read_code(outbox):
    """Return a function that returns the code in the last email."""
    return lambda: re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", outbox()[-1].body)[0]


@pytest.fixture
def read_key(outbox, settings):
    """Return a function that returns the key in the link of the last email."""
    link = re.escape(f"{settings.FRONTEND_URL}/password-reset/") + r"(\S+)"
    return lambda: re.search(link, outbox()[-1].body)[1]


@pytest.fixture
def stale_client():
    """Return a client with the token of a session that does not exist."""
    client = APIClient()
    client.credentials(HTTP_X_SESSION_TOKEN="stale")
    return client
