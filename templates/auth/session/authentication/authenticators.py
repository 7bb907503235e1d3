from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """Authenticate with Django's session; the challenge makes DRF return 401 instead of 403."""

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="api"'


class CSRFProtection(authentication.SessionAuthentication):
    """
    Require the CSRF token without authenticating the request.

    `SessionAuthentication` checks the token only for users who are logged in, which leaves login
    and registration open to cross-site requests.
    """

    def authenticate(self, request: Request) -> None:
        self.enforce_csrf(request)
