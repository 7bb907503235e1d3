import re

import pytest
from django.contrib.auth import user_logged_in, user_login_failed
from django.core import mail
from django.urls import reverse_lazy

from authentication.mail import executor

# Changes are logged when the transaction is committed.
pytestmark = pytest.mark.django_db(transaction=True)

LOGIN_URL = reverse_lazy("login")


def test_login_is_logged_without_secrets(api_client, user, credentials, log, logged_events):
    response = api_client.post(LOGIN_URL, credentials)
    assert logged_events("login") == [(user.pk, response["X-Request-ID"])]
    assert not logged_events("login_failed")
    cookies = [morsel.value for morsel in response.cookies.values()]
    for secret in [*response.json().values(), *cookies, *credentials.values()]:
        assert secret not in str(log())


def test_registration_is_logged_without_secrets(api_client, register_url, log):
    account = {"username": "joanna", "email": "joanna@example.com", "password": "hidden-horse"}
    assert api_client.post(register_url, account).status_code == 201
    assert api_client.post(register_url, account).status_code == 400
    for secret in account.values():
        assert secret not in str(log())


def test_failed_login_is_logged_without_secrets(api_client, user, log, logged_events):
    response = api_client.post(LOGIN_URL, {"username": user.username, "password": "hidden"})
    assert logged_events("login_failed") == [(user.pk, response["X-Request-ID"])]
    assert not logged_events("login")
    for secret in (user.username, "hidden"):
        assert secret not in str(log())


def test_signals_of_login_have_request(api_client, credentials):
    paths = []

    def receive(request, **kwargs):
        paths.append(request.path)

    user_login_failed.connect(receive)
    user_logged_in.connect(receive)
    for password in ("wrong", credentials["password"]):
        api_client.post(LOGIN_URL, credentials | {"password": password})
    assert paths == [LOGIN_URL, LOGIN_URL]


def test_password_change_is_logged_without_secrets(
    user_client, user, password, new_password, password_change_url, log, logged_events
):
    passwords = {"current_password": password, "new_password": new_password}
    response = user_client.post(password_change_url, passwords)
    assert logged_events("password_changed") == [(user.pk, response["X-Request-ID"])]
    for secret in (password, new_password):
        assert secret not in str(log())


def test_wrong_current_password_is_logged(
    user_client, user, new_password, password_change_url, log, logged_events
):
    passwords = {"current_password": "hidden", "new_password": new_password}
    response = user_client.post(password_change_url, passwords)
    assert logged_events("login_failed") == [(user.pk, response["X-Request-ID"])]
    assert not logged_events("password_changed")
    assert "hidden" not in str(log())


def test_password_reset_is_logged_without_secrets(
    api_client,
    user,
    new_password,
    password_reset_url,
    password_reset_confirm_url,
    log,
    logged_events,
):
    response = api_client.post(password_reset_url, {"email": user.email})
    assert logged_events("password_reset_requested") == [(user.pk, response["X-Request-ID"])]
    executor.submit(lambda: None).result(timeout=30)  # wait until the email is sent
    uid, token = re.search(r"/password-reset/(\S+)/(\S+)", mail.outbox[0].body).groups()
    assert not logged_events("password_reset")

    confirmation = {"uid": uid, "token": token, "new_password": new_password}
    response = api_client.post(password_reset_confirm_url, confirmation)
    for event in ("password_reset", "password_changed"):
        assert logged_events(event) == [(user.pk, response["X-Request-ID"])]
    for secret in (user.email, token, new_password):
        assert secret not in str(log())


def test_password_reset_for_unknown_address_is_logged(
    api_client, password_reset_url, log, logged_events
):
    response = api_client.post(password_reset_url, {"email": "hidden@example.com"})
    assert logged_events("password_reset_requested") == [(None, response["X-Request-ID"])]
    assert "hidden" not in str(log())
