from allauth.headless.contrib.rest_framework import authentication as allauth
from rest_framework import authentication
from rest_framework.request import Request


class SessionTokenAuthentication(allauth.XSessionTokenAuthentication):
    """
    Authenticate apps with the token of a session.

    Reject a token that is invalid or whose login is not complete; the challenge makes DRF return
    401 instead of 403.
    """

    allow_anonymous_users = False
    allow_invalid_session_tokens = False

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="api"'


class SessionAuthentication(authentication.SessionAuthentication):
    """Authenticate browsers with the session cookie and the CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="api"'
