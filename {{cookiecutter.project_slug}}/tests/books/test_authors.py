import pytest

from books.models import Author

URL = "/api/v1/authors/"


@pytest.fixture
def url(author):
    return f"{URL}{author.pk}/"


def test_anyone_reads(api_client, author, url):
    expected = {"id": author.pk, "name": "Ursula K. Le Guin"}
    assert api_client.get(url).json() == expected
    assert api_client.get(URL).json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [expected],
    }


def test_newest_comes_first(api_client, author):
    newer = Author.objects.create(name="A")
    results = api_client.get(URL).json()["results"]
    assert [result["id"] for result in results] == [newer.pk, author.pk]


def test_staff_writes(staff_client, author, url):
    created = staff_client.post(URL, {"name": "Octavia E. Butler"})
    assert created.status_code == 201
    assert created.json() == {"id": Author.objects.latest("id").pk, "name": "Octavia E. Butler"}
    assert staff_client.put(url, {"name": "Le Guin"}).json()["name"] == "Le Guin"
    assert staff_client.patch(url, {"name": "U. K. Le Guin"}).json()["name"] == "U. K. Le Guin"
    deleted = staff_client.delete(url)
    assert deleted.status_code == 204
    assert deleted.content == b""
    assert not Author.objects.filter(pk=author.pk).exists()


def test_others_do_not_write(user_client, author, url):
    for response in (
        user_client.post(URL, {"name": "x"}),
        user_client.put(url, {"name": "x"}),
        user_client.patch(url, {"name": "x"}),
        user_client.delete(url),
    ):
        assert response.status_code == 403
        assert "WWW-Authenticate" not in response
    assert list(Author.objects.values_list("name", flat=True)) == ["Ursula K. Le Guin"]


def test_anonymous_is_challenged_before_anything_else(api_client, author, url):
    for response in (
        api_client.post(URL, {"name": "x"}),
        api_client.put(url, {"name": "x"}),
        api_client.patch(url, {"name": "x"}),
        api_client.delete(url),
        api_client.delete(f"{URL}999999/"),
        api_client.delete(URL),
    ):
        assert response.status_code == 401
        assert response["WWW-Authenticate"]


@pytest.mark.parametrize("name", ["", "   ", None, "x" * 201, [], "a\x00b"])
def test_impossible_name_is_refused(staff_client, author, url, name):
    for response in (
        staff_client.post(URL, {"name": name}),
        staff_client.put(url, {"name": name}),
        staff_client.patch(url, {"name": name}),
    ):
        assert response.status_code == 400
        assert response.json().keys() == {"name"}


def test_name_is_needed_but_for_a_patch(staff_client, url):
    assert staff_client.post(URL, {}).status_code == 400
    assert staff_client.put(url, {}).status_code == 400
    assert staff_client.patch(url, {}).status_code == 200


def test_longest_name_is_accepted(staff_client, db):
    assert staff_client.post(URL, {"name": "x" * 200}).status_code == 201


def test_id_is_read_only(staff_client, author, url):
    staff_client.patch(url, {"id": 999})
    assert staff_client.post(URL, {"id": 999, "name": "x"}).json()["id"] != 999
    assert Author.objects.filter(pk=author.pk).exists()


def test_author_of_books_is_not_deleted(staff_client, book, url):
    response = staff_client.delete(url)
    assert response.status_code == 409
    assert response.json().keys() == {"detail"}
    book.refresh_from_db()
    assert book.author.pk


def test_unknown_author_is_a_404(staff_client, db):
    for path in (f"{URL}999999/", f"{URL}{'9' * 30}/", f"{URL}x/"):
        for method in (staff_client.get, staff_client.put, staff_client.patch, staff_client.delete):
            response = method(path)
            assert response.status_code == 404
            assert response.json().keys() == {"detail"}


def test_methods_are_those_offered(staff_client, url):
    assert staff_client.delete(URL).status_code == 405
    assert staff_client.delete(URL)["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert staff_client.post(url, {}).status_code == 405
    assert staff_client.post(url, {})["Allow"] == "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
