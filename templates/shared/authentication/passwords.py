from typing import cast

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.locks import lock_user
from accounts.models import User
from api.throttling import LoginThrottle, PasswordThrottle
from authentication.serializers import (
    PasswordChangeSerializer,
    PasswordResetConfirmSerializer,
    PasswordResetSerializer,
)


class PasswordChangeView(APIView):
    """Change the password. Tokens are revoked, and other sessions end."""

    throttle_classes = [LoginThrottle, PasswordThrottle]

    @extend_schema(
        operation_id="auth_password_change",
        request=PasswordChangeSerializer,
        responses={204: None},
    )
    @transaction.atomic
    def post(self, request: Request) -> Response:
        user = lock_user(cast(User, request.user))
        serializer = PasswordChangeSerializer(user, data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        request.user = serializer.save()
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordResetView(APIView):
    """Send a link to reset the password. The response does not reveal if the address is known."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]

    @extend_schema(request=PasswordResetSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        serializer = PasswordResetSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordResetConfirmView(APIView):
    """Set a new password with the values of the link. Tokens are revoked, and sessions end."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(request=PasswordResetConfirmSerializer, responses={204: None})
    @transaction.atomic
    def post(self, request: Request) -> Response:
        serializer = PasswordResetConfirmSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(status=status.HTTP_204_NO_CONTENT)
