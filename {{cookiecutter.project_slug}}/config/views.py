"""What the site answers besides the API: health checks, and errors that no view has handled."""

from collections.abc import Callable
from contextlib import closing

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults


def live(request: HttpRequest) -> JsonResponse:
    """Answer 200: the process serves requests, whatever it depends on."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 if database and cache answer, else 503 and the names of those that do not."""
    checks: dict[str, Callable[[], object]] = {
        "database": connect,
        "cache": lambda: cache.get("ready"),
    }
    failed = [name for name, check in checks.items() if not answers(check)]
    if failed:
        return JsonResponse({"status": "error", "failed": failed}, status=503)
    return JsonResponse({"status": "ok"})


def connect() -> None:
    # Anew: on a connection that was kept, a server that has frozen is waited for without end.
    with closing(connection.copy()) as new, new.cursor() as cursor:
        cursor.execute("SELECT 1")


def answers(check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception:  # noqa: BLE001 -- whatever the driver raises, it is not ready
        return False
    return True


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, as JSON to a client of the API."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "Not found."}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, as JSON to a client of the API."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "Internal server error."}, status=500)
    return defaults.server_error(request)
