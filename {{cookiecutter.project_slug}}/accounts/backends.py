from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import User
from api.throttling import AccountThrottle


class ThrottledBackend(ModelBackend):
    """
    Check passwords, and limit how often this can fail for an account.

    Logins and the API's other password checks go through Django's `authenticate()`. Beyond the
    limit it raises Throttled, which DRF returns as 429.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if username is None or password is None:
            return None
        throttle = AccountThrottle(username)
        throttle.count()
        user = super().authenticate(request, username, password)
        if user:
            throttle.discount()
        return user
