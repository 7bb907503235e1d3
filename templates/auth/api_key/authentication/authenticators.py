from django.db import DataError
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import User
from authentication.models import APIKey, Scope


class APIKeyAuthentication(BaseAuthentication):
    """
    Authenticate the user of the key in `Authorization: Api-Key <key>`, and check its scope.

    Scopes are not checked by a permission class because a view's own `permission_classes` would
    replace it. A view that requires a scope other than `read` or `write` sets `required_scope`.
    """

    keyword = "Api-Key"

    def authenticate_header(self, request: Request) -> str:
        return self.keyword

    def authenticate(self, request: Request) -> tuple[User, APIKey] | None:
        keyword, _, secret = get_authorization_header(request).partition(b" ")
        if keyword.lower() != self.keyword.lower().encode():
            return None
        try:
            key = APIKey.objects.get_from_key(secret.decode("ascii"))
        except (UnicodeDecodeError, DataError, APIKey.DoesNotExist) as error:
            raise AuthenticationFailed("Invalid API key.") from error
        scope = self.required_scope(request)
        if scope not in key.scopes:
            # DRF makes a request anonymous if this method fails, but the log names the user.
            request._request._cached_user = key.user  # type: ignore[attr-defined]
            raise PermissionDenied(f"The API key does not have the scope '{scope}'.")
        return key.user, key

    def required_scope(self, request: Request) -> str:
        default = Scope.READ if request.method in SAFE_METHODS else Scope.WRITE
        return getattr(request.parser_context["view"], "required_scope", default)
