from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from rest_framework import serializers
from rest_framework.validators import UniqueValidator
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken, UntypedToken

from accounts.models import User
from accounts.serializers import UserSerializer


# {% include "shared/register_serializer.py" %}


# {% include "shared/password_serializer.py" %}


class TokenRefreshSerializer(serializers.Serializer[None]):
    """
    Exchanges a refresh token for a new pair, once.

    The stock serializer checks the blacklist before it adds to it: of two requests at the same
    time both would win. Here the unique row in the blacklist decides, on any database.
    """

    refresh = serializers.CharField()
    access = serializers.CharField(read_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token = RefreshToken(attrs["refresh"])
        user = JWTAuthentication().get_user(token)
        try:
            outstanding = OutstandingToken.objects.get(jti=token["jti"])
        except OutstandingToken.DoesNotExist as error:
            raise InvalidToken("Token is unknown") from error
        _, is_first_use = BlacklistedToken.objects.get_or_create(token=outstanding)
        if not is_first_use:
            raise InvalidToken("Token is blacklisted")
        new = RefreshToken.for_user(user)
        return {"access": str(new.access_token), "refresh": str(new)}


class TokenVerifySerializer(serializers.Serializer[None]):
    """Accepts a token that would be accepted where it is used."""

    token = serializers.CharField(write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token = UntypedToken(attrs["token"])
        if BlacklistedToken.objects.filter(token__jti=token["jti"]).exists():
            raise InvalidToken("Token is blacklisted")
        JWTAuthentication().get_user(token)
        return {}
