import json

import jwt
import pytest
from django.conf import settings
from django.urls import reverse
from rest_framework.test import APIClient

from authentication.jwt import RefreshToken


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
    return 401


@pytest.fixture
def stale_client():
    """Return a client whose access token is invalid."""
    return APIClient(HTTP_AUTHORIZATION="Bearer stale")


@pytest.fixture
def credentials(user, password):
    return {"username": user.username, "password": password}


@pytest.fixture
def refresh_token(user):
    return str(RefreshToken.for_user(user))


@pytest.fixture
def access_token(refresh_token):
    return str(RefreshToken(refresh_token).access_token)


@pytest.fixture
def decode():
    """Return a function that verifies a token's signature and returns its claims."""

    def decode(token):
        key = settings.SIMPLE_JWT["SIGNING_KEY"]
        options = {"verify_aud": False, "verify_exp": False}
        return jwt.decode(token, key, algorithms=["HS256"], options=options)

    return decode


@pytest.fixture
def change_claims(decode):
    """Return a function that returns a signed token with other claims; None removes a claim."""

    def change_claims(token, **claims):
        changed = decode(token) | claims
        changed = {claim: value for claim, value in changed.items() if value is not None}
        # Unlike PyJWT, PyJWS accepts any claim.
        return jwt.PyJWS().encode(json.dumps(changed).encode(), settings.SIMPLE_JWT["SIGNING_KEY"])

    return change_claims


@pytest.fixture
def get_me():
    """Return a function that requests `me/` with an access token."""

    def get_me(token):
        return APIClient().get(reverse("me"), HTTP_AUTHORIZATION=f"Bearer {token}")

    return get_me


@pytest.fixture
def refresh():
    """Return a function that exchanges a refresh token."""

    def refresh(token):
        return APIClient().post(reverse("token-refresh"), {"refresh": token})

    return refresh


@pytest.fixture
def verify():
    """Return a function that verifies a token."""

    def verify(token):
        return APIClient().post(reverse("token-verify"), {"token": token})

    return verify


@pytest.fixture
def blacklist():
    """Return a function that blacklists a refresh token."""

    def blacklist(token):
        return APIClient().post(reverse("token-blacklist"), {"refresh": token})

    return blacklist


@pytest.fixture
def assert_unauthorized():
    """Return a function that asserts that a response is a 401 with a challenge."""

    def assert_unauthorized(response):
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="api"'
        assert "detail" in response.json()

    return assert_unauthorized
