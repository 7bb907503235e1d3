import pytest
from django.urls import reverse_lazy

from accounts.models import User

CHANGE_URL = reverse_lazy("headless:app:account:change_password")
ME_URL = reverse_lazy("me")


@pytest.fixture
def change(password, new_password):
    return {"current_password": password, "new_password": new_password}


def test_password_change_ends_other_sessions(
    log_in_app, logged_in_app, login_as, verified_user, change, outbox
):
    others = [log_in_app(), login_as(verified_user)]
    assert logged_in_app.post(CHANGE_URL, change).status_code == 200
    assert logged_in_app.get(ME_URL).status_code == 200
    assert [other.get(ME_URL).status_code for other in others] == [401, 401]
    verified_user.refresh_from_db()
    assert verified_user.check_password(change["new_password"])
    assert [message.to for message in outbox()] == [[verified_user.email]]  # a notification


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("current_password", "wrong"),
        ("current_password", ""),
        ("new_password", ""),
        ("new_password", "Tr0ub4d"),
        ("new_password", "password123"),
        ("new_password", "ursula12"),
        ("new_password", "ursula@example"),
    ],
)
def test_password_change_rejects_invalid_field(logged_in_app, user, password, change, field, value):
    response = logged_in_app.post(CHANGE_URL, change | {field: value})
    assert response.status_code == 400
    assert {error["param"] for error in response.json()["errors"]} == {field}
    user.refresh_from_db()
    assert user.check_password(password)


def test_password_change_keeps_spaces(logged_in_app, user, change):
    change["new_password"] = f" {'long ' * 25}"
    assert logged_in_app.post(CHANGE_URL, change).status_code == 200
    user.refresh_from_db()
    assert user.check_password(change["new_password"])
    change["current_password"] = change["new_password"].strip()
    assert logged_in_app.post(CHANGE_URL, change).status_code == 400


def test_password_change_requires_authentication(app, change):
    assert app.post(CHANGE_URL, change).status_code == 401


def test_password_change_is_throttled_by_user(logged_in_app, change):
    change["current_password"] = "wrong"
    addresses = [f"203.0.113.{i}" for i in range(6)]
    codes = [
        logged_in_app.post(CHANGE_URL, change, REMOTE_ADDR=address).status_code
        for address in addresses
    ]
    assert codes == [400] * 5 + [429]


@pytest.mark.parametrize(
    ("concurrent", "status"),
    [({"password": "!"}, 409), ({"is_active": False}, 409), ({"first_name": "Changed"}, 200)],
)
def test_password_change_does_not_undo_concurrent_change(
    logged_in_app, user, change, concurrent, status, monkeypatch
):
    check_password = User.check_password

    def check_and_change(self, raw_password):
        correct = check_password(self, raw_password)
        User.objects.filter(pk=user.pk).update(**concurrent)
        return correct

    monkeypatch.setattr(User, "check_password", check_and_change)
    assert logged_in_app.post(CHANGE_URL, change).status_code == status
    assert User.objects.filter(pk=user.pk, **concurrent).exists()
