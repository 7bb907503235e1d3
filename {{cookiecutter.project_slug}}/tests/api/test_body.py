import json

import pytest
from django.urls import reverse_lazy

from accounts.models import User

ME_URL = reverse_lazy("me")
JSON = "application/json"


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[" * 100_000,
        '{"first_name": ' + "9" * 5_000 + "}",
        '{"id": 1e999}',
        '{"first_name": NaN}',
        r'{"first_name": "\ud800"}',
        r'{"\ud800": 1}',
        r'{"first_name": "a\u0000b"}',
        b'{"first_name": "\xff"}',
        "[]",
        "1",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_invalid_json_body_returns_400(user_client, body):
    response = user_client.patch(ME_URL, body, content_type=JSON)
    assert response.status_code == 400
    assert json.loads(response.content)


def test_body_is_decoded_as_utf_8_despite_charset(user_client):
    body = '{"first_name": "Zoë"}'.encode()
    response = user_client.patch(ME_URL, body, content_type=f"{JSON}; charset=hex")
    assert response.status_code == 200
    assert response.json()["first_name"] == "Zoë"


def test_text_body_returns_415(user_client):
    response = user_client.patch(ME_URL, "first_name=x", content_type="text/plain")
    assert response.status_code == 415


def test_form_body_returns_415(user_client):
    response = user_client.patch(ME_URL, {"first_name": "x"}, format="multipart")
    assert response.status_code == 415


@pytest.mark.parametrize("media_type", ["image/png", "text/html"])
def test_client_that_does_not_accept_json_gets_406(user_client, api_client, media_type):
    for client in (user_client, api_client):
        assert client.get(ME_URL, HTTP_ACCEPT=media_type).status_code == 406


def test_too_large_body_returns_413(user_client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    accepted = user_client.patch(ME_URL, {"first_name": "x" * 80})
    assert accepted.status_code == 200
    rejected = user_client.patch(ME_URL, {"first_name": "x" * 90})
    assert rejected.status_code == 413
    assert rejected.json().keys() == {"detail"}


def test_body_of_2_5_mb_is_accepted(send):
    body = {"first_name": "x"}
    missing = 2_621_440 - len(json.dumps(body))
    assert send("PATCH", ME_URL, body, missing=missing).status_code == 400  # incomplete
    assert send("PATCH", ME_URL, body, missing=missing + 1).status_code == 413


def test_body_of_maximum_size_is_accepted(user_client, settings):
    body = json.dumps({"first_name": "x"})
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = len(body)
    assert user_client.patch(ME_URL, body, content_type=JSON).status_code == 200
    assert user_client.patch(ME_URL, body + " ", content_type=JSON).status_code == 413


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
