from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import CreateAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from authentication.serializers import PasswordSerializer, RegisterSerializer
from authentication.tokens import end_refresh_tokens
from config.throttling import LoginThrottle


class LogoutAllView(APIView):
    """End every refresh token of the caller, on all devices."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        end_refresh_tokens(cast(User, request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


# {% include "shared/account_views.py" %}
