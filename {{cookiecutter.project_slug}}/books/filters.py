from django import forms
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from books.models import Book


# Documented like the field of the serializer
@extend_schema_field(
    {
        "type": "integer",
        "minimum": 1,
        "maximum": 32_767,
        "description": "From 1 to the current year.",
    }
)
class YearFilter(filters.NumberFilter):
    field_class = forms.IntegerField


class BookFilter(filters.FilterSet):
    year_published = YearFilter(validators=Book._meta.get_field("year_published").validators)

    class Meta:
        model = Book
        fields = ["author", "category"]
