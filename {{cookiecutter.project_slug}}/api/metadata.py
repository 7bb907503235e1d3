from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request


class NoMetadata(BaseMetadata):
    """Return an empty body for OPTIONS; `/api/schema/` describes the API."""

    def determine_metadata(self, request: Request, view: object) -> dict[str, Any]:
        return {}
