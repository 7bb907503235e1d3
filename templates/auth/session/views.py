from typing import cast

from django.contrib.auth import login, logout, update_session_auth_hash
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.generics import CreateAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from authentication.authentication import CSRFProtection
from authentication.serializers import CSRFTokenSerializer, PasswordSerializer, RegisterSerializer
from config.throttling import LoginThrottle


@method_decorator(never_cache, name="dispatch")
class CSRFView(APIView):
    """The CSRF token, which every unsafe request repeats in the header `X-CSRFToken`."""

    permission_classes = [AllowAny]

    @extend_schema(responses=CSRFTokenSerializer)
    def get(self, request: Request) -> Response:
        return Response({"csrf_token": get_token(request)})


class LoginView(APIView):
    """Log in: the answer sets the session cookie and holds the CSRF token that goes with it."""

    authentication_classes = [CSRFProtection]
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]

    @extend_schema(auth=[], request=AuthTokenSerializer, responses=CSRFTokenSerializer)
    def post(self, request: Request) -> Response:
        serializer = AuthTokenSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        login(request, serializer.validated_data["user"])
        return Response({"csrf_token": get_token(request)})


class LogoutView(APIView):
    """End this session."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        logout(request)
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(auth=[])
class RegisterView(CreateAPIView[User]):
    """Create an account. It is not logged in yet."""

    authentication_classes = [CSRFProtection]
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]
    serializer_class = RegisterSerializer


class PasswordView(APIView):
    """Change the password. Every other session of the user ends."""

    @extend_schema(request=PasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        user = cast(User, request.user)
        serializer = PasswordSerializer(user, data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        update_session_auth_hash(request, serializer.save())
        return Response(status=status.HTTP_204_NO_CONTENT)
