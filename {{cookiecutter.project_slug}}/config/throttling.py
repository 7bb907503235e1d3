import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class LoginThrottle(SimpleRateThrottle):
    """
    Limits each client address, whoever the caller is.

    DRF reads a history and writes it back, and so loses requests that come at the same time: many
    guesses at once would pass. Here the cache counts, from the first attempt of a period on.
    """

    scope = "login"
    num_requests: int
    duration: int  # seconds

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}

    def allow_request(self, request: Request, view: APIView) -> bool:
        if self.rate is None:
            return True
        key = self.get_cache_key(request, view)
        self.cache.add(key, 0, self.duration)
        try:
            attempts: int = self.cache.incr(key)
        except ValueError:  # the period has ended since the line above
            attempts = 1
        return attempts <= self.num_requests

    def wait(self) -> float:
        """Return the most seconds that the period can still last."""
        return self.duration


def throttle_login(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Limit a Django login form as the API's own login is."""

    @wraps(view)
    def throttled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = LoginThrottle()
        if request.method == "POST" and not throttle.allow_request(Request(request), APIView()):
            return HttpResponse(
                "Too many attempts. Try again later.",
                status=429,
                headers={"Retry-After": math.ceil(throttle.wait())},
            )
        return view(request, *args, **kwargs)

    return throttled
