from typing import Any

from djoser import views
from djoser.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.throttling import LoginThrottle
from authentication.tokens import log_in, log_out


class TokenCreateView(views.TokenCreateView):
    """Log in. Returns the user's token, which stays the same until it expires or is revoked."""

    authentication_classes = ()
    throttle_classes = [LoginThrottle]

    @extend_schema(
        responses=settings.SERIALIZERS.token,
        examples=[
            OpenApiExample(
                "Credentials",
                {"username": "ada", "password": "correct-horse-battery"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        return super().post(request)

    def _action(self, serializer: Any) -> Response:
        # Djoser's own method could create a token after the password has been changed.
        token = log_in(self.request, serializer.validated_data["user"])
        return Response(settings.SERIALIZERS.token(token).data)


class TokenDestroyView(views.TokenDestroyView):
    """Log out. Deletes the user's token."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        log_out(request)
        return Response(status=status.HTTP_204_NO_CONTENT)
