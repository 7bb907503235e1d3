import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: GetResponse) -> GetResponse:
    """Give every response the id of its request: the caller's, if it is harmless, or a new one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        response = get_response(request)
        response["X-Request-ID"] = (
            given if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given) else uuid.uuid4().hex
        )
        return response

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
