import datetime

import pytest
from django.urls import reverse_lazy

LIST_URL = reverse_lazy("book-list")


def test_anyone_can_read_published_book(api_client, book, book_url):
    response = api_client.get(book_url)
    assert response.status_code == 200
    data = response.json()
    del data["created_at"], data["updated_at"]
    assert data == {
        "id": book.pk,
        "title": book.title,
        "description": "",
        "category": "fiction",
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
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_unknown_book_is_not_found(user_client, method, pk):
    response = getattr(user_client, method)(f"{LIST_URL}{pk}/")
    assert response.status_code == 404
    assert response.json().keys() == {"detail"}


def test_id_of_book_consists_of_digits(api_client, book):
    assert api_client.get(f"{LIST_URL}+{book.pk}/").status_code == 404


def test_books_reject_other_methods(user_client, book_url):
    for response, allowed in (
        (user_client.delete(LIST_URL), "GET, POST, HEAD, OPTIONS"),
        (user_client.post(book_url), "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ):
        assert (response.status_code, response["Allow"]) == (405, allowed)
