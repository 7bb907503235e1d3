from datetime import datetime
from typing import cast

from django.conf import settings
from django.contrib.auth import user_logged_in, user_logged_out
from django.db import transaction
from django.utils import timezone
from rest_framework import authentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.request import Request

from accounts.models import User
from api.audit import log_on_commit


def expired_before() -> datetime:
    """Return the oldest creation time of a token that has not expired."""
    return timezone.now() - settings.TOKEN_TTL


@transaction.atomic
def log_in(request: Request, user: User) -> Token:
    """
    Return the token of a user whose password has just been checked.

    Create one if there is none or it has expired. Raise ValidationError if the password was changed
    or the user deactivated in the meantime: the new token would survive the change.
    """
    unchanged = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
    if not unchanged.select_for_update():
        raise ValidationError({"non_field_errors": ["Unable to log in with provided credentials."]})
    Token.objects.filter(user=user, created__lt=expired_before()).delete()
    token, created = Token.objects.get_or_create(user=user)
    if created:
        log_on_commit("token_created", user.pk)
    # Sets `last_login`, which invalidates links to reset the password.
    user_logged_in.send(sender=User, request=request, user=user)
    return token


def log_out(request: Request) -> None:
    """Delete the token of the request, but not one that has replaced it in the meantime."""
    user = cast(User, request.user)
    if isinstance(request.auth, Token):  # not the session of the browsable API
        revoke_token(user, key=request.auth.key)
    user_logged_out.send(sender=User, request=request, user=user)


def revoke_token(user: User, **lookup: str) -> None:
    deleted, _ = Token.objects.filter(user=user, **lookup).delete()
    if deleted:
        log_on_commit("token_revoked", user.pk)


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
        revoke_token(user)
