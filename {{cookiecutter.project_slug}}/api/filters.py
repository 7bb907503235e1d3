from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import filters
from rest_framework.request import Request
from rest_framework.views import APIView


class OrderingFilter(filters.OrderingFilter):
    """
    Order by the requested fields, then by descending id.

    Without the id as a tie-breaker, rows with equal values can appear on two pages or on none.
    """

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> Sequence[str]:
        return [*(super().get_ordering(request, queryset, view) or []), "-id"]
