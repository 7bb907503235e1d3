from typing import Any

from django.db.models import ProtectedError
from rest_framework import status, views
from rest_framework.exceptions import APIException
from rest_framework.response import Response


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = "The request conflicts with the present state."
    default_code = "conflict"


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler; to delete what others still refer to is a conflict, not a server error."""
    if isinstance(exc, ProtectedError):
        exc = Conflict("It cannot be deleted: others still refer to it.")
    return views.exception_handler(exc, context)
