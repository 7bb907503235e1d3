import pytest
from django.urls import reverse

from books.models import Author, Book


@pytest.fixture
def author_url(author):
    return reverse("author-detail", args=[author.pk])


@pytest.fixture
def requests(user_client, book, book_url, data):
    """Return functions that change the book."""
    return {
        "put": lambda: user_client.put(book_url, data),
        "patch": lambda: user_client.patch(book_url, {"title": data["title"]}),
        "publish": lambda: user_client.post(reverse("book-publish", args=[book.pk])),
    }


@pytest.mark.parametrize("method", ["put", "patch", "publish"])
def test_changing_book_keeps_concurrent_changes(requests, book, other_user, before_save, method):
    changes = {"owner": other_user, "description": "Changed", "category": "poetry"}
    before_save(Book, lambda: Book.objects.update(**changes))
    assert requests[method]().status_code == 200
    changed = Book.objects.get(**changes)
    assert changed.updated_at > book.updated_at
    assert changed.created_at == book.created_at


def test_patch_writes_only_named_fields(requests, data, other_user, before_save):
    changes = {"year_published": 2001, "is_published": False}
    before_save(Book, lambda: Book.objects.update(title="Overwritten", **changes))
    assert requests["patch"]().status_code == 200
    assert Book.objects.filter(title=data["title"], **changes).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["put", "patch", "publish"])
def test_book_deleted_in_the_meantime_is_not_created_again(requests, before_save, method):
    before_save(Book, Book.objects.all().delete)
    response = requests[method]()
    assert response.status_code == 404
    assert response.json().keys() == {"detail"}
    assert not Book.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_empty_patch_does_not_create_deleted_book_again(user_client, book_url, before_save):
    before_save(Book, Book.objects.all().delete)
    assert user_client.patch(book_url, {}).status_code == 404
    assert not Book.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_author_deleted_in_the_meantime_is_not_created_again(staff_client, author_url, before_save):
    before_save(Author, Author.objects.all().delete)
    for method in (staff_client.put, staff_client.patch):
        assert method(author_url, {"name": "Changed"}).status_code == 404
    assert not Author.objects.exists()


def test_book_is_not_created_by_user_revoked_while_body_arrives(send, data, revoke):
    response = send("POST", reverse("book-list"), data, revoke)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]
    assert not Book.objects.exists()
