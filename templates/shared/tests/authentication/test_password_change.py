import pytest
from django.urls import reverse_lazy

ME_URL = reverse_lazy("me")


@pytest.fixture
def change(password, new_password):
    return {"current_password": password, "new_password": new_password}


@pytest.fixture
def assert_rejected(user_client, user, password, password_change_url, change):
    """Return a function that asserts that a value is invalid and the password stays the same."""

    def assert_rejected(field, value):
        response = user_client.post(password_change_url, change | {field: value})
        assert response.status_code == 400
        assert response.json().keys() == {field}
        user.refresh_from_db()
        assert user.check_password(password)
        assert user_client.get(ME_URL).status_code == 200

    return assert_rejected


def test_password_change_sets_new_password(user_client, user, password_change_url, change):
    response = user_client.post(password_change_url, change)
    assert response.status_code == 204
    assert not response.content
    user.refresh_from_db()
    assert user.check_password(change["new_password"])


def test_password_change_does_not_strip_spaces(user_client, user, password_change_url, change):
    change["new_password"] = f" {change['new_password']} "
    assert user_client.post(password_change_url, change).status_code == 204
    user.refresh_from_db()
    assert user.check_password(change["new_password"])


def test_password_change_requires_every_field(user_client, password_change_url):
    response = user_client.post(password_change_url, {})
    assert response.status_code == 400
    assert response.json().keys() == {"current_password", "new_password"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("current_password", "wrong"),
        ("current_password", ""),
        ("current_password", None),
        ("current_password", "a\0b"),
        ("new_password", ""),
        ("new_password", None),
        ("new_password", []),
        ("new_password", "a\0b-long-enough"),
        ("new_password", "Tr0ub4d"),
        ("new_password", "password123"),
        ("new_password", "7318463219"),
    ],
)
def test_password_change_rejects_invalid_field(assert_rejected, field, value):
    assert_rejected(field, value)


def test_password_change_rejects_current_password_with_spaces(assert_rejected, password):
    assert_rejected("current_password", f" {password} ")


def test_password_change_rejects_password_similar_to_username(assert_rejected, user):
    assert_rejected("new_password", f"{user.username}12")


def test_password_change_rejects_password_similar_to_email(assert_rejected, user):
    assert_rejected("new_password", user.email.removesuffix(".com"))


def test_password_change_does_not_affect_other_user(
    user_client, other_user, password, password_change_url, change
):
    body = change | {"id": other_user.pk, "username": other_user.username}
    assert user_client.post(password_change_url, body).status_code == 204
    other_user.refresh_from_db()
    assert other_user.check_password(password)


def test_password_change_requires_authentication(api_client, db, password_change_url, change):
    response = api_client.post(password_change_url, change)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]


def test_password_change_allows_only_post(user_client, password_change_url):
    response = user_client.get(password_change_url)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"
