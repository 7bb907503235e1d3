from typing import Any

from django.http import HttpRequest
from djoser import views
from djoser.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.models import User
from accounts.serializers import UserSerializer
from authentication.authentication import valid_token
from config.throttling import LoginThrottle


class TokenCreateView(views.TokenCreateView):
    """Log in: the same token for everybody who logs in as this user, until it expires."""

    authentication_classes = ()
    throttle_classes = [LoginThrottle]

    @extend_schema(responses=settings.SERIALIZERS.token)
    def post(self, request: Request) -> Response:
        return super().post(request)

    def _action(self, serializer: Any) -> Response:
        serializer.user = serializer.validated_data["user"]
        valid_token(serializer.user)
        return super()._action(serializer)


class TokenDestroyView(views.TokenDestroyView):
    """End the caller's token."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        return super().post(request)


@extend_schema_view(
    list=extend_schema(description="Users: all of them for staff, oneself for anybody else."),
    create=extend_schema(auth=[], description="Create an account. It is not logged in yet."),
    set_password=extend_schema(
        description="Change the password. The user's token ends.", responses={204: None}
    ),
)
class UserViewSet(views.UserViewSet):
    """User accounts."""

    queryset = User.objects.all()

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        drf_request = super().initialize_request(request, *args, **kwargs)
        if self.action == "create":
            # A stale token must not get in the way of a caller who needs none.
            drf_request.authenticators = []
        return drf_request

    def get_throttles(self) -> list[BaseThrottle]:
        return [LoginThrottle()] if self.action == "create" else super().get_throttles()

    @extend_schema(methods=["GET"], responses=UserSerializer)
    @extend_schema(methods=["PATCH"], request=UserSerializer, responses=UserSerializer)
    @extend_schema(
        methods=["DELETE"],
        # OpenAPI has no bodies for this method.
        description="Delete the account. The body holds the `current_password`.",
        responses={204: None},
    )
    def me(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The profile of the caller."""
        return super().me(request, *args, **kwargs)


@extend_schema_view(
    reset_password=extend_schema(
        description="Send a link to set a new password, if the address is somebody's.",
        responses={204: None},
    ),
    reset_password_confirm=extend_schema(
        description="Set a new password, with what the link holds. The user's token ends.",
        responses={204: None},
    ),
)
class PasswordResetViewSet(views.UserViewSet):
    """A new password for somebody who has forgotten theirs."""

    queryset = User.objects.all()
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_throttles(self) -> list[BaseThrottle]:
        # This is the one that sends a mail.
        return [LoginThrottle()] if self.action == "reset_password" else super().get_throttles()
