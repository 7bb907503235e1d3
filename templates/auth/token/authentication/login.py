from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.authtoken.serializers import AuthTokenSerializer
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.throttling import LoginThrottle
from authentication.tokens import log_in, log_out


class TokenSerializer(serializers.Serializer[None]):
    token = serializers.CharField()


class LoginView(APIView):
    """Log in. Returns the user's token, which stays the same until it expires or is revoked."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]

    @extend_schema(
        request=AuthTokenSerializer,
        responses=TokenSerializer,
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
        token = log_in(request, serializer.validated_data["user"])
        return Response({"token": token.key})


class LogoutView(APIView):
    """Log out. Deletes the user's token."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        log_out(request)
        return Response(status=status.HTTP_204_NO_CONTENT)
