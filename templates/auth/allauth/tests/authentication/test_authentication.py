from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse_lazy
from rest_framework.test import APIClient

from accounts.models import User

ME_URL = reverse_lazy("me")
PUBLIC_URL = reverse_lazy("schema")
SESSION_URL = reverse_lazy("headless:app:account:current_session")
SIGNUP_URL = reverse_lazy("headless:app:account:signup")
BROWSER_LOGIN_URL = reverse_lazy("headless:browser:account:login")
ORIGIN = "https://app.example.com"


def assert_unauthorized(response):
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Session realm="api"'
    assert response.json().keys() == {"detail"}


@pytest.fixture(params=["logged_in_app", "logged_in_browser"])
def client_of_user(request):
    """Return a client that has logged in as the user."""
    return request.getfixturevalue(request.param)


def test_client_reads_and_writes(client_of_user, verified_user):
    assert client_of_user.get(ME_URL).json()["username"] == verified_user.username
    assert client_of_user.patch(ME_URL, {"first_name": "Ursula"}).status_code == 200


@pytest.mark.parametrize("token", ["unknown", "é", "a b", "x" * 10_000], ids=lambda t: t[:9])
def test_invalid_token_is_rejected_on_public_endpoint_too(api_client, db, token):
    assert_unauthorized(api_client.get(ME_URL, HTTP_X_SESSION_TOKEN=token))
    response = api_client.get(PUBLIC_URL, {"format": "json"}, HTTP_X_SESSION_TOKEN=token)
    assert_unauthorized(response)
    # allauth's API answers in its own way.
    assert api_client.get(SESSION_URL, HTTP_X_SESSION_TOKEN=token).status_code == 410


def test_token_of_incomplete_login_is_rejected(app, account):
    app.post(SIGNUP_URL, account)
    assert app._credentials["HTTP_X_SESSION_TOKEN"]
    assert_unauthorized(app.get(ME_URL))
    assert_unauthorized(app.get(PUBLIC_URL, {"format": "json"}))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_X_SESSION_TOKEN": ""},
        {"HTTP_COOKIE": "sessionid=unknown"},
        {"HTTP_COOKIE": r'sessionid="nul-in-it\000nul-in-it"'},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_AUTHORIZATION": "\xff"},
    ],
    ids=repr,
)
def test_request_without_credentials_is_anonymous(db, headers):
    client = Client()
    assert_unauthorized(client.get(ME_URL, **headers))
    assert client.get(PUBLIC_URL, **headers).status_code == 200


def test_client_of_inactive_user_is_rejected(client_of_user, verified_user):
    User.objects.filter(pk=verified_user.pk).update(is_active=False)
    assert_unauthorized(client_of_user.get(ME_URL))
    assert_unauthorized(client_of_user.patch(ME_URL, {"first_name": "x"}))


def test_client_of_deleted_user_is_rejected(client_of_user, verified_user):
    verified_user.delete()
    assert_unauthorized(client_of_user.get(ME_URL))


def test_client_is_rejected_after_new_password(client_of_user, verified_user, new_password):
    verified_user.set_password(new_password)
    verified_user.save()
    assert_unauthorized(client_of_user.get(ME_URL))


def test_client_is_rejected_after_expiry(client_of_user):
    session = import_module(settings.SESSION_ENGINE).SessionStore(Session.objects.get().pk)
    session.set_expiry(-1)
    session.save()
    assert_unauthorized(client_of_user.get(ME_URL))


def test_request_of_browser_requires_csrf_token(logged_in_browser):
    client = APIClient(enforce_csrf_checks=True)
    client.cookies = logged_in_browser.cookies
    response = client.patch(ME_URL, {"first_name": "x"})
    assert response.status_code == 403
    assert response.json()["detail"].startswith("CSRF Failed")
    assert "WWW-Authenticate" not in response
    assert client.get(ME_URL).status_code == 200


def test_login_of_browser_returns_csrf_token(browser, log_in_browser):
    csrf_token = log_in_browser().json()["meta"]["csrf_token"]
    client = APIClient(enforce_csrf_checks=True, HTTP_X_CSRFTOKEN=csrf_token)
    client.cookies = browser.cookies
    assert client.patch(ME_URL, {"first_name": "x"}).status_code == 200


def test_login_of_browser_requires_csrf_token(db, user, password):
    client = APIClient(enforce_csrf_checks=True)
    credentials = {"username": user.username, "password": password}
    assert client.post(BROWSER_LOGIN_URL, credentials).status_code == 403


def test_login_of_browser_changes_keys_and_sets_protected_cookie(browser, log_in_browser):
    csrf_token = browser.cookies["csrftoken"].value
    cookie = log_in_browser().cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert browser.cookies["csrftoken"].value != csrf_token


def test_front_end_on_trusted_origin_can_log_in(browser, log_in_browser, settings):
    settings.CORS_ALLOWED_ORIGINS = settings.CSRF_TRUSTED_ORIGINS = [ORIGIN]
    response = log_in_browser(HTTP_ORIGIN=ORIGIN)
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert response["Access-Control-Allow-Credentials"] == "true"
    preflight = browser.options(
        ME_URL,
        HTTP_ORIGIN=ORIGIN,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="PATCH",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="content-type, x-csrftoken, x-session-token",
    )
    assert set(preflight["Access-Control-Allow-Headers"].split(", ")) == {
        "accept",
        "authorization",
        "content-type",
        "user-agent",
        "x-csrftoken",
        "x-email-verification-key",
        "x-password-reset-key",
        "x-request-id",
        "x-requested-with",
        "x-session-token",
    }


def test_front_end_on_other_origin_is_rejected(browser, verified_user, password):
    credentials = {"username": verified_user.username, "password": password}
    response = browser.post(BROWSER_LOGIN_URL, credentials, HTTP_ORIGIN="https://evil.example")
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response
