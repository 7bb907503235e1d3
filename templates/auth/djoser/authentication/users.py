from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest
from djoser import views
from drf_spectacular.utils import Direction, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts.locks import lock_user
from accounts.models import User
from accounts.serializers import UserSerializer
from api.audit import log_on_commit
from api.openapi import AutoSchema
from api.throttling import LoginThrottle, PasswordThrottle
from authentication.serializers import CurrentPasswordSerializer


class UserSchema(AutoSchema):
    """Describe the body of DELETE, which drf-spectacular does not expect."""

    def _get_request_body(self, direction: Direction = "request") -> dict[str, Any] | None:
        if self.method != "DELETE":
            return super()._get_request_body(direction)
        self.method = "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"


@extend_schema_view(
    list=extend_schema(description="List users. Staff see all users; others see only themselves."),
    create=extend_schema(
        auth=[],
        description="Create an account. The new user is not logged in.",
        responses={201: UserSerializer},
    ),
)
class UserViewSet(views.UserViewSet):
    """User accounts."""

    schema = UserSchema()
    queryset = User.objects.all()

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        drf_request = super().initialize_request(request, *args, **kwargs)
        if self.action == "create":
            # Registration needs no credentials, so invalid ones must not fail it.
            drf_request.authenticators = []
        return drf_request

    def get_throttles(self) -> list[BaseThrottle]:
        if self.action == "create":
            return [LoginThrottle()]
        if self.action == "set_password" or self.request.method == "DELETE":
            return [LoginThrottle(), PasswordThrottle()]
        return super().get_throttles()

    @extend_schema(
        description="Change the password. The user's token is revoked.", responses={204: None}
    )
    @transaction.atomic
    def set_password(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(lock_user(cast(User, request.user)), data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @transaction.atomic
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        user = lock_user(cast(User, request.user))
        serializer = self.get_serializer(user, data=request.data)
        serializer.is_valid(raise_exception=True)
        log_on_commit("account_deleted", user.pk)
        user.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(methods=["GET"], summary="Get your own account", responses=UserSerializer)
    @extend_schema(
        methods=["PATCH"],
        summary="Update your own account",
        request=UserSerializer,
        responses=UserSerializer,
    )
    @extend_schema(
        methods=["DELETE"],
        summary="Delete your own account",
        request=CurrentPasswordSerializer,
        # An object of the user can be created in the meantime.
        responses={204: None, 409: None},
    )
    def me(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The account of the authenticated user."""
        return super().me(request, *args, **kwargs)


class PasswordResetViewSet(views.UserViewSet):
    """Password reset."""

    queryset = User.objects.all()
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_throttles(self) -> list[BaseThrottle]:
        if self.action == "reset_password":  # sends an email
            return [LoginThrottle()]
        return super().get_throttles()

    # Djoser's own methods wait for the mail server and allow a link to be used twice.

    @extend_schema(
        description=(
            "Send a link to reset the password. "
            "The response does not reveal if the address is known."
        ),
        responses={204: None},
    )
    def reset_password(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.save(request)

    @extend_schema(
        description="Set a new password with the values of the link. The token is revoked.",
        responses={204: None},
    )
    @transaction.atomic
    def reset_password_confirm(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.save(request)

    def save(self, request: Request) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(status=status.HTTP_204_NO_CONTENT)
