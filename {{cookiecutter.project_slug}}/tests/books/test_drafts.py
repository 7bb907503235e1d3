from django.urls import reverse, reverse_lazy

LIST_URL = reverse_lazy("book-list")


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
