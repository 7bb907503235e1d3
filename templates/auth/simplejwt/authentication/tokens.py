from typing import Any, cast

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.views import TokenViewBase

from accounts.models import User
from api.audit import log_event, log_on_commit
from authentication.authenticators import JWTAuthentication
from authentication.jwt import AccessToken, RefreshToken, UntypedToken
from authentication.logout import EXCHANGED, revoke_refresh_tokens


def revoke_if_stolen(raw_token: str) -> None:
    """
    Revoke all refresh tokens of a user if one of them is used again after its exchange.

    Then a thief may have the old token or the new one: see RFC 9700, section 4.14. A client may
    repeat a request within REFRESH_GRACE_PERIOD, for example if it did not receive the response.
    """
    token = UntypedToken(raw_token)  # type: ignore[arg-type]
    # Raises an exception if the password was changed: then the new token is revoked already.
    user = cast(User, JWTAuthentication().get_user(token))
    reused = BlacklistedToken.objects.filter(
        token__jti=token["jti"],
        token__token=EXCHANGED,
        blacklisted_at__lt=timezone.now() - settings.REFRESH_GRACE_PERIOD,
    )
    if reused.exists():
        log_event("token_reuse_detected", user.pk)
        revoke_refresh_tokens(user)


def get_outstanding(token: RefreshToken) -> OutstandingToken:
    """Return the row of a refresh token. Raise InvalidToken if there is none."""
    try:
        return OutstandingToken.objects.get(jti=token["jti"])
    except OutstandingToken.DoesNotExist as error:
        raise InvalidToken("Token is unknown") from error


class TokenRefreshSerializer(serializers.Serializer[None]):
    refresh = serializers.CharField()
    access = serializers.CharField(read_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        try:
            token = RefreshToken(attrs["refresh"])
        except TokenError:
            revoke_if_stolen(attrs["refresh"])
            raise
        user = JWTAuthentication().get_user(token)
        outstanding = get_outstanding(token)
        # Create the new token first, so that revoking all tokens finds either it or the old one.
        new = RefreshToken.for_user(user, login_at=token["login_at"])
        # Of concurrent requests, only the one that inserts the row succeeds.
        _, is_first_use = BlacklistedToken.objects.get_or_create(token=outstanding)
        if not is_first_use:
            raise InvalidToken("Token is blacklisted")
        OutstandingToken.objects.filter(pk=outstanding.pk).update(token=EXCHANGED)
        log_on_commit("token_rotated", user.pk)
        return {"access": str(new.access_token), "refresh": str(new)}


@extend_schema(responses={200: TokenRefreshSerializer, 401: None})
class TokenRefreshView(TokenViewBase):
    """
    Exchange a refresh token for a new pair of tokens.

    Each refresh token works once. Using it again later revokes every refresh token of the user,
    because it may be stolen. A login ends after 30 days, however often it is refreshed.
    """

    serializer_class = TokenRefreshSerializer


class TokenVerifySerializer(serializers.Serializer[None]):
    token = serializers.CharField(write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        token: AccessToken | RefreshToken
        try:
            token = AccessToken(attrs["token"])
        except TokenError:
            token = RefreshToken(attrs["token"])
            get_outstanding(token)
        JWTAuthentication().get_user(token)
        return {}


@extend_schema(responses={200: OpenApiTypes.OBJECT, 401: None})
class TokenVerifyView(TokenViewBase):
    """Check whether an access token or a refresh token is valid."""

    serializer_class = TokenVerifySerializer
