from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session, with a challenge: it makes DRF answer 401, not 403, to the anonymous."""

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="api"'


class CSRFProtection(authentication.SessionAuthentication):
    """Recognises nobody, but demands the CSRF token of everybody: for login and registration."""

    def authenticate(self, request: Request) -> None:
        self.enforce_csrf(request)
