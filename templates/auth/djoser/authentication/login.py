from typing import Any

from djoser import views
from djoser.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.throttling import LoginThrottle
from authentication.tokens import get_valid_token


class TokenCreateView(views.TokenCreateView):
    """Log in. Returns the user's token, which stays the same until it expires or is revoked."""

    authentication_classes = ()
    throttle_classes = [LoginThrottle]

    @extend_schema(responses=settings.SERIALIZERS.token)
    def post(self, request: Request) -> Response:
        return super().post(request)

    def _action(self, serializer: Any) -> Response:
        serializer.user = serializer.validated_data["user"]
        get_valid_token(serializer.user)
        return super()._action(serializer)


class TokenDestroyView(views.TokenDestroyView):
    """Log out. Deletes the user's token."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        return super().post(request)
