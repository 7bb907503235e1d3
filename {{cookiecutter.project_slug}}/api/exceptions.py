import logging
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from psycopg.errors import QueryCanceled
from rest_framework import status, views
from rest_framework.exceptions import APIException, NotFound, ParseError
from rest_framework.response import Response

logger = logging.getLogger(__name__)

REFERENCE = "An object that the request refers to was deleted, or other objects refer to it."
DUPLICATE = "An object with the same unique value already exists."
# Errors of drivers that other requests can cause, although the request itself has been checked
CONFLICTS = {
    "ForeignKeyViolation": REFERENCE,
    "SQLITE_CONSTRAINT_FOREIGNKEY": REFERENCE,
    "UniqueViolation": DUPLICATE,
    "SQLITE_CONSTRAINT_UNIQUE": DUPLICATE,
}


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "The request conflicts with the current state of the resource."


class ServiceUnavailable(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The request took too long."


def name_of_cause(error: DatabaseError) -> str:
    """Return the name of the driver's error: a class of psycopg or a constant of SQLite."""
    return getattr(error.__cause__, "sqlite_errorname", type(error.__cause__).__name__)


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Extend DRF's handler with errors of the database that are not server errors."""
    if isinstance(exc, ProtectedError | RestrictedError):
        exc = Conflict("Other objects refer to this object. Delete them first.")
    elif type(exc) is DatabaseError and exc.__cause__ is None:
        # Not an error of the driver: save(update_fields=...) did not find the row, which was
        # deleted in the meantime.
        exc = NotFound()
    elif isinstance(exc, IntegrityError) and (conflict := CONFLICTS.get(name_of_cause(exc))):
        exc = Conflict(conflict)
    elif isinstance(exc, DataError):
        logger.warning("The database rejected a value.", exc_info=exc)
        exc = ParseError("The request contains a value that cannot be stored.")
    elif isinstance(exc, OperationalError) and isinstance(exc.__cause__, QueryCanceled):
        logger.warning("A query took longer than DATABASE_TIMEOUT.")
        exc = ServiceUnavailable()
    return views.exception_handler(exc, context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return a 400 response: JSON under /api/, a page elsewhere."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "Bad request."}, status=400)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return a 404 response: JSON under /api/, a page elsewhere."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "Not found."}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return a 500 response: JSON under /api/, a page elsewhere."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": "Internal server error."}, status=500)
    return defaults.server_error(request)
