import pytest
from django.contrib.auth import user_logged_out
from django.urls import reverse_lazy
from rest_framework.authtoken.models import Token

from api.throttling import UserRateThrottle

LOGOUT_URL = reverse_lazy("logout")
ME_URL = reverse_lazy("me")


def assert_unauthorized(response):
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"
    assert response.json().keys() == {"detail"}


def test_logout_revokes_token(user_client):
    response = user_client.post(LOGOUT_URL)
    assert response.status_code == 204
    assert not response.content
    assert_unauthorized(user_client.get(ME_URL))


def test_logout_does_not_affect_other_user(user_client, login_as, other_user):
    other_client = login_as(other_user)
    assert user_client.post(LOGOUT_URL).status_code == 204
    assert other_client.get(ME_URL).status_code == 200


def test_logout_keeps_token_of_later_login(user_client, user, monkeypatch):
    def replace_token(*args):
        Token.objects.all().delete()
        Token.objects.create(user=user)
        return True

    # Throttles run after authentication.
    monkeypatch.setattr(UserRateThrottle, "allow_request", replace_token)
    assert user_client.post(LOGOUT_URL).status_code == 204
    assert Token.objects.filter(user=user).exists()


def test_logout_without_token_keeps_token(api_client, user):
    token = Token.objects.create(user=user)
    api_client.force_authenticate(user)  # without a token, like a session of the browsable API
    assert api_client.post(LOGOUT_URL).status_code == 204
    assert Token.objects.get() == token


def test_signal_of_logout_has_request(user_client):
    paths = []

    def receive(request, **kwargs):
        paths.append(request.path)

    user_logged_out.connect(receive)
    user_client.post(LOGOUT_URL)
    assert paths == [LOGOUT_URL]


def test_logout_requires_authentication(api_client, db):
    assert_unauthorized(api_client.post(LOGOUT_URL))


def test_logout_allows_only_post(user_client):
    response = user_client.get(LOGOUT_URL)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.django_db(transaction=True)
def test_creation_and_revocation_of_token_are_logged_without_token(
    api_client, credentials, user, obtain_token, log, logged_events
):
    token = obtain_token(credentials)
    created = logged_events("token_created")
    assert [user_id for user_id, _ in created] == [user.pk]
    assert obtain_token(credentials) == token
    assert logged_events("token_created") == created
    assert not logged_events("token_revoked")
    response = api_client.post(LOGOUT_URL, HTTP_AUTHORIZATION=f"Token {token}")
    for event in ("logout", "token_revoked"):
        assert logged_events(event) == [(user.pk, response["X-Request-ID"])]
    assert token not in str(log())


@pytest.mark.django_db(transaction=True)
def test_password_change_without_token_revokes_none(user, new_password, logged_events):
    user.set_password(new_password)
    user.save()
    assert logged_events("password_changed")
    assert not logged_events("token_revoked")
