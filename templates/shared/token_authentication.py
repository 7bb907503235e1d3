from datetime import datetime

from django.conf import settings
from django.utils import timezone
from rest_framework import authentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import User


def oldest_valid() -> datetime:
    """Return the time before which a token was created if it has expired."""
    return timezone.now() - settings.TOKEN_TTL


def valid_token(user: User) -> Token:
    """Return the user's token, a new one if there is none or it has expired."""
    Token.objects.filter(user=user, created__lt=oldest_valid()).delete()
    token, _ = Token.objects.get_or_create(user=user)
    return token


class TokenAuthentication(authentication.TokenAuthentication):
    """DRF's tokens, which by themselves never expire, for `TOKEN_TTL_DAYS`."""

    def authenticate_credentials(self, key: str) -> tuple[User, Token]:
        if not key.isalnum():  # PostgreSQL cannot even look for a NUL
            raise AuthenticationFailed("Invalid token.")
        user, token = super().authenticate_credentials(key)
        if token.created < oldest_valid():
            raise AuthenticationFailed("The token has expired.")
        return user, token
