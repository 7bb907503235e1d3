from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from rest_framework.request import Request


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """
    Authenticate apps with the token of a session.

    Reject a token that is invalid or whose login is not complete. The challenge makes DRF return
    401 instead of 403, to browsers too.
    """

    allow_anonymous_users = False
    allow_invalid_session_tokens = False

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="api"'
