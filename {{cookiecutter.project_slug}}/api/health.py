import logging
import selectors
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

from django.core.cache import cache
from django.core.signals import got_request_exception, request_started
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection, connections
from django.dispatch import receiver
from django.http import HttpRequest, JsonResponse

logger = logging.getLogger(__name__)
# The fastest one for a single file; Windows does not have it.
Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


def live(request: HttpRequest) -> JsonResponse:
    """Return 200 if the process serves requests, without checking its dependencies."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """Return 200 if the database and the cache respond, otherwise 503 and the failed checks."""
    checks: dict[str, Callable[[], object]] = {
        "database": query_database,
        "cache": lambda: cache.get("ready"),
    }
    failed = [name for name, check in checks.items() if not passes(name, check)]
    if failed:
        return JsonResponse({"status": "error", "failed": failed}, status=503)
    return JsonResponse({"status": "ok"})


def query_database() -> None:
    # Use a new connection: a persistent one can hang if the server is frozen.
    with closing(connection.copy()) as new, new.cursor() as cursor:
        cursor.execute("SELECT 1")


def passes(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001 -- drivers raise many kinds of errors
        logger.warning("The check of the %s failed: %s", name, error)
        return False
    return True


@receiver(request_started)
def close_dead_connection(**kwargs: Any) -> None:
    """
    Close the connection to PostgreSQL if the server has closed it, for example by a restart.

    An idle connection becomes readable only when the server closes it. Unlike the query that
    `CONN_HEALTH_CHECKS` makes, this check takes no round trip.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql" or not database.connection:
        return
    if database.connection.closed or is_readable(database.connection):
        database.close()


@receiver(got_request_exception)
def close_connection_with_outdated_statements(**kwargs: Any) -> None:
    """
    Close the connection to PostgreSQL after an error that its prepared statements can cause.

    After a migration has changed the type of a column, PostgreSQL rejects the statements that were
    prepared before and return it: "cached plan must not change result type".
    """
    if isinstance(sys.exc_info()[1], NotSupportedError):
        connections[DEFAULT_DB_ALIAS].close()


def is_readable(file: Any) -> bool:
    with Selector() as selector:
        selector.register(file, selectors.EVENT_READ)
        return bool(selector.select(timeout=0))
