from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken, UntypedToken
from rest_framework_simplejwt.views import TokenViewBase


class TokenRefreshSerializer(serializers.Serializer[None]):
    refresh = serializers.CharField()
    access = serializers.CharField(read_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token = RefreshToken(attrs["refresh"])
        user = JWTAuthentication().get_user(token)
        try:
            outstanding = OutstandingToken.objects.get(jti=token["jti"])
        except OutstandingToken.DoesNotExist as error:
            raise InvalidToken("Token is unknown") from error
        # Create the new token first, so that revoking all tokens finds either it or the old one.
        new = RefreshToken.for_user(user)
        # Of concurrent requests, only the one that inserts the row succeeds.
        _, is_first_use = BlacklistedToken.objects.get_or_create(token=outstanding)
        if not is_first_use:
            raise InvalidToken("Token is blacklisted")
        return {"access": str(new.access_token), "refresh": str(new)}


class TokenRefreshView(TokenViewBase):
    """Exchange a refresh token for a new pair of tokens. Each refresh token works once."""

    serializer_class = TokenRefreshSerializer


class TokenVerifySerializer(serializers.Serializer[None]):
    token = serializers.CharField(write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token = UntypedToken(attrs["token"])
        if token.get("token_type") == RefreshToken.token_type:
            live = OutstandingToken.objects.filter(jti=token["jti"], blacklistedtoken=None)
            if not live.exists():
                raise InvalidToken("Token is blacklisted")
        JWTAuthentication().get_user(token)
        return {}


@extend_schema(responses=OpenApiTypes.OBJECT)
class TokenVerifyView(TokenViewBase):
    """Check whether an access token or a refresh token is valid."""

    serializer_class = TokenVerifySerializer
