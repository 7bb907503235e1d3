from typing import Any

from django.core import paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from rest_framework import pagination

MAX_OBJECTS = 100_000


class Paginator(paginator.Paginator):
    """
    End a list after `MAX_OBJECTS`.

    To find a page, the database reads all objects before it; to count, it reads all objects. Both
    would take seconds in a table of millions.
    """

    @cached_property
    def count(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by()[:MAX_OBJECTS].count()
        return super().count


class PageNumberPagination(pagination.PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 100
    page_query_description = f"The number of the page. A list ends after {MAX_OBJECTS:,} objects."
    django_paginator_class = Paginator

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        page, page_size = super().get_schema_operation_parameters(view)
        page["schema"] |= {"minimum": 1, "default": 1}
        page_size["description"] = f"Objects per page. Larger numbers mean {self.max_page_size}."
        page_size["schema"] |= {
            "minimum": 1,
            # Larger numbers are not an error, but clients should not rely on them.
            "maximum": self.max_page_size,
            "default": self.page_size,
        }
        return [page, page_size]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "minimum": 0},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }
