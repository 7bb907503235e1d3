import pytest
from django.urls import reverse, reverse_lazy

from books.models import Author
from books.serializers import AuthorSerializer

LIST_URL = reverse_lazy("author-list")


@pytest.fixture
def author_url(author):
    return reverse("author-detail", args=[author.pk])


def test_anyone_can_read_authors(api_client, author, author_url):
    expected = {"id": author.pk, "name": author.name}
    assert api_client.get(author_url).json() == expected
    assert api_client.get(LIST_URL).json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [expected],
    }


def test_authors_are_listed_newest_first(api_client, author):
    newer = Author.objects.create(name="A")
    results = api_client.get(LIST_URL).json()["results"]
    assert [result["id"] for result in results] == [newer.pk, author.pk]


def test_staff_can_create_author(staff_client, db):
    response = staff_client.post(LIST_URL, {"name": "Octavia E. Butler"})
    assert response.status_code == 201
    assert response.json() == {"id": Author.objects.get().pk, "name": "Octavia E. Butler"}


def test_staff_can_update_author(staff_client, author_url):
    for method in (staff_client.put, staff_client.patch):
        response = method(author_url, {"name": f"Changed by {method.__name__}"})
        assert response.status_code == 200
        assert response.json()["name"] == f"Changed by {method.__name__}"
        assert Author.objects.get().name == f"Changed by {method.__name__}"


def test_each_request_concerns_only_the_named_author(staff_client, db):
    _, named, *_ = [Author.objects.create(name=name) for name in ("A", "B", "C", "D")]
    others = Author.objects.exclude(pk=named.pk)
    before = list(others.values())
    url = reverse("author-detail", args=[named.pk])
    for response in (
        staff_client.get(url),
        staff_client.put(url, {"name": "Changed"}),
        staff_client.patch(url, {"name": "Changed again"}),
    ):
        assert (response.status_code, response.json()["id"]) == (200, named.pk)
    assert Author.objects.get(name="Changed again").pk == named.pk
    assert staff_client.delete(url).status_code == 204
    assert list(Author.objects.values()) == before


def test_staff_can_delete_author(staff_client, author_url):
    response = staff_client.delete(author_url)
    assert (response.status_code, response.content) == (204, b"")
    assert not Author.objects.exists()


def test_author_with_books_cannot_be_deleted(staff_client, book, author_url):
    response = staff_client.delete(author_url)
    assert response.status_code == 409
    assert response.json().keys() == {"detail"}
    book.refresh_from_db()
    assert book.author.pk


def test_only_staff_can_write_authors(user_client, author, author_url):
    for response in (
        user_client.post(LIST_URL, {"name": "x"}),
        user_client.put(author_url, {"name": "x"}),
        user_client.patch(author_url, {"name": "x"}),
        user_client.delete(author_url),
    ):
        assert response.status_code == 403
        assert "WWW-Authenticate" not in response
    assert list(Author.objects.values_list("name", flat=True)) == [author.name]


def test_denied_request_is_logged_with_user(user_client, user, logged_events):
    response = user_client.post(LIST_URL, {"name": "Octavia E. Butler"})
    assert response.status_code == 403
    assert logged_events("access_denied") == [(user.pk, response["X-Request-ID"])]


def test_writing_authors_requires_authentication(api_client, author, author_url):
    for response in (
        api_client.post(LIST_URL, {"name": "x"}),
        api_client.put(author_url, {"name": "x"}),
        api_client.patch(author_url, {"name": "x"}),
        api_client.delete(author_url),
        api_client.delete(reverse("author-detail", args=[999999])),
        api_client.delete(LIST_URL),
    ):
        assert response.status_code == 401
        assert response["WWW-Authenticate"]
    assert list(Author.objects.values_list("name", flat=True)) == [author.name]


@pytest.mark.parametrize("name", ["", "   ", None, "x" * 201, [], "a\x00b"])
def test_author_rejects_invalid_name(staff_client, author_url, name):
    for response in (
        staff_client.post(LIST_URL, {"name": name}),
        staff_client.put(author_url, {"name": name}),
        staff_client.patch(author_url, {"name": name}),
    ):
        assert response.status_code == 400
        assert response.json().keys() == {"name"}


def test_author_name_is_required_except_in_patch(staff_client, author_url):
    assert staff_client.post(LIST_URL, {}).status_code == 400
    assert staff_client.put(author_url, {}).status_code == 400
    assert staff_client.patch(author_url, {}).status_code == 200


def test_author_name_can_have_200_characters(staff_client, db):
    assert staff_client.post(LIST_URL, {"name": "x" * 200}).status_code == 201


def test_author_id_is_read_only(staff_client, author, author_url):
    staff_client.patch(author_url, {"id": 999})
    assert staff_client.post(LIST_URL, {"id": 999, "name": "x"}).json()["id"] != 999
    assert Author.objects.filter(pk=author.pk).exists()


@pytest.mark.parametrize("pk", ["999999", "9" * 30, "x"])
def test_unknown_author_is_not_found(staff_client, pk):
    for method in ("get", "put", "patch", "delete"):
        response = getattr(staff_client, method)(f"{LIST_URL}{pk}/")
        assert response.status_code == 404
        assert response.json().keys() == {"detail"}


def test_id_of_author_consists_of_digits(api_client, author):
    assert api_client.get(f"{LIST_URL}+{author.pk}/").status_code == 404


def test_authors_reject_other_methods(staff_client, author_url):
    for response, allowed in (
        (staff_client.delete(LIST_URL), "GET, POST, HEAD, OPTIONS"),
        (staff_client.post(author_url, {}), "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ):
        assert (response.status_code, response["Allow"]) == (405, allowed)


@pytest.mark.django_db(transaction=True)
def test_author_deleted_in_the_meantime_is_not_created_again(staff_client, author_url, before_save):
    before_save(Author, Author.objects.all().delete)
    for method in (staff_client.put, staff_client.patch):
        assert method(author_url, {"name": "Changed"}).status_code == 404
    assert not Author.objects.exists()


def test_serializer_of_authors_has_the_request(staff_client, author_url, show_request):
    show_request(AuthorSerializer)
    assert staff_client.get(LIST_URL).json()["results"] == [{"GET": LIST_URL}]
    assert staff_client.post(LIST_URL, {"name": "Octavia"}).json() == {"POST": LIST_URL}
    assert staff_client.get(author_url).json() == {"GET": author_url}
    assert staff_client.put(author_url, {"name": "Octavia"}).json() == {"PUT": author_url}
    assert staff_client.patch(author_url, {}).json() == {"PATCH": author_url}
