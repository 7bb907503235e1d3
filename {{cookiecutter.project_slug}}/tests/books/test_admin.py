from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from books.models import Author, Book


def count_queries(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("admin:books_book_changelist")).status_code == 200
    return len(queries)


def test_admin_lists_books_with_constant_number_of_queries(admin_client, shelf):
    queries = count_queries(admin_client)
    for i in range(len(shelf)):
        Book.objects.create(
            title=str(i),
            year_published=2000,
            author=Author.objects.create(name=str(i)),
            owner=User.objects.create_user(f"user-{i}"),
        )
    assert count_queries(admin_client) == queries
