import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class LoginThrottle(SimpleRateThrottle):
    """Limits each client address, whoever the caller is."""

    scope = "login"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def throttle_login(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Limit a Django login form as the API's own login is."""

    @wraps(view)
    def throttled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = LoginThrottle()
        if request.method == "POST" and not throttle.allow_request(Request(request), APIView()):
            return HttpResponse(
                "Too many attempts. Try again later.",
                status=429,
                headers={"Retry-After": math.ceil(throttle.wait() or 0)},
            )
        return view(request, *args, **kwargs)

    return throttled
