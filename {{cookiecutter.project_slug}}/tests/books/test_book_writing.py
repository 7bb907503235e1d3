import pytest
from django.core.cache import cache
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from books.models import Book
from tests.clients import AUTHENTICATION_QUERIES

LIST_URL = reverse_lazy("book-list")


def test_any_user_can_create_book(user_client, user, author, data):
    response = user_client.post(LIST_URL, data)
    assert response.status_code == 201
    book = Book.objects.get()
    assert response.json() == user_client.get(reverse("book-detail", args=[book.pk])).json()
    assert (book.title, book.year_published) == (data["title"], data["year_published"])
    assert (book.owner, book.author) == (user, author)
    assert (book.description, book.category, book.is_published) == ("", "fiction", True)


def test_owner_can_update_book(user_client, book_url, data):
    body = {**data, "category": "poetry", "is_published": False}
    response = user_client.put(book_url, body)
    assert response.status_code == 200
    assert body.items() <= response.json().items()
    response = user_client.patch(book_url, {"description": "A novel."})
    assert response.status_code == 200
    assert (body | {"description": "A novel."}).items() <= response.json().items()
    assert response.json() == user_client.get(book_url).json()


def test_each_request_concerns_only_the_named_book(user_client, shelf, data):
    Book.objects.update(is_published=False)
    _, named, *_ = shelf
    others = Book.objects.exclude(pk=named.pk)
    before = list(others.values())
    url = reverse("book-detail", args=[named.pk])
    for response in (
        user_client.get(url),
        user_client.put(url, data),
        user_client.patch(url, {"title": "Changed"}),
        user_client.post(reverse("book-publish", args=[named.pk])),
    ):
        assert (response.status_code, response.json()["id"]) == (200, named.pk)
    assert Book.objects.get(title="Changed", is_published=True).pk == named.pk
    assert user_client.delete(url).status_code == 204
    assert list(Book.objects.values()) == before


def test_owner_can_delete_book(user_client, book_url):
    response = user_client.delete(book_url)
    assert (response.status_code, response.content) == (204, b"")
    assert not Book.objects.exists()


def test_only_owner_can_change_book(other_client, staff_client, book, book_url, data):
    for client in (other_client, staff_client):
        for response in (
            client.put(book_url, data),
            client.patch(book_url, {"title": "x"}),
            client.delete(book_url),
        ):
            assert response.status_code == 403
            assert "WWW-Authenticate" not in response
    title = book.title
    book.refresh_from_db()
    assert book.title == title


def test_writing_books_requires_authentication(api_client, book_url, draft_url, data):
    for response in (
        api_client.post(LIST_URL, data),
        api_client.put(book_url, data),
        api_client.patch(book_url, {"title": "x"}),
        api_client.delete(book_url),
        api_client.delete(draft_url),
        api_client.delete(reverse("book-detail", args=[999999])),
        api_client.delete(LIST_URL),
    ):
        assert response.status_code == 401
        assert response["WWW-Authenticate"]
        assert response.json().keys() == {"detail"}
    assert Book.objects.count() == 2


def test_owner_is_the_user_who_creates_the_book(user_client, other_user, user, data):
    response = user_client.post(LIST_URL, {**data, "owner": other_user.username})
    assert response.json()["owner"] == user.username
    assert Book.objects.get().owner == user


def test_owner_is_read_only(user_client, other_user, user, book, book_url, data):
    for owner in (other_user.username, other_user.pk):
        for response in (
            user_client.patch(book_url, {"owner": owner}),
            user_client.put(book_url, {**data, "owner": owner}),
        ):
            assert response.json()["owner"] == user.username
    book.refresh_from_db()
    assert book.owner == user


def test_book_has_read_only_fields(user_client, book_url):
    before = user_client.get(book_url).json()
    change = {"id": 9, "created_at": "2001-01-01T00:00:00Z", "updated_at": None, "author_name": "x"}
    after = user_client.patch(book_url, change).json()
    assert after["updated_at"] > before["updated_at"]
    assert {**after, "updated_at": before["updated_at"]} == before


def test_book_requires_title_year_and_author(user_client, book_url):
    for response in (user_client.post(LIST_URL, {}), user_client.put(book_url, {})):
        assert response.status_code == 400
        assert response.json().keys() == {"title", "year_published", "author"}
    assert user_client.patch(book_url, {}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 201),
        ("title", None),
        ("title", "a\x00b"),
        ("description", None),
        ("description", "x" * 10_001),
        ("category", "crime"),
        ("category", ""),
        ("year_published", 0),
        ("year_published", -1),
        ("year_published", 10**30),
        ("year_published", "soon"),
        ("year_published", None),
        ("is_published", "perhaps"),
        ("is_published", None),
        ("author", 999999),
        ("author", 10**30),
        ("author", "x"),
        ("author", None),
        ("author", True),
    ],
)
def test_book_rejects_invalid_field(user_client, data, field, value):
    response = user_client.post(LIST_URL, {**data, field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}
    assert isinstance(response.json()[field], list)
    assert not Book.objects.exists()


def test_changed_book_is_validated_like_a_new_one(user_client, book, book_url):
    invalid = {"title": "", "category": "crime", "year_published": 0, "author": 999999}
    for method in (user_client.put, user_client.patch):
        response = method(book_url, invalid)
        assert response.status_code == 400
        assert response.json().keys() == invalid.keys()
    assert Book.objects.get().title == book.title


def test_year_is_between_1_and_the_current_year(user_client, data):
    year = timezone.now().year
    for value, status in ((1, 201), (year, 201), (year + 1, 400)):
        response = user_client.post(LIST_URL, {**data, "year_published": value})
        assert response.status_code == status


def test_title_can_have_200_characters(user_client, data):
    assert user_client.post(LIST_URL, {**data, "title": "x" * 200}).status_code == 201


def test_description_can_have_10000_characters(user_client, data):
    response = user_client.post(LIST_URL, {**data, "description": "x" * 10_000})
    assert response.status_code == 201
    assert response.json()["description"] == "x" * 10_000


def test_deleting_user_deletes_their_books(user, book, draft):
    user.delete()
    assert not Book.objects.exists()


def test_markup_and_quotes_are_stored_and_returned_as_text(user_client, author, data):
    text = """</script>"};\\'\u2028\u2029 {0} %s ${x} $(id) ; DROP TABLE books_book"""
    response = user_client.post(LIST_URL, data | {"title": text})
    assert response.status_code == 201
    assert response.json()["title"] == Book.objects.get().title == text
    assert response["Content-Type"] == "application/json"


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


def test_book_is_not_created_by_user_revoked_while_body_arrives(send, data, revoke):
    response = send("POST", reverse("book-list"), data, revoke)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]
    assert not Book.objects.exists()


def test_requests_need_few_queries(user_client, book_url, data, django_assert_num_queries):
    for method, url, body, queries in (
        ("get", LIST_URL, None, 2),
        ("get", book_url, None, 1),
        ("post", LIST_URL, data, 2),
        ("patch", book_url, {"title": "Changed"}, 2),
        ("delete", book_url, None, 2),
    ):
        cache.clear()  # with Redis, it contains the session
        with django_assert_num_queries(AUTHENTICATION_QUERIES + queries):
            assert getattr(user_client, method)(url, body).status_code < 300
