from typing import cast

from django.contrib.auth import login, logout, update_session_auth_hash
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from api.throttling import LoginThrottle
from authentication import passwords
from authentication.authenticators import CSRFProtection
from authentication.serializers import PasswordChangeSerializer


class CSRFTokenSerializer(serializers.Serializer[None]):
    csrf_token = serializers.CharField()


@method_decorator(never_cache, name="dispatch")
class CSRFTokenView(APIView):
    """Get the CSRF token. Send it as `X-CSRFToken` with every unsafe request."""

    permission_classes = [AllowAny]

    @extend_schema(responses=CSRFTokenSerializer)
    def get(self, request: Request) -> Response:
        return Response({"csrf_token": get_token(request)})


class LoginView(APIView):
    """Log in. The response sets the session cookie and contains a new CSRF token."""

    authentication_classes = [CSRFProtection]
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]

    @extend_schema(
        request=AuthTokenSerializer,
        responses=CSRFTokenSerializer,
        examples=[
            OpenApiExample(
                "Credentials",
                {"username": "ada", "password": "correct-horse-battery"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        serializer = AuthTokenSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        # login() would keep the session key of a user who logs in again.
        request.session.flush()
        login(request, serializer.validated_data["user"])
        return Response({"csrf_token": get_token(request)})


class LogoutView(APIView):
    """Log out. Ends the session."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        logout(request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordChangeView(passwords.PasswordChangeView):
    """Change the password. This session continues; every other session of the user ends."""

    @extend_schema(
        operation_id="auth_password_change",
        request=PasswordChangeSerializer,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        response = super().post(request)
        update_session_auth_hash(request, cast(User, request.user))
        return response
