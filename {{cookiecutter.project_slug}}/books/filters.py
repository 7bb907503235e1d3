from django import forms
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from books.models import Book


@extend_schema_field({"type": "integer", "minimum": 1})
class YearFilter(filters.NumberFilter):
    field_class = forms.IntegerField


class BookFilter(filters.FilterSet):
    year_published = YearFilter(validators=Book._meta.get_field("year_published").validators)

    class Meta:
        model = Book
        fields = ["author", "category"]
