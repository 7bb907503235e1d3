import re
from datetime import timedelta

import pytest
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from rest_framework.test import APIClient

ME_URL = reverse_lazy("me")
PUBLIC_URL = reverse_lazy("schema")
CSRF_URL = reverse_lazy("csrf")
LOGIN_URL = reverse_lazy("login")
ORIGIN = "https://app.example.com"
ANONYMOUS_ROUTES = ["login", "register", "password-reset", "password-reset-confirm"]


def assert_unauthorized(response):
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Session realm="api"'


def test_session_lasts_from_login_to_logout(browser, user, log_in, credentials):
    response = log_in(browser, credentials)
    assert response.json().keys() == {"csrf_token"}
    assert response.cookies.keys() == {"csrftoken", "sessionid"}
    assert browser.get(ME_URL).json()["username"] == user.username
    assert browser.patch(ME_URL, {"first_name": "Ursula"}).status_code == 200
    response = browser.post(reverse("logout"))
    assert response.status_code == 204
    assert not response.content
    assert_unauthorized(browser.get(ME_URL))


def test_session_cookie_is_protected_from_scripts_and_other_sites(browser, log_in, credentials):
    cookie = log_in(browser, credentials).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_login_changes_session_key(browser, log_in, credentials, other_user):
    browser.force_login(other_user)
    old_key = browser.cookies["sessionid"].value
    log_in(browser, credentials)
    assert browser.cookies["sessionid"].value != old_key
    assert not Session.objects.filter(session_key=old_key).exists()


def test_login_changes_key_of_anonymous_session(browser, log_in, credentials):
    session = browser.session
    session["cart"] = 1
    session.save()
    old_key = browser.cookies["sessionid"].value
    log_in(browser, credentials)
    assert browser.cookies["sessionid"].value != old_key
    assert not Session.objects.filter(session_key=old_key).exists()


def test_login_as_other_user_changes_user(browser, log_in, credentials, other_user):
    log_in(browser, credentials)
    log_in(browser, credentials | {"username": other_user.username})
    assert browser.get(ME_URL).json()["username"] == other_user.username


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_COOKIE": "sessionid=unknown"},
        {"HTTP_COOKIE": "sessionid="},
        {"HTTP_COOKIE": r'sessionid="nul-in-it\000nul-in-it"'},
        {"HTTP_COOKIE": r'sessionid="nulInIt\000nulInIt"'},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_AUTHORIZATION": "Basic dXJzdWxhOng="},
        {"HTTP_AUTHORIZATION": "\xff"},
    ],
    ids=repr,
)
def test_request_without_valid_session_is_anonymous(db, headers):
    client = Client()
    assert_unauthorized(client.get(ME_URL, **headers))
    assert client.get(PUBLIC_URL, **headers).status_code == 200


def test_request_with_expired_session_is_anonymous(user_client):
    session = user_client.session
    session.set_expiry(-1)
    session.save()
    assert_unauthorized(user_client.get(ME_URL))


def test_request_of_inactive_user_is_anonymous(user_client, user):
    user.is_active = False
    user.save()
    assert_unauthorized(user_client.get(ME_URL))
    assert_unauthorized(user_client.patch(ME_URL, {"first_name": "x"}))
    assert user_client.get(PUBLIC_URL).status_code == 200


def test_request_of_deleted_user_is_anonymous(user_client, user):
    user.delete()
    assert_unauthorized(user_client.get(ME_URL))


def test_password_change_ends_other_sessions(
    login_as, user_client, user, password, new_password, password_change_url
):
    other_client = login_as(user)
    old_key = user_client.cookies["sessionid"].value
    change = {"current_password": password, "new_password": new_password}
    assert user_client.post(password_change_url, change).status_code == 204
    assert_unauthorized(other_client.get(ME_URL))
    assert user_client.get(ME_URL).status_code == 200
    assert user_client.patch(ME_URL, {"first_name": "x"}).status_code == 200
    assert user_client.cookies["sessionid"].value != old_key


def test_password_change_in_code_ends_every_session(user_client, user, new_password):
    user.set_password(new_password)
    user.save()
    assert_unauthorized(user_client.get(ME_URL))


def test_session_of_login_does_not_survive_concurrent_password_change(
    browser, log_in, user, credentials, new_password, monkeypatch
):
    def authenticate(*args, **kwargs):
        user_with_old_password = auth.authenticate(*args, **kwargs)
        user.set_password(new_password)
        user.save()
        return user_with_old_password

    monkeypatch.setattr("rest_framework.authtoken.serializers.authenticate", authenticate)
    log_in(browser, credentials)
    assert_unauthorized(browser.get(ME_URL))


def test_method_override_header_is_ignored(user_client):
    response = user_client.post(ME_URL, {"first_name": "x"}, HTTP_X_HTTP_METHOD_OVERRIDE="PATCH")
    assert response.status_code == 405


def test_session_keys_are_random(browser, log_in, credentials):
    keys = {log_in(browser, credentials).cookies["sessionid"].value for _ in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch("[a-z0-9]{32}", key) for key in keys)


def test_session_ends_two_weeks_after_login(browser, log_in, credentials):
    log_in(browser, credentials)
    session = Session.objects.get()
    assert timedelta(days=13) < session.expire_date - timezone.now() <= timedelta(days=14)
    assert browser.patch(ME_URL, {"first_name": "x"}).status_code == 200
    assert Session.objects.get().expire_date == session.expire_date


def assert_csrf_failed(response):
    assert response.status_code == 403
    assert response.json()["detail"].startswith("CSRF Failed")
    assert "WWW-Authenticate" not in response


# CSRF protection


def test_csrf_token_sets_cookie_and_is_not_cached(api_client):
    response = api_client.get(CSRF_URL)
    assert response.status_code == 200
    assert response.json().keys() == {"csrf_token"}
    assert response.cookies.keys() == {"csrftoken"}
    assert "no-store" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("route", ANONYMOUS_ROUTES)
def test_anonymous_form_requires_csrf_token(credentials, route):
    client = APIClient(enforce_csrf_checks=True)
    assert_csrf_failed(client.post(reverse(route), credentials))


@pytest.mark.parametrize("route", ANONYMOUS_ROUTES)
def test_anonymous_form_rejects_wrong_csrf_token(browser, credentials, route):
    browser.credentials(HTTP_X_CSRFTOKEN="x" * 64)
    assert_csrf_failed(browser.post(reverse(route), credentials))


def test_csrf_failure_does_not_count_as_login_attempt(browser, log_in, credentials, set_rate):
    set_rate("login", "1/min")
    for _ in range(2):
        assert_csrf_failed(APIClient(enforce_csrf_checks=True).post(LOGIN_URL, credentials))
    log_in(browser, credentials)


def test_registration_accepts_csrf_token(browser, register_url, password):
    account = {"username": "joanna", "email": "joanna@example.com", "password": password}
    response = browser.post(register_url, account)
    assert response.status_code == 201
    assert response.json()["username"] == account["username"]


def test_password_reset_accepts_csrf_token(browser, password_reset_url):
    assert browser.post(password_reset_url, {"email": "nobody@example.com"}).status_code == 204


@pytest.mark.parametrize("route", ["logout", "password-change"])
def test_unsafe_request_requires_csrf_token(user_client, route):
    user_client.credentials()
    assert_csrf_failed(user_client.post(reverse(route)))
    assert_csrf_failed(user_client.patch(ME_URL, {"first_name": "x"}))
    assert user_client.get(ME_URL).status_code == 200


def test_login_rotates_csrf_token(browser, credentials):
    old_token = browser.cookies["csrftoken"].value
    response = browser.post(LOGIN_URL, credentials)
    assert browser.cookies["csrftoken"].value != old_token
    assert_csrf_failed(browser.patch(ME_URL, {"first_name": "x"}))
    browser.credentials(HTTP_X_CSRFTOKEN=response.json()["csrf_token"])
    assert browser.patch(ME_URL, {"first_name": "x"}).status_code == 200


def test_trusted_origin_can_log_in_and_send_unsafe_requests(log_in, credentials, settings):
    settings.CORS_ALLOWED_ORIGINS = settings.CSRF_TRUSTED_ORIGINS = [ORIGIN]
    client = APIClient(enforce_csrf_checks=True, HTTP_ORIGIN=ORIGIN)
    response = client.get(CSRF_URL)
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert response["Access-Control-Allow-Credentials"] == "true"
    client.credentials(HTTP_X_CSRFTOKEN=response.json()["csrf_token"])
    log_in(client, credentials)
    assert client.patch(ME_URL, {"first_name": "x"}).status_code == 200


def test_preflight_request_allows_csrf_token_header(api_client, settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]
    response = api_client.options(
        LOGIN_URL,
        HTTP_ORIGIN=ORIGIN,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="content-type, x-csrftoken",
    )
    assert "x-csrftoken" in response["Access-Control-Allow-Headers"]
    assert response["Access-Control-Allow-Credentials"] == "true"


def test_untrusted_origin_is_rejected(browser, user_client, credentials):
    for client, route in ((browser, "login"), (user_client, "logout")):
        response = client.post(reverse(route), credentials, HTTP_ORIGIN="https://evil.example")
        assert_csrf_failed(response)
        assert "Access-Control-Allow-Origin" not in response


def test_untrusted_referer_is_rejected_over_https(browser, credentials):
    response = browser.post(
        LOGIN_URL, credentials, secure=True, HTTP_REFERER="https://evil.example/"
    )
    assert_csrf_failed(response)
