import pytest
from django.urls import reverse, reverse_lazy
from rest_framework.test import APIClient

CSRF_URL = reverse_lazy("csrf")
LOGIN_URL = reverse_lazy("login")
ME_URL = reverse_lazy("me")
ORIGIN = "https://app.example.com"
ANONYMOUS_ROUTES = ["login", "register", "password-reset", "password-reset-confirm"]


def assert_csrf_failed(response):
    assert response.status_code == 403
    assert response.json()["detail"].startswith("CSRF Failed")
    assert "WWW-Authenticate" not in response


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


def test_csrf_failure_does_not_count_as_login_attempt(browser, log_in, credentials):
    for _ in range(11):
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
