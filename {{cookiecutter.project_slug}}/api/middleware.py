import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve
from django.utils.functional import SimpleLazyObject

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("api.requests")
current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)


class RequestIDFilter(logging.Filter):
    """Add the id of the current request to every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


def request_log(get_response: GetResponse) -> GetResponse:
    """
    Log one line per request and set `X-Request-ID` on the response.

    The id is the client's own `X-Request-ID` if it is well-formed, otherwise a new one. Query
    strings and headers are not logged because they can contain secrets.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given) else uuid.uuid4().hex
        token = current_request_id.set(request_id)
        start = time.perf_counter()
        try:
            response = get_response(request)
            fields = {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "duration_ms": round(1000 * (time.perf_counter() - start), 1),
                "user_id": user_id(request),
            }
            logger.info("%(method)s %(path)s %(status)s", fields, extra=fields)
        finally:
            current_request_id.reset(token)
        response["X-Request-ID"] = request_id
        return response

    return middleware


def user_id(request: HttpRequest) -> int | None:
    """Return the id of the user if the user is already loaded: logging must not cause a query."""
    user = getattr(request, "_cached_user", None) or getattr(request, "user", None)
    return None if user is None or isinstance(user, SimpleLazyObject) else user.pk


def exempt_health_checks(get_response: GetResponse) -> GetResponse:
    """
    Skip the remaining middleware for paths under /health/.

    Health probes use the instance's IP address over plain HTTP, which the checks of
    `ALLOWED_HOSTS` and `SECURE_SSL_REDIRECT` would reject.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/health/"):
            match = resolve(request.path_info)
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            return response
        return get_response(request)

    return middleware


def limit_body(get_response: GetResponse) -> GetResponse:
    """Reject a request body over `DATA_UPLOAD_MAX_MEMORY_SIZE`: DRF itself sets no limit."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.path.startswith("/api/") and length.isdecimal() and int(length) > limit:
            return JsonResponse({"detail": f"Request body exceeds {limit} bytes."}, status=413)
        return get_response(request)

    return middleware


def ignore_malformed_session_key(get_response: GetResponse) -> GetResponse:
    """Ignore a session cookie that is not alphanumeric: PostgreSQL rejects a NUL character."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "").isalnum():
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return middleware
