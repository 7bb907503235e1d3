from typing import Any, cast

from django.contrib.auth import user_logged_in
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer
from rest_framework_simplejwt.views import TokenViewBase

from accounts.models import User
from api.audit import log_on_commit
from api.throttling import LoginThrottle
from authentication.jwt import RefreshToken


class TokenObtainSerializer(TokenObtainPairSerializer):
    token_class = RefreshToken
    access = serializers.CharField(read_only=True)
    refresh = serializers.CharField(read_only=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The default field strips spaces that can be part of the password.
        self.fields["password"] = serializers.CharField(write_only=True, trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        tokens = super().validate(attrs)
        # Sets `last_login`, which invalidates links to reset the password.
        user = cast(User, self.user)
        user_logged_in.send(sender=User, request=self.context["request"], user=user)
        log_on_commit("token_created", user.pk)
        return tokens


@extend_schema_view(
    post=extend_schema(
        operation_id="auth_login",
        responses={200: TokenObtainSerializer, 401: None},
        examples=[
            OpenApiExample(
                "Credentials",
                {"username": "ada", "password": "correct-horse-battery"},
                request_only=True,
            )
        ],
    )
)
class TokenObtainView(TokenViewBase):
    """Log in. Returns an access token and a refresh token."""

    throttle_classes = [LoginThrottle]
    serializer_class = TokenObtainSerializer
