from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from rest_framework import serializers
from rest_framework.validators import UniqueValidator
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken, UntypedToken

from accounts.models import User
from accounts.serializers import UserSerializer


# {% include "shared/register_serializer.py" %}


# {% include "shared/password_serializer.py" %}


class TokenObtainSerializer(TokenObtainPairSerializer):
    access = serializers.CharField(read_only=True)
    refresh = serializers.CharField(read_only=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The stock field cuts off spaces that may be part of the password.
        self.fields["password"] = serializers.CharField(write_only=True, trim_whitespace=False)


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
        # The new token comes first, so that `end_refresh_tokens` finds either it or the old one.
        new = RefreshToken.for_user(user)
        # Of requests at the same time, the one that adds the row wins, on any database.
        _, is_first_use = BlacklistedToken.objects.get_or_create(token=outstanding)
        if not is_first_use:
            raise InvalidToken("Token is blacklisted")
        return {"access": str(new.access_token), "refresh": str(new)}


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
