import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse_lazy
from rest_framework.test import APIClient

LOGOUT_URL = reverse_lazy("logout")
ME_URL = reverse_lazy("me")


def test_logout_deletes_stored_session(user_client):
    other_client = APIClient()
    other_client.cookies["sessionid"] = user_client.cookies["sessionid"].value
    assert other_client.get(ME_URL).status_code == 200
    response = user_client.post(LOGOUT_URL)
    assert response.status_code == 204
    assert not response.content
    assert other_client.get(ME_URL).status_code == 401
    assert not Session.objects.exists()


def test_logout_keeps_other_sessions_of_user(login_as, user_client, user):
    other_client = login_as(user)
    assert user_client.post(LOGOUT_URL).status_code == 204
    assert other_client.get(ME_URL).status_code == 200


def test_logout_requires_authentication(browser):
    response = browser.post(LOGOUT_URL)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Session realm="api"'


@pytest.mark.django_db(transaction=True)
def test_logout_is_logged_without_session_key(user_client, user, log, logged_events):
    response = user_client.post(LOGOUT_URL)
    assert logged_events("logout") == [(user.pk, response["X-Request-ID"])]
    for cookie in user_client.cookies.values():
        assert not cookie.value or cookie.value not in str(log())
