import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from accounts.models import User
from books.models import Author, Book

LIST_URL = reverse_lazy("admin:books_book_changelist")
ADD_URL = reverse_lazy("admin:books_book_add")
AUTHORS_URL = reverse_lazy("admin:books_author_changelist")


@pytest.fixture
def titles(admin_client):
    """Return a function that returns the titles in the list for the given parameters."""

    def titles(**parameters):
        books = admin_client.get(LIST_URL, parameters).context["cl"].result_list
        return [book.title for book in books]

    return titles


def test_admin_shows_books(admin_client, shelf):
    page = admin_client.get(LIST_URL).content.decode()
    book = shelf[1]
    columns = [book.title, book.author.name, book.owner.username, "Poetry", book.year_published]
    assert [str(column) in page for column in columns] == [True] * 5
    for column in ("title", "author", "owner", "category", "year_published", "is_published"):
        assert f"column-{column}" in page
    assert "?created_at__" in page  # links to the days
    assert "?category__exact=poetry" in page
    assert "?is_published__exact=0" in page


def test_admin_asks_before_it_deletes_a_book(admin_client, book):
    url = reverse("admin:books_book_delete", args=[book.pk])
    assert book.title in admin_client.get(url).content.decode()
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert not Book.objects.exists()


def test_admin_lists_books_with_constant_number_of_queries(admin_client, shelf):
    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(LIST_URL).status_code == 200
        return len(queries)

    queries = count_queries()
    for i in range(len(shelf)):
        Book.objects.create(
            title=str(i),
            year_published=2000,
            author=Author.objects.create(name=str(i)),
            owner=User.objects.create_user(f"user-{i}"),
        )
    assert count_queries() == queries


def test_admin_searches_title_author_and_owner(titles, shelf, other_user):
    Book.objects.filter(title="Beta").update(owner=other_user)
    for search, expected in (
        ("alph", ["Alpha"]),
        ("calvino", ["Gamma", "Alpha"]),
        (other_user.username[:4], ["Beta"]),
    ):
        assert titles(q=search) == expected


def test_admin_filters_books(titles, shelf):
    Book.objects.filter(title="Beta").update(is_published=False)
    assert titles(category__exact="poetry") == ["Alpha"]
    assert titles(is_published__exact="0") == ["Beta"]


def test_admin_searches_authors(admin_client, shelf):
    response = admin_client.get(AUTHORS_URL, {"q": "calvino"})
    assert list(response.context["cl"].result_list) == [shelf[1].author]


@pytest.mark.parametrize("field", ["author", "owner"])
def test_admin_completes_author_and_owner(admin_client, shelf, field):
    assert f'data-field-name="{field}"' in admin_client.get(ADD_URL).content.decode()
    expected = {"author": shelf[1].author.name, "owner": shelf[1].owner.username}[field]
    parameters = {"app_label": "books", "model_name": "book", "field_name": field}
    url = reverse("admin:autocomplete")
    response = admin_client.get(url, parameters | {"term": expected[-4:].upper()})
    assert [result["text"] for result in response.json()["results"]] == [expected]


def test_admin_can_create_draft_with_owner(admin_client, author, user):
    form = {"title": "Kindred", "category": "poetry", "year_published": "1979"}
    response = admin_client.post(ADD_URL, form | {"author": author.pk, "owner": user.pk})
    assert response.status_code == 302
    assert Book.objects.filter(**form, author=author, owner=user, is_published=False).exists()
