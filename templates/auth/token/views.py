from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authtoken.models import Token
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.generics import CreateAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from authentication.authentication import valid_token
from authentication.serializers import PasswordSerializer, RegisterSerializer, TokenSerializer
from config.throttling import LoginThrottle


class LoginView(APIView):
    """Log in: the same token for everybody who logs in as this user, until it expires."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]

    @extend_schema(request=AuthTokenSerializer, responses=TokenSerializer)
    def post(self, request: Request) -> Response:
        serializer = AuthTokenSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        token = valid_token(serializer.validated_data["user"])
        return Response({"token": token.key})


class LogoutView(APIView):
    """End the caller's token."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        Token.objects.filter(user=cast(User, request.user)).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


# {% include "shared/account_views.py" %}
