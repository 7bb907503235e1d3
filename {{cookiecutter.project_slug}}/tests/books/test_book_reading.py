import datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from accounts.models import User
from books.models import Author, Book
from books.serializers import BookSerializer

LIST_URL = reverse_lazy("book-list")
CATEGORIES_URL = reverse_lazy("book-categories")


def test_anyone_can_list_published_books(api_client, book, book_url):
    response = api_client.get(LIST_URL)
    assert response.json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [api_client.get(book_url).json()],
    }
    # The renderer formats times, which is faster than the field of a serializer.
    assert response.data["results"][0]["created_at"] == book.created_at


def test_books_are_listed_newest_first(api_client, shelf):
    newest = Book.objects.get(title="Beta")
    Book.objects.filter(pk=newest.pk).update(created_at=timezone.now())
    results = api_client.get(LIST_URL).json()["results"]
    assert results[0]["title"] == newest.title
    results = api_client.get(LIST_URL, {"ordering": "created_at"}).json()["results"]
    assert results[-1]["title"] == newest.title


def test_page_has_20_books_by_default_and_100_at_most(api_client, author, user):
    Book.objects.bulk_create(
        Book(title=str(i), year_published=2000, author=author, owner=user) for i in range(101)
    )
    for page_size, size in (("", 20), (5, 5), (100, 100), (1000, 100), (0, 20), ("x", 20)):
        page = api_client.get(LIST_URL, {"page_size": page_size}).json()
        assert (page["count"], len(page["results"])) == (101, size)
    assert len(api_client.get(LIST_URL).json()["results"]) == 20


@pytest.mark.parametrize(
    "ordering", ["", "year_published", "-year_published", "created_at", "title", "nothing"]
)
def test_each_book_is_on_one_page(api_client, shelf, ordering):
    seen = []
    url = f"{LIST_URL}?page_size=1&ordering={ordering}"
    while url:
        page = api_client.get(url).json()
        seen += [result["id"] for result in page["results"]]
        url = page["next"]
    assert sorted(seen) == sorted(book.pk for book in shelf)


def test_pages_link_to_each_other(api_client, shelf):
    first = api_client.get(LIST_URL, {"page_size": 3}).json()
    assert (first["count"], first["previous"]) == (4, None)
    second = api_client.get(first["next"]).json()
    assert second["next"] is None
    assert api_client.get(second["previous"]).json() == first


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9" * 30])
def test_unknown_page_is_not_found(api_client, book, page):
    response = api_client.get(LIST_URL, {"page": page})
    assert response.status_code == 404
    assert response.json().keys() == {"detail"}


def test_list_ends_after_the_maximum_number_of_objects(
    api_client, shelf, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("api.pagination.MAX_OBJECTS", 3)
    page = api_client.get(LIST_URL, {"page_size": 2, "page": 2, "ordering": "title"}).json()
    assert (page["count"], page["next"]) == (3, None)
    assert [book["title"] for book in page["results"]] == ["Delta"]
    with django_assert_num_queries(1):
        response = api_client.get(LIST_URL, {"page_size": 2, "page": 3, "ordering": "title"})
    assert response.status_code == 404


def test_links_to_pages_encode_parameters(api_client, shelf):
    parameters = {"page_size": "3", "other": "<a href='javascript:x'> & b=c#d"}
    link = urlsplit(api_client.get(LIST_URL, parameters).json()["next"])
    assert (link.scheme, link.netloc, link.path) == ("http", "testserver", LIST_URL)
    assert dict(parse_qsl(link.query)) == parameters | {"page": "2"}
    assert not link.fragment


@pytest.mark.parametrize("route", ["book-list", "author-list"])
def test_list_of_any_length_needs_two_queries(api_client, shelf, route):
    # Several owners and authors, so that a query for each of them changes the count.
    Book.objects.filter(title="Alpha").update(owner=User.objects.create_user("zora"))
    Book.objects.filter(title="Beta").update(author=Author.objects.create(name="Zora"))
    with CaptureQueriesContext(connection) as queries:
        assert api_client.get(reverse(route)).json()["count"] > 1
    assert len(queries) == 2
    assert "password" not in str(queries.captured_queries)


def test_anyone_can_read_published_book(api_client, book, book_url):
    Book.objects.update(description="An ambiguous utopia.", category="reference")
    response = api_client.get(book_url)
    assert response.status_code == 200
    data = response.json()
    del data["created_at"], data["updated_at"]
    assert data == {
        "id": book.pk,
        "title": book.title,
        "description": "An ambiguous utopia.",
        "category": "reference",
        "year_published": book.year_published,
        "is_published": True,
        "author": book.author.pk,
        "author_name": book.author.name,
        "owner": book.owner.username,
    }


@pytest.mark.parametrize("field", ["created_at", "updated_at"])
def test_book_has_times_in_utc(api_client, book, book_url, field):
    time = datetime.datetime.fromisoformat(api_client.get(book_url).json()[field])
    assert time == getattr(book, field)
    assert time.utcoffset() == datetime.timedelta(0)


@pytest.mark.parametrize("pk", ["999999", "9" * 30, "x", "-1"])
def test_unknown_book_is_not_found(user_client, pk):
    for method in ("get", "put", "patch", "delete"):
        response = getattr(user_client, method)(f"{LIST_URL}{pk}/")
        assert response.status_code == 404
        assert response.json().keys() == {"detail"}


def test_id_of_book_consists_of_digits(api_client, book):
    assert api_client.get(f"{LIST_URL}+{book.pk}/").status_code == 404


def test_head_returns_no_body(api_client, book, book_url):
    for url in (LIST_URL, CATEGORIES_URL, book_url):
        response = api_client.head(url)
        assert (response.status_code, response.content) == (200, b"")


def test_books_reject_other_methods(user_client, book_url):
    for response, allowed in (
        (user_client.delete(LIST_URL), "GET, POST, HEAD, OPTIONS"),
        (user_client.post(book_url), "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ):
        assert (response.status_code, response["Allow"]) == (405, allowed)


def test_anyone_can_list_categories(api_client, db):
    # The list has no pages and no filters, so it ignores their parameters.
    response = api_client.get(CATEGORIES_URL, {"page": 7, "ordering": "x"})
    assert response.status_code == 200
    assert response.json() == [
        {"value": "fiction", "name": "Fiction"},
        {"value": "nonfiction", "name": "Nonfiction"},
        {"value": "poetry", "name": "Poetry"},
        {"value": "reference", "name": "Reference"},
    ]


def test_categories_reject_other_methods(user_client):
    response = user_client.post(CATEGORIES_URL)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_writing_categories_requires_authentication(api_client, db):
    response = api_client.post(CATEGORIES_URL)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]
    assert response.json().keys() == {"detail"}


@pytest.mark.parametrize("route", ["book-list", "author-list"])
def test_list_for_user_must_not_be_cached(user_client, vary, route):
    response = user_client.get(reverse(route))
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert vary in response["Vary"].split(", ")


def test_error_for_user_must_not_be_cached(user_client):
    response = user_client.get(f"{LIST_URL}999999/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"


def test_list_for_anyone_varies_by_user_but_can_be_cached(api_client, db, vary):
    response = api_client.get(LIST_URL)
    assert response.status_code == 200
    assert "Cache-Control" not in response
    assert vary in response["Vary"].split(", ")


def test_serializer_of_books_has_the_request(user_client, book, book_url, data, show_request):
    show_request(BookSerializer)
    publish_url = reverse("book-publish", args=[book.pk])
    assert user_client.get(LIST_URL).json()["results"] == [{"GET": LIST_URL}]
    assert user_client.post(LIST_URL, data).json() == {"POST": LIST_URL}
    assert user_client.get(book_url).json() == {"GET": book_url}
    assert user_client.put(book_url, data).json() == {"PUT": book_url}
    assert user_client.patch(book_url, {}).json() == {"PATCH": book_url}
    assert user_client.post(publish_url).json() == {"POST": publish_url}
