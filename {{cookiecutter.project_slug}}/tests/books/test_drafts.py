import pytest
from django.urls import reverse, reverse_lazy

LIST_URL = reverse_lazy("book-list")


def test_new_draft_stays_a_draft(user_client, api_client, data):
    data |= {"description": "A novel.", "category": "poetry", "is_published": False}
    response = user_client.post(LIST_URL, data)
    assert response.status_code == 201
    assert data.items() <= response.json().items()
    assert api_client.get(LIST_URL).json()["count"] == 0
    assert user_client.get(LIST_URL).json()["results"] == [response.json()]


def test_draft_is_visible_to_its_owner(user_client, draft, draft_url):
    response = user_client.get(LIST_URL)
    assert response.status_code == 200
    assert [result["title"] for result in response.json()["results"]] == [draft.title]
    assert user_client.get(draft_url).status_code == 200


def test_draft_is_invisible_to_others(api_client, other_client, staff_client, draft_url):
    for client in (api_client, other_client, staff_client):
        assert client.get(LIST_URL).json()["count"] == 0
        assert client.get(draft_url).status_code == 404


def test_draft_cannot_be_changed_by_others(other_client, staff_client, draft, draft_url):
    for client in (other_client, staff_client):
        for response in (
            client.put(draft_url, {}),
            client.patch(draft_url, {"title": "x"}),
            client.delete(draft_url),
            client.post(reverse("book-publish", args=[draft.pk])),
        ):
            assert response.status_code == 404
    title = draft.title
    draft.refresh_from_db()
    assert (draft.title, draft.is_published) == (title, False)


def test_owner_can_unpublish_book(user_client, api_client, book_url):
    assert user_client.patch(book_url, {"is_published": False}).status_code == 200
    assert api_client.get(book_url).status_code == 404


@pytest.fixture
def publish_url(draft):
    return reverse("book-publish", args=[draft.pk])


def test_owner_can_publish_draft(user_client, api_client, draft_url, publish_url):
    before = user_client.get(draft_url).json()
    response = user_client.post(publish_url)
    assert response.status_code == 200
    after = response.json()
    assert after == api_client.get(draft_url).json()
    assert after["updated_at"] > before["updated_at"]
    assert after == before | {"is_published": True, "updated_at": after["updated_at"]}


def test_published_book_can_be_published_again(user_client, publish_url):
    for _ in range(2):
        assert user_client.post(publish_url).status_code == 200


def test_only_owner_can_publish_book(other_client, staff_client, book):
    for client in (other_client, staff_client):
        response = client.post(reverse("book-publish", args=[book.pk]))
        assert response.status_code == 403
        assert "WWW-Authenticate" not in response


def test_publishing_requires_authentication(api_client, book):
    for pk in (book.pk, 999999):
        response = api_client.post(reverse("book-publish", args=[pk]))
        assert response.status_code == 401
        assert response["WWW-Authenticate"]
        assert response.json().keys() == {"detail"}


def test_publishing_unknown_book_is_not_found(user_client):
    assert user_client.post(reverse("book-publish", args=[999999])).status_code == 404


def test_publishing_rejects_other_methods(user_client, publish_url):
    response = user_client.get(publish_url)
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
