from datetime import datetime

from django.conf import settings
from django.utils import timezone
from rest_framework import authentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import User


def expired_before() -> datetime:
    """Return the oldest creation time of a token that has not expired."""
    return timezone.now() - settings.TOKEN_TTL


def get_valid_token(user: User) -> Token:
    """Return the user's token; create one if there is none or it has expired."""
    Token.objects.filter(user=user, created__lt=expired_before()).delete()
    token, _ = Token.objects.get_or_create(user=user)
    return token


class TokenAuthentication(authentication.TokenAuthentication):
    """Authenticate with a token that expires after `TOKEN_TTL_DAYS`."""

    def authenticate_credentials(self, key: str) -> tuple[User, Token]:
        if not key.isalnum():  # PostgreSQL rejects a NUL character
            raise AuthenticationFailed("Invalid token.")
        user, token = super().authenticate_credentials(key)
        if token.created < expired_before():
            raise AuthenticationFailed("The token has expired. Log in again.")
        return user, token


class RevokeTokenOnPasswordChange:
    """
    Delete a user's token when the password changes.

    This validator accepts every password. It exists for `password_changed()`, which Django calls
    whenever a password is set: in the API, in the admin and by `manage.py changepassword`.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        pass

    def get_help_text(self) -> str:
        return "Changing the password revokes the user's API token."

    def password_changed(self, password: str, user: User) -> None:
        Token.objects.filter(user=user).delete()
