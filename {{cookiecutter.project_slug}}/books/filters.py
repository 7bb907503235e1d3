from django import forms
from django_filters import rest_framework as filters

from books.models import Book


class YearFilter(filters.NumberFilter):
    field_class = forms.IntegerField


class BookFilter(filters.FilterSet):
    year_published = YearFilter(validators=Book._meta.get_field("year_published").validators)

    class Meta:
        model = Book
        fields = ["author", "category"]
