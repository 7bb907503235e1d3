from typing import Any, cast

from django.contrib.auth import user_logged_out
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.views import TokenViewBase

from accounts.models import User
from api.audit import log_on_commit
from authentication.jwt import RefreshToken

# Replaces the stored text of a refresh token that was exchanged for a new one.
EXCHANGED = "exchanged"


def revoke_refresh_tokens(user: User) -> None:
    """Blacklist every refresh token of the user."""
    # Repeat until none is left: a token can be exchanged for a new one in the meantime.
    while tokens := list(OutstandingToken.objects.filter(user=user, blacklistedtoken=None)):
        BlacklistedToken.objects.bulk_create(
            [BlacklistedToken(token=token) for token in tokens], ignore_conflicts=True
        )
        log_on_commit("token_revoked", user.pk)
    # The tokens that replaced these are revoked: using an old one must not revoke later logins.
    OutstandingToken.objects.filter(user=user, token=EXCHANGED).update(token="")


class TokenBlacklistSerializer(serializers.Serializer[None]):
    refresh = serializers.CharField(write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token = RefreshToken(attrs["refresh"])
        token.blacklist()
        for event in ("logout", "token_revoked"):
            log_on_commit(event, int(token["user_id"]))
        return {}


@extend_schema(responses={200: OpenApiTypes.OBJECT, 401: None})
class TokenBlacklistView(TokenViewBase):
    """Log out. Revokes the refresh token; its access tokens expire within minutes."""

    serializer_class = TokenBlacklistSerializer


class LogoutAllView(APIView):
    """Log out on all devices. Revokes every refresh token of the user."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        user = cast(User, request.user)
        revoke_refresh_tokens(user)
        user_logged_out.send(sender=User, request=request, user=user)
        return Response(status=status.HTTP_204_NO_CONTENT)
