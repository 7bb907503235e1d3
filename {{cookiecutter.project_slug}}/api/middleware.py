import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from csp import middleware
from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import resolve
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from api.audit import log_event

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("api.requests")
current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)
# Browsers display JSON as text, which needs no scripts, styles or images.
JSON_POLICY = "; ".join(
    f"{directive} 'none'"
    for directive in ("default-src", "base-uri", "form-action", "frame-ancestors", "object-src")
)
AUDITED_STATUSES = {403: "access_denied", 429: "throttled"}


class RequestIDFilter(logging.Filter):
    """Add the id of the current request to every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


class SecretsFilter(logging.Filter):
    """Remove data that clients send from log records of Django."""

    def filter(self, record: logging.LogRecord) -> bool:
        # The text of a request contains the query string.
        record.__dict__.pop("request", None)
        if record.name == "django.security.csrf" and isinstance(record.args, tuple):
            # The reason can contain the URL of the page that sent the request.
            reason, path = record.args
            record.args = (str(reason).partition(" - ")[0], path)
        elif record.name.startswith("django.security."):
            # An invalid request, such as one with an invalid host, is not an error in the project.
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = None
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
        current_request_id.set(request_id)
        start = time.perf_counter()
        response = get_response(request)
        fields = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "duration_ms": round(1000 * (time.perf_counter() - start), 1),
            "user_id": user_id(request),
        }
        logger.info("%(method)s %(path)s %(status)s", fields, extra=fields)
        if event := AUDITED_STATUSES.get(response.status_code):
            log_event(event, user_id(request))
        response["X-Request-ID"] = request_id
        return response

    return middleware


@receiver(request_finished)
def reset_request_id(**kwargs: Any) -> None:
    """Forget the id of the request, after Django has logged its errors."""
    current_request_id.set(None)


def user_id(request: HttpRequest) -> int | None:
    """Return the id of the user if the user is already loaded: logging must not cause a query."""
    user = getattr(request, "_cached_user", None) or getattr(request, "user", None)
    return None if user is None or isinstance(user, SimpleLazyObject) else user.pk


class CSPMiddleware(middleware.CSPMiddleware):
    """Set `Content-Security-Policy`: that of the settings on pages, a stricter one on JSON."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.headers.get("Content-Type") == "application/json":
            response.headers.setdefault("Content-Security-Policy", JSON_POLICY)
            return response
        return super().process_response(request, response)


def exempt_health_checks(get_response: GetResponse) -> GetResponse:
    """
    Skip the remaining middleware for paths under /health/.

    Health probes use the instance's IP address, which the check of `ALLOWED_HOSTS` would reject.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/health/"):
            match = resolve(request.path_info)
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
            return response
        return get_response(request)

    return middleware


def require_https(get_response: GetResponse) -> GetResponse:
    """
    Reject plain HTTP in every version of the API if `SECURE_SSL_REDIRECT` is on.

    A redirect would hide from the owner of a client that it sends credentials unencrypted.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        insecure = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if insecure and request.path_info.startswith("/api/v"):
            return JsonResponse({"detail": "Use HTTPS."}, status=403)
        return get_response(request)

    return middleware


def forbid_caching(get_response: GetResponse) -> GetResponse:
    """Keep caches from storing what is meant for one user, or returning it to another one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith("/api/"):
            patch_vary_headers(response, settings.AUTHENTICATION_HEADERS)
            if "/auth/" in request.path_info or user_id(request) is not None:
                response["Cache-Control"] = "no-store"
        return response

    return middleware


def read_body(get_response: GetResponse) -> GetResponse:
    """
    Read the body of a request to the API before its user is authenticated.

    Otherwise a client that holds the body back could use credentials that are revoked in the
    meantime. A body over `DATA_UPLOAD_MAX_MEMORY_SIZE` is rejected: DRF itself sets no limit.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            try:
                length = int(request.META.get("CONTENT_LENGTH") or 0)
            except ValueError:
                length = request.META["CONTENT_LENGTH"] = 0
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            if length > limit:
                return JsonResponse({"detail": f"Request body exceeds {limit} bytes."}, status=413)
            if received_bytes(request) < length:
                return JsonResponse({"detail": "The request body is incomplete."}, status=400)
        return get_response(request)

    return middleware


def received_bytes(request: HttpRequest) -> int:
    """Read the body and return its length, or -1 if the client disconnected."""
    try:
        return len(request.body)
    except UnreadablePostError:
        return -1


def ignore_malformed_session_key(get_response: GetResponse) -> GetResponse:
    """Ignore a session cookie that is not alphanumeric: PostgreSQL rejects a NUL character."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "").isalnum():
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return middleware
