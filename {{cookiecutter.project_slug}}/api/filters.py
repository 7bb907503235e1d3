from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import filters
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView


class FilterBackend(DjangoFilterBackend):
    """
    Use the filter set only if the request has a parameter for it.

    `DjangoFilterBackend` builds a form for every request, which takes time. For a filter set that
    must always run, such as one with a required filter, use `DjangoFilterBackend` instead.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        # A filter for a range has several parameters, which start with its name.
        names = tuple(filterset_class.base_filters) if filterset_class else ()
        if any(parameter.startswith(names) for parameter in request.query_params):
            return super().filter_queryset(request, queryset, view)
        return queryset


class OrderingFilter(filters.OrderingFilter):
    """
    Order by the requested fields, then by descending primary key.

    Without this tie-breaker, rows with equal values can appear on two pages or on none.
    """

    ordering_description = "The fields to order by, separated by commas; `-` reverses the order."

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> Sequence[Any]:
        # Generated clients repeat the parameter instead of joining the names with commas.
        names = ",".join(request.query_params.getlist(self.ordering_param)).split(",")
        fields = self.remove_invalid_fields(
            queryset, [name.strip() for name in names], view, request
        )
        query, options = queryset.query, queryset.model._meta
        ordering = fields or self.get_default_ordering(view) or query.order_by
        if not ordering and query.default_ordering:
            ordering = options.ordering
        keys = {"pk", "-pk", options.pk.name, f"-{options.pk.name}"}
        return [*ordering] if keys.intersection(map(str, ordering)) else [*ordering, "-pk"]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        (parameter,) = super().get_schema_operation_parameters(view)
        items: dict[str, Any] = {"type": "string"}
        fields = getattr(view, "ordering_fields", None)
        if fields and fields != "__all__":
            names = [field if isinstance(field, str) else field[0] for field in fields]
            items["enum"] = [sign + name for name in names for sign in ("", "-")]
        schema = {"type": "array", "items": items}
        return [parameter | {"schema": schema, "style": "form", "explode": False}]


class SearchFilter(filters.SearchFilter):
    """Search for a limited number of terms: each of them makes the query slower."""

    max_terms = 10
    max_length = 200

    def get_search_terms(self, request: Request) -> list[str]:
        value = request.query_params.get(self.search_param, "")
        try:
            terms = super().get_search_terms(request) if len(value) <= self.max_length else None
        except ValidationError as error:  # a NUL character
            raise ValidationError({self.search_param: error.detail}) from error
        if terms is None or len(terms) > self.max_terms:
            raise ValidationError(
                {
                    self.search_param: [
                        f"Use at most {self.max_terms} terms and {self.max_length} characters."
                    ]
                }
            )
        return terms

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        (parameter,) = super().get_schema_operation_parameters(view)
        parameter["description"] = f"At most {self.max_terms} search terms."
        parameter["schema"] |= {"maxLength": self.max_length}
        return [parameter]
