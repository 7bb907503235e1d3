import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import throttling
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

# For each counter, the requests that this process has counted in advance: the ends of their periods
reserved: dict[str, list[float]] = {}
MAX_RESERVED = 10_000  # counters


def increment(key: str, period: int, by: int = 1) -> int:
    """
    Add to a counter in the cache and return the count.

    The first increment starts a period of `period` seconds. The counter expires when it ends.
    """
    counter = f"{key}:count"
    try:
        return cache.incr(counter, by)
    except ValueError:  # there is no counter; only one of several requests can add it
        cache.set(f"{key}:end", time.time() + period, period)
        return by if cache.add(counter, by, period) else cache.incr(counter, by)


def count_request(key: str, limit: int, period: int) -> bool:
    """
    Count a request. Return whether it is within the limit.

    A process counts up to ten requests at once, but at most 1% of the limit, so that most requests
    need no round trip to the cache. Requests that it has counted but not received when the period
    ends are lost: several processes never accept more requests than the limit, but can accept
    slightly fewer.
    """
    with suppress(IndexError):
        while reserved.get(key, []).pop() <= time.time():
            pass  # the period has ended
        return True
    number = max(1, min(10, limit // 100))
    accepted = min(number, limit + number - increment(key, period, number))
    if accepted > 1:
        if len(reserved) >= MAX_RESERVED:
            reserved.clear()
        end = cache.get(f"{key}:end", 0)
        reserved.setdefault(key, []).extend([end] * (accepted - 1))
    return accepted > 0


def seconds_left(key: str, period: int) -> float:
    """Return the seconds until a counter expires."""
    now = time.time()
    return max(cache.get(f"{key}:end", now + period) - now, 1)


class CountingThrottle(throttling.SimpleRateThrottle):
    """
    Limit the number of requests per period.

    DRF's throttles read a list of the times of earlier requests and write it back. With a higher
    rate, this takes longer, and concurrent requests can exceed the limit. A counter takes one round
    trip to the cache, or two for ten requests: see `count_request()`.
    """

    num_requests: int
    duration: int  # seconds
    key: str

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view) if self.rate else None
        if key is None:
            return True
        self.key = key
        return count_request(key, self.num_requests, self.duration)

    def wait(self) -> float:
        """Return the seconds left in the period."""
        return seconds_left(self.key, self.duration)

    def get_ident(self, request: Request) -> str:
        """
        Return the address of the client.

        A port is ignored. IPv6 addresses in the same /64 count as one, because a client can use all
        of them.
        """
        ident = super().get_ident(request) or ""
        host = ident[1:].partition("]")[0] if ident.startswith("[") else ident
        if host.count(":") == 1:
            host = host.partition(":")[0]
        try:
            address = ip_address(host)
        except ValueError:
            return ident
        if isinstance(address, IPv6Address):
            return str(address.ipv4_mapped or IPv6Network((int(address) >> 64 << 64, 64)))
        return str(address)


class AnonRateThrottle(CountingThrottle, throttling.AnonRateThrottle):
    """Limit the anonymous requests of each client address."""


class UserRateThrottle(CountingThrottle, throttling.UserRateThrottle):
    """Limit the requests of each user, whatever addresses they come from."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        # AnonRateThrottle limits anonymous requests.
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class LoginThrottle(CountingThrottle):
    """Limit the requests of each client address that check a password, authenticated or not."""

    scope = "login"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        # Do not count GET: any website could embed an image with this URL and use up the limit of
        # its visitors. Count DELETE, for views that require the password to delete an account.
        if request.method not in {"POST", "DELETE"}:
            return None
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class PasswordThrottle(LoginThrottle):
    """Limit the requests of each user that check their password, whatever their address."""

    def get_ident(self, request: Request) -> str:
        return f"user-{request.user.pk}"


class AccountThrottle(CountingThrottle):
    """Limit the failed password checks of each account, whatever addresses they come from."""

    scope = "account"

    def __init__(self, username: str) -> None:
        super().__init__()
        # The username that a client sends can contain characters that keys must not have.
        ident = hashlib.sha256(username.encode()).hexdigest()
        self.key = self.cache_format % {"scope": self.scope, "ident": ident}

    def count(self) -> None:
        """Count a password check before it is made. Raise Throttled if too many failed."""
        if self.rate and increment(self.key, self.duration) > self.num_requests:
            raise Throttled(self.wait())

    def discount(self) -> None:
        """Do not count the last password check, because it succeeded."""
        if self.rate:
            increment(self.key, self.duration, -1)


def throttle_form(
    view: Callable[..., HttpResponseBase], *throttles: type[LoginThrottle]
) -> Callable[..., HttpResponseBase]:
    """Apply throttles to a Django form that checks a password. `AccountThrottle` always applies."""

    @wraps(view)
    def throttled(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            for throttle in [throttle() for throttle in throttles]:
                if not throttle.allow_request(request, None):
                    raise Throttled(throttle.wait())
            return view(request, *args, **kwargs)
        except Throttled as error:
            return HttpResponse(
                "Too many attempts. Try again later.",
                status=429,
                headers={"Retry-After": error.wait},  # type: ignore[attr-defined]
            )

    return throttled
