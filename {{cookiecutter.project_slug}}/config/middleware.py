import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import SimpleLazyObject

from config import views

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("config.requests")
current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)


class RequestIDFilter(logging.Filter):
    """Adds the id of the request at hand to every line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


def request_log(get_response: GetResponse) -> GetResponse:
    """
    Log a line for every request, and give its response the id that the line has.

    That is the caller's `X-Request-ID`, if it is harmless, or a new one. The query and the headers
    stay out of the log, because they may hold secrets.
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
    """Return who called, if the request was looked at for that: logging must not cost a query."""
    user = getattr(request, "_cached_user", None) or getattr(request, "user", None)
    return None if user is None or isinstance(user, SimpleLazyObject) else user.pk


def health(get_response: GetResponse) -> GetResponse:
    """
    Answer health checks before anything else looks at them.

    Who checks an instance knows its address, not a name in `ALLOWED_HOSTS`, and speaks plain HTTP.
    """
    checks = {"/health/live/": views.live, "/health/ready/": views.ready}

    def middleware(request: HttpRequest) -> HttpResponse:
        return checks.get(request.path, get_response)(request)

    return middleware


def limit_body(get_response: GetResponse) -> GetResponse:
    """Refuse what is too large before anything reads it: REST Framework itself sets no limit."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.path.startswith("/api/") and length.isdecimal() and int(length) > limit:
            return JsonResponse({"detail": f"A body may have {limit} bytes."}, status=413)
        return get_response(request)

    return middleware


def plain_session_key(get_response: GetResponse) -> GetResponse:
    """Ignore a session key that cannot be one: PostgreSQL raises an error for a NUL in it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "").isalnum():
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return middleware
