from importlib import import_module

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from allauth.headless.tokens.strategies import sessions
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from rest_framework.request import Request

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


class SessionTokenStrategy(sessions.SessionTokenStrategy):
    """Load a session without checking first whether it exists."""

    def lookup_session(self, session_token: str) -> SessionBase | None:
        session: SessionBase = SessionStore(session_token)
        session.keys()  # loads the session; the key of one that does not exist becomes None
        return session if session.session_key else None


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
