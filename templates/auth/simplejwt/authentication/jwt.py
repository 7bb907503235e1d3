from __future__ import annotations

import re
from typing import Any, cast

from django.conf import settings
from django.db import IntegrityError
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.utils import datetime_to_epoch

LOGIN_SECONDS = int(settings.LOGIN_LIFETIME.total_seconds())


class CheckedToken(tokens.Token):
    """A token whose claims are checked before queries and calculations use them."""

    @classmethod
    def for_user(cls, user: Any) -> Any:
        token = super().for_user(user)
        # Changing the password revokes the token. The package itself would use MD5.
        token["hash_password"] = user.get_session_auth_hash()
        return token

    def verify(self) -> None:
        """Raise TokenError for malformed claims: a valid signature does not rule them out."""
        exp = self.get("exp")
        if not (
            re.fullmatch("[0-9a-f]{32}", str(self.get("jti")))
            and re.fullmatch("[0-9]{1,18}", str(self.get("user_id")))
            and isinstance(exp, int)
            and exp < 10**11  # Python supports times up to the year 9999
        ):
            raise TokenError("Token is invalid")
        super().verify()


class UntypedToken(CheckedToken, tokens.UntypedToken):
    """An access token or a refresh token."""


class AccessToken(CheckedToken, tokens.AccessToken):
    pass


class RefreshToken(CheckedToken, tokens.RefreshToken):
    """A refresh token that ends with the login that it belongs to."""

    access_token_class = AccessToken

    @classmethod
    def for_user(cls, user: Any, login_at: int | None = None) -> RefreshToken:
        """Create a token for a user who logged in at the given time, by default now."""
        try:
            token = cast(RefreshToken, super().for_user(user))
        except IntegrityError as error:
            raise TokenError("User was deleted") from error
        # The database stores the token without this claim, so the stored one cannot be used.
        token["login_at"] = token["iat"] if login_at is None else login_at
        token["exp"] = min(token["exp"], token["login_at"] + LOGIN_SECONDS)
        return token

    @property
    def access_token(self) -> AccessToken:
        token = cast(AccessToken, super().access_token)
        token["exp"] = min(token["exp"], self["exp"])
        return token

    def verify(self) -> None:
        login_at = self.get("login_at")
        now = datetime_to_epoch(self.current_time)
        if not isinstance(login_at, int) or not 0 <= now - login_at < LOGIN_SECONDS:
            raise TokenError("The login is invalid or has expired")
        super().verify()
