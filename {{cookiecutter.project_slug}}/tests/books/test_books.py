import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from books.models import Author, Book

URL = "/api/v1/books/"


@pytest.fixture
def data(author):
    return {"title": "Kindred", "year_published": 1979, "author": author.pk}


def url_of(book):
    return f"{URL}{book.pk}/"


def titles(response):
    assert response.status_code == 200
    return [result["title"] for result in response.json()["results"]]


# Reading


def test_anyone_reads_published_books(api_client, book):
    expected = {
        "id": book.pk,
        "title": "The Dispossessed",
        "description": "",
        "category": "fiction",
        "year_published": 1974,
        "is_published": True,
        "author": book.author.pk,
        "author_name": "Ursula K. Le Guin",
        "owner": "ursula",
    }
    detail = api_client.get(url_of(book)).json()
    created_at = datetime.datetime.fromisoformat(detail.pop("created_at"))
    updated_at = datetime.datetime.fromisoformat(detail.pop("updated_at"))
    assert (created_at, updated_at) == (book.created_at, book.updated_at)
    assert created_at.utcoffset() == datetime.timedelta(0)
    assert detail == expected
    listed = api_client.get(URL).json()
    assert listed.keys() == {"count", "next", "previous", "results"}
    assert listed["results"] == [api_client.get(url_of(book)).json()]


def test_draft_is_visible_to_its_owner(user_client, draft):
    assert titles(user_client.get(URL)) == ["Notes"]
    assert user_client.get(url_of(draft)).status_code == 200


def test_draft_is_invisible_to_others(api_client, other_client, staff_client, draft):
    for client in (api_client, other_client, staff_client):
        assert client.get(URL).json()["count"] == 0
        assert client.get(url_of(draft)).status_code == 404


def test_draft_does_not_exist_for_others_whatever_the_method(other_client, staff_client, draft):
    for client in (other_client, staff_client):
        for response in (
            client.put(url_of(draft), {}),
            client.patch(url_of(draft), {"title": "x"}),
            client.delete(url_of(draft)),
            client.post(f"{url_of(draft)}publish/"),
        ):
            assert response.status_code == 404
    draft.refresh_from_db()
    assert (draft.title, draft.is_published) == ("Notes", False)


def test_categories_are_a_plain_array_for_anyone(api_client, db):
    response = api_client.get(f"{URL}categories/?page=7&ordering=x")
    assert response.status_code == 200
    assert response.json() == [
        {"value": "fiction", "name": "Fiction"},
        {"value": "nonfiction", "name": "Nonfiction"},
        {"value": "poetry", "name": "Poetry"},
        {"value": "reference", "name": "Reference"},
    ]


# Writing


def test_any_user_creates(user_client, user, author, data):
    response = user_client.post(URL, data)
    assert response.status_code == 201
    book = Book.objects.get()
    assert response.json() == user_client.get(url_of(book)).json()
    assert (book.title, book.owner, book.author) == ("Kindred", user, author)
    assert (book.description, book.category, book.is_published) == ("", "fiction", True)


def test_owner_is_the_caller_whatever_the_body_says(user_client, user, other_user, data):
    created = user_client.post(URL, {**data, "owner": other_user.username})
    assert created.json()["owner"] == "ursula"
    book = Book.objects.get()
    for owner in (other_user.username, other_user.pk):
        assert user_client.patch(url_of(book), {"owner": owner}).json()["owner"] == "ursula"
    assert user_client.put(url_of(book), {**data, "owner": 1}).json()["owner"] == "ursula"
    book.refresh_from_db()
    assert book.owner == user


def test_read_only_fields_stay(user_client, book):
    before = user_client.get(url_of(book)).json()
    change = {"id": 9, "created_at": "2001-01-01T00:00:00Z", "updated_at": None, "author_name": "x"}
    after = user_client.patch(url_of(book), change).json()
    assert after["updated_at"] > before["updated_at"]
    assert {**after, "updated_at": before["updated_at"]} == before


def test_owner_changes_and_deletes(user_client, book, data):
    put = user_client.put(url_of(book), {**data, "category": "poetry", "is_published": False})
    assert put.status_code == 200
    assert (put.json()["title"], put.json()["is_published"]) == ("Kindred", False)
    patch = user_client.patch(url_of(book), {"description": "A novel."})
    assert patch.status_code == 200
    assert (patch.json()["title"], patch.json()["description"]) == ("Kindred", "A novel.")
    deleted = user_client.delete(url_of(book))
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert not Book.objects.exists()


def test_only_the_owner_changes_and_deletes(other_client, staff_client, book, data):
    for client in (other_client, staff_client):
        for response in (
            client.put(url_of(book), data),
            client.patch(url_of(book), {"title": "x"}),
            client.delete(url_of(book)),
            client.post(f"{url_of(book)}publish/"),
        ):
            assert response.status_code == 403
            assert "WWW-Authenticate" not in response
    book.refresh_from_db()
    assert book.title == "The Dispossessed"


def test_anonymous_is_challenged_before_anything_else(api_client, book, draft, data):
    for response in (
        api_client.post(URL, data),
        api_client.put(url_of(book), data),
        api_client.patch(url_of(book), {"title": "x"}),
        api_client.delete(url_of(book)),
        api_client.delete(url_of(draft)),
        api_client.post(f"{url_of(book)}publish/"),
        api_client.post(f"{URL}999999/publish/"),
        api_client.delete(f"{URL}999999/"),
        api_client.delete(URL),
        api_client.post(f"{URL}categories/"),
    ):
        assert response.status_code == 401
        assert response["WWW-Authenticate"]
        assert response.json().keys() == {"detail"}
    assert Book.objects.count() == 2


def test_owner_publishes(user_client, api_client, draft):
    response = user_client.post(f"{url_of(draft)}publish/")
    assert response.status_code == 200
    assert response.json() == api_client.get(url_of(draft)).json()
    assert response.json()["is_published"] is True
    assert user_client.post(f"{url_of(draft)}publish/").status_code == 200


def test_owner_can_unpublish(user_client, api_client, book):
    assert user_client.patch(url_of(book), {"is_published": False}).status_code == 200
    assert api_client.get(url_of(book)).status_code == 404


def test_required_fields_are_named(user_client, book):
    required = {"title", "year_published", "author"}
    for response in (user_client.post(URL, {}), user_client.put(url_of(book), {})):
        assert response.status_code == 400
        assert response.json().keys() == required
    assert user_client.patch(url_of(book), {}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * 201),
        ("title", None),
        ("title", "a\x00b"),
        ("description", None),
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
def test_impossible_value_is_refused(user_client, book, data, field, value):
    for response in (
        user_client.post(URL, {**data, field: value}),
        user_client.put(url_of(book), {**data, field: value}),
        user_client.patch(url_of(book), {field: value}),
    ):
        assert response.status_code == 400
        assert response.json().keys() == {field}
        assert isinstance(response.json()[field], list)
    assert Book.objects.count() == 1


def test_year_is_at_most_the_current_one(user_client, data):
    year = timezone.now().year
    assert user_client.post(URL, {**data, "year_published": year}).status_code == 201
    assert user_client.post(URL, {**data, "year_published": year + 1}).status_code == 400
    assert user_client.post(URL, {**data, "year_published": 1}).status_code == 201


def test_longest_title_is_accepted(user_client, data):
    assert user_client.post(URL, {**data, "title": "x" * 200}).status_code == 201


def test_unknown_book_is_a_404(user_client):
    for path in (f"{URL}999999/", f"{URL}{'9' * 30}/", f"{URL}x/", f"{URL}-1/"):
        for method in (user_client.get, user_client.put, user_client.patch, user_client.delete):
            response = method(path)
            assert response.status_code == 404
            assert response.json().keys() == {"detail"}
    assert user_client.post(f"{URL}999999/publish/").status_code == 404


def test_methods_are_those_offered(user_client, book):
    for method, path, allow in (
        (user_client.delete, URL, "GET, POST, HEAD, OPTIONS"),
        (user_client.post, url_of(book), "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        (user_client.get, f"{url_of(book)}publish/", "POST, OPTIONS"),
        (user_client.post, f"{URL}categories/", "GET, HEAD, OPTIONS"),
    ):
        response = method(path)
        assert response.status_code == 405
        assert response["Allow"] == allow


# Lists


@pytest.fixture
def shelf(author, user):
    """Four books; three of them are of the same year, and all have the same time."""
    other = Author.objects.create(name="Italo Calvino")
    books = Book.objects.bulk_create(
        [
            Book(title="Beta", year_published=1974, author=author, owner=user),
            Book(title="Alpha", year_published=1974, author=other, owner=user, category="poetry"),
            Book(title="Delta", year_published=1974, author=author, owner=user),
            Book(title="Gamma", year_published=1972, author=other, owner=user),
        ]
    )
    Book.objects.update(created_at=timezone.now())
    return books


def test_page_holds_20_books_and_at_most_100(api_client, author, user):
    Book.objects.bulk_create(
        Book(title=str(i), year_published=2000, author=author, owner=user) for i in range(101)
    )
    for query, length in (
        ("", 20),
        ("?page_size=5", 5),
        ("?page_size=100", 100),
        ("?page_size=1000", 100),
        ("?page_size=0", 20),
        ("?page_size=x", 20),
    ):
        page = api_client.get(URL + query).json()
        assert (page["count"], len(page["results"])) == (101, length)


@pytest.mark.parametrize(
    "ordering", ["", "year_published", "-year_published", "created_at", "title", "nothing"]
)
def test_pages_do_not_overlap_and_leave_nothing_out(api_client, shelf, ordering):
    seen = []
    path = f"{URL}?page_size=1&ordering={ordering}"
    while path:
        page = api_client.get(path).json()
        seen += [result["id"] for result in page["results"]]
        path = page["next"]
    assert sorted(seen) == sorted(book.pk for book in shelf)


def test_page_links_lead_back_and_forth(api_client, shelf):
    first = api_client.get(f"{URL}?page_size=3").json()
    assert (first["count"], first["previous"]) == (4, None)
    second = api_client.get(first["next"]).json()
    assert second["next"] is None
    assert api_client.get(second["previous"]).json() == first


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "9" * 30])
def test_page_that_does_not_exist_is_a_404(api_client, book, page):
    response = api_client.get(f"{URL}?page={page}")
    assert response.status_code == 404
    assert response.json().keys() == {"detail"}


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", ["Gamma", "Delta", "Alpha", "Beta"]),
        ("title", ["Alpha", "Beta", "Delta", "Gamma"]),
        ("-title", ["Gamma", "Delta", "Beta", "Alpha"]),
        ("year_published", ["Gamma", "Delta", "Alpha", "Beta"]),
        ("-year_published,title", ["Alpha", "Beta", "Delta", "Gamma"]),
        ("owner__password", ["Gamma", "Delta", "Alpha", "Beta"]),
        ("category", ["Gamma", "Delta", "Alpha", "Beta"]),
    ],
)
def test_ordering(api_client, shelf, ordering, expected):
    assert titles(api_client.get(URL, {"ordering": ordering})) == expected


def test_newest_comes_first(api_client, shelf):
    Book.objects.filter(title="Beta").update(created_at=timezone.now())
    assert titles(api_client.get(URL))[0] == "Beta"
    assert titles(api_client.get(URL, {"ordering": "created_at"}))[-1] == "Beta"


def test_filters(api_client, shelf):
    author = shelf[1].author
    assert titles(api_client.get(URL, {"author": author.pk})) == ["Gamma", "Alpha"]
    assert titles(api_client.get(URL, {"category": "poetry"})) == ["Alpha"]
    assert titles(api_client.get(URL, {"year_published": 1972})) == ["Gamma"]
    both = {"author": author.pk, "year_published": 1974}
    assert titles(api_client.get(URL, both)) == ["Alpha"]
    assert titles(api_client.get(URL, {"year_published": 1999})) == []


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("author", "999999"),
        ("author", "x"),
        ("author", "9" * 30),
        ("category", "crime"),
        ("category", "a\x00b"),
        ("year_published", "soon"),
        ("year_published", "1974.5"),
        ("year_published", "0"),
        ("year_published", "9" * 30),
    ],
)
def test_impossible_filter_is_refused(api_client, book, parameter, value):
    response = api_client.get(URL, {parameter: value})
    assert response.status_code == 400
    assert response.json().keys() == {parameter}


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("alph", ["Alpha"]),
        ("CALVINO", ["Gamma", "Alpha"]),
        ("calvino gamma", ["Gamma"]),
        ("%", []),
        ("1974", []),
    ],
)
def test_search_looks_at_title_and_author(api_client, shelf, search, expected):
    assert titles(api_client.get(URL, {"search": search})) == expected


def test_search_for_nul_is_refused(api_client, book):
    assert api_client.get(URL, {"search": "a\x00b"}).status_code == 400


@pytest.mark.parametrize("path", [URL, "/api/v1/authors/"])
def test_anonymous_list_takes_two_queries_however_long(api_client, shelf, path):
    Book.objects.update(owner=User.objects.create_user("zora"))
    Book.objects.filter(title="Beta").update(author=Author.objects.create(name="Zora"))
    with CaptureQueriesContext(connection) as queries:
        assert api_client.get(path).json()["count"] > 1
    assert len(queries) == 2


# Around


def test_deleting_a_user_deletes_their_books(user, book, draft):
    user.delete()
    assert not Book.objects.exists()


def test_admin_lists_books_with_a_bounded_number_of_queries(shelf):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    path = reverse("admin:books_book_changelist")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    few = queries()
    for i, book in enumerate(list(shelf)):
        owner = User.objects.create_user(f"user-{i}")
        book.pk = None
        book.owner = owner
        book.author = Author.objects.create(name=str(i))
        book.save()
    assert queries() == few


def test_schema_describes_the_example(api_client):
    paths = api_client.get("/api/schema/?format=json").json()["paths"]
    operations = {
        operation["operationId"]: operation
        for path, methods in paths.items()
        if path.startswith(("/api/v1/books/", "/api/v1/authors/"))
        for operation in methods.values()
    }
    assert operations.keys() == {
        "authors_create",
        "authors_destroy",
        "authors_list",
        "authors_partial_update",
        "authors_retrieve",
        "authors_update",
        "books_categories_list",
        "books_create",
        "books_destroy",
        "books_list",
        "books_partial_update",
        "books_publish_create",
        "books_retrieve",
        "books_update",
    }
    assert {parameter["name"] for parameter in operations["books_list"]["parameters"]} == {
        "author",
        "category",
        "ordering",
        "page",
        "page_size",
        "search",
        "year_published",
    }
    assert "parameters" not in operations["books_categories_list"]
    assert {} in operations["books_list"]["security"]
    assert {} not in operations["books_create"]["security"]
    assert operations["books_destroy"]["responses"].keys() == {"204"}
    assert operations["books_create"]["responses"].keys() == {"201"}
