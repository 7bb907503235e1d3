from django.contrib import admin

from books.models import Author, Book


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["name"]
    search_fields = ["name"]


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ["title", "author", "owner", "category", "year_published", "is_published"]
    list_filter = ["is_published", "category"]
    search_fields = ["title", "author__name", "owner__username"]
    autocomplete_fields = ["author", "owner"]
    date_hierarchy = "created_at"
