import pytest
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse, reverse_lazy

ME_URL = reverse_lazy("me")
PUBLIC_URL = reverse_lazy("schema")


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
