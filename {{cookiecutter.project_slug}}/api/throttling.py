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
    Limit the requests from each client address, authenticated or not.

    DRF's throttles read a history and write it back, so concurrent requests overwrite each other
    and pass the limit. This one increments a counter in the cache, which is atomic.
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
        except ValueError:  # the key expired after add()
            attempts = 1
        return attempts <= self.num_requests

    def wait(self) -> float:
        """Return an upper bound for the seconds left in the period."""
        return self.duration


def throttle_login(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Apply `LoginThrottle` to the submissions of a Django login form."""

    @wraps(view)
    def throttled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = LoginThrottle()
        if request.method == "POST" and not throttle.allow_request(Request(request), APIView()):
            return HttpResponse(
                "Too many login attempts. Try again later.",
                status=429,
                headers={"Retry-After": math.ceil(throttle.wait())},
            )
        return view(request, *args, **kwargs)

    return throttled
