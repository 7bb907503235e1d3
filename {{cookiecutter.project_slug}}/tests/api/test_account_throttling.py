import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.urls import reverse, reverse_lazy

ME_URL = reverse_lazy("me")


@pytest.fixture
def fail_logins(log_in, set_rate):
    """Return a function that uses up the limit of an account, from an address for each login."""
    set_rate("account", "3/hour")

    def fail_logins(username):
        return [log_in(username, REMOTE_ADDR=f"203.0.113.{i}").status_code for i in range(4)]

    return fail_logins


def test_failed_logins_are_throttled_by_account(fail_logins, log_in, staff, user):
    assert fail_logins(staff.username) == [200, 200, 200, 429]
    assert log_in(user.username).status_code == 200


def test_unknown_usernames_are_throttled_like_accounts(fail_logins, log_in, staff):
    unknown = "nobody with spaces\n"
    assert fail_logins(unknown) == fail_logins(staff.username)
    responses = [log_in(unknown), log_in(staff.username)]
    assert len({(response.content, response["Retry-After"]) for response in responses}) == 1


def test_inactive_users_are_throttled_like_accounts(fail_logins, staff, user):
    staff.is_active = False
    staff.save()
    assert fail_logins(staff.username) == fail_logins(user.username)


def test_correct_password_of_throttled_account_is_rejected(
    fail_logins, log_in, staff, password, pass_time
):
    fail_logins(staff.username)
    pass_time(600)
    response = log_in(staff.username, password)
    assert (response.status_code, response["Retry-After"]) == (429, "3000")
    pass_time(3000)
    assert log_in(staff.username, password).status_code == 302


def test_successful_logins_are_not_counted(fail_logins, log_in, staff, password):
    for _ in range(5):
        assert log_in(staff.username, password).status_code == 302
    assert fail_logins(staff.username) == [200, 200, 200, 429]


def test_correct_password_does_not_reset_failed_logins(log_in, set_rate, staff, password):
    set_rate("account", "2/hour")
    codes = [log_in(staff.username, given).status_code for given in ("x", password, "x", "x")]
    assert codes == [200, 302, 200, 429]


def test_credentials_of_throttled_account_keep_working(fail_logins, client, user_client, staff):
    user = staff
    client.force_login(user)
    fail_logins(user.username)
    assert client.get(reverse("admin:index")).status_code == 200


def test_user_of_throttled_account_can_use_the_api(fail_logins, user_client, user):
    fail_logins(user.username)
    assert user_client.get(ME_URL).status_code == 200


def test_concurrent_password_checks_are_limited(log_in, set_rate, monkeypatch):
    set_rate("account", "3/hour")
    codes = []

    def check_password(*args, **kwargs):
        """Start another login before this one has failed."""
        codes.append(log_in().status_code)

    monkeypatch.setattr(ModelBackend, "authenticate", check_password)
    codes.append(log_in().status_code)
    assert codes == [429, 200, 200, 200]


def test_account_throttle_can_be_turned_off(log_in, set_rate, staff, password):
    set_rate("login", None)
    set_rate("account", None)
    assert {log_in(staff.username).status_code for _ in range(101)} == {200}
    assert log_in(staff.username, password).status_code == 302


def test_authentication_requires_username_and_password(user):
    assert authenticate(username=user.username) is None
    assert authenticate(password="x") is None
