from collections.abc import Callable
from contextlib import closing

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse


def live(request: HttpRequest) -> JsonResponse:
    """Return 200 if the process serves requests, without checking its dependencies."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Return 200 if the database and the cache respond, otherwise 503 and the failed checks."""
    checks: dict[str, Callable[[], object]] = {
        "database": query_database,
        "cache": lambda: cache.get("ready"),
    }
    failed = [name for name, check in checks.items() if not passes(check)]
    if failed:
        return JsonResponse({"status": "error", "failed": failed}, status=503)
    return JsonResponse({"status": "ok"})


def query_database() -> None:
    # Use a new connection: a persistent one can hang on a frozen server.
    with closing(connection.copy()) as new, new.cursor() as cursor:
        cursor.execute("SELECT 1")


def passes(check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception:  # noqa: BLE001 -- drivers raise many kinds of errors
        return False
    return True
