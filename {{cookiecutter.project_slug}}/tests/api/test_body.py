import pytest
from django.urls import reverse_lazy

from accounts.models import User

ME_URL = reverse_lazy("me")


def test_profile_is_not_changed_by_user_revoked_while_body_arrives(send, user, revoke):
    response = send("PATCH", ME_URL, {"first_name": "Changed"}, revoke)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]
    assert not User.objects.filter(first_name="Changed").exists()


def test_body_that_arrives_late_is_accepted(send):
    response = send("PATCH", ME_URL, {"first_name": "Changed"})
    assert (response.status_code, response.json()["first_name"]) == (200, "Changed")


def test_incomplete_body_is_rejected(send, user):
    response = send("PATCH", ME_URL, {"first_name": "Changed"}, missing=1)
    assert response.status_code == 400
    assert response.json() == {"detail": "The request body is incomplete."}
    user.refresh_from_db()
    assert user.first_name == ""


def test_body_of_disconnected_client_is_rejected(send, user):
    def disconnect():
        raise ConnectionResetError

    response = send("PATCH", ME_URL, {"first_name": "Changed"}, disconnect)
    assert response.status_code == 400
    assert response.json() == {"detail": "The request body is incomplete."}


@pytest.mark.parametrize("length", ["x", "1_0x", "9" * 5_000])
def test_malformed_content_length_is_ignored(user_client, length):
    assert user_client.get(ME_URL, CONTENT_LENGTH=length).status_code == 200


def test_too_large_body_is_rejected_before_it_is_read(send, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10

    def fail():
        raise AssertionError("The body was read.")

    assert send("PATCH", ME_URL, {"first_name": "Changed"}, fail).status_code == 413
