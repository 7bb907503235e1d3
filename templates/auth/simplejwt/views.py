from typing import cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import CreateAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.serializers import TokenBlacklistSerializer
from rest_framework_simplejwt.views import TokenViewBase

from accounts.models import User
from authentication.serializers import (
    PasswordSerializer,
    RegisterSerializer,
    TokenObtainSerializer,
    TokenRefreshSerializer,
    TokenVerifySerializer,
)
from authentication.tokens import end_refresh_tokens
from config.throttling import LoginThrottle


class TokenObtainView(TokenViewBase):
    """Exchange a username and password for an access token and a refresh token."""

    throttle_classes = [LoginThrottle]
    serializer_class = TokenObtainSerializer


class TokenRefreshView(TokenViewBase):
    """Exchange a refresh token for a new pair. It works once."""

    serializer_class = TokenRefreshSerializer


@extend_schema(responses=OpenApiTypes.OBJECT)
class TokenVerifyView(TokenViewBase):
    """Tell whether a token, of either kind, would be accepted where it is used."""

    serializer_class = TokenVerifySerializer


@extend_schema(responses=OpenApiTypes.OBJECT)
class TokenBlacklistView(TokenViewBase):
    """End a refresh token. Access tokens made with it live out their few minutes."""

    serializer_class = TokenBlacklistSerializer


class LogoutAllView(APIView):
    """End every refresh token of the caller, on all devices."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        end_refresh_tokens(cast(User, request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


# {% include "shared/account_views.py" %}
