from typing import Any

from django.http import HttpRequest
from djoser import views
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.models import User
from accounts.serializers import UserSerializer
from api.throttling import LoginThrottle


@extend_schema_view(
    list=extend_schema(description="List users. Staff sees all users, others only themselves."),
    create=extend_schema(auth=[], description="Create an account. The new user is not logged in."),
    set_password=extend_schema(
        description="Change the password. The user's token is revoked.", responses={204: None}
    ),
)
class UserViewSet(views.UserViewSet):
    """User accounts."""

    queryset = User.objects.all()

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        drf_request = super().initialize_request(request, *args, **kwargs)
        if self.action == "create":
            # Registration needs no credentials, so invalid ones must not fail it.
            drf_request.authenticators = []
        return drf_request

    def get_throttles(self) -> list[BaseThrottle]:
        return [LoginThrottle()] if self.action == "create" else super().get_throttles()

    @extend_schema(methods=["GET"], responses=UserSerializer)
    @extend_schema(methods=["PATCH"], request=UserSerializer, responses=UserSerializer)
    @extend_schema(
        methods=["DELETE"],
        description="Delete the account. The body must contain the `current_password`.",
        responses={204: None},
    )
    def me(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The profile of the authenticated user."""
        return super().me(request, *args, **kwargs)


@extend_schema_view(
    reset_password=extend_schema(
        description="Send a link to reset the password if the email address is known.",
        responses={204: None},
    ),
    reset_password_confirm=extend_schema(
        description="Set a new password with the values from the link. The token is revoked.",
        responses={204: None},
    ),
)
class PasswordResetViewSet(views.UserViewSet):
    """Password reset."""

    queryset = User.objects.all()
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_throttles(self) -> list[BaseThrottle]:
        if self.action == "reset_password":  # sends an email
            return [LoginThrottle()]
        return super().get_throttles()
