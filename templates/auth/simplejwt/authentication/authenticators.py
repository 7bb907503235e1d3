from typing import Any

from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt import authentication
from rest_framework_simplejwt.tokens import Token


class JWTAuthentication(authentication.JWTAuthentication):
    """Authenticate with a token that was issued since the password was changed."""

    def get_user(self, validated_token: Token) -> Any:
        user = super().get_user(validated_token)
        if validated_token.get("hash_password") != user.get_session_auth_hash():
            raise AuthenticationFailed("The password has been changed. Log in again.")
        return user
