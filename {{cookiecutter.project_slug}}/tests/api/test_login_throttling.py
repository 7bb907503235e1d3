import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.test import Client
from django.urls import reverse, reverse_lazy
from rest_framework.request import Request

from accounts.models import User
from api.throttling import LoginThrottle

ADMIN_LOGIN = reverse_lazy("admin:login")
PASSWORD_CHANGE = reverse_lazy("admin:password_change")
ME_URL = reverse_lazy("me")


@pytest.fixture
def change_password():
    """Return a function that enters a wrong password in the admin to change it."""

    def change_password(user, **extra):
        client = Client()
        client.force_login(user)
        return client.post(PASSWORD_CHANGE, {"old_password": "wrong"}, **extra)

    return change_password


def test_admin_login_is_throttled_by_address(client, log_in, set_rate):
    set_rate("login", "2/min")
    codes = [log_in(HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code for i in range(3)]
    assert codes == [200, 200, 429]
    assert client.get(ADMIN_LOGIN).status_code == 200
    assert log_in(REMOTE_ADDR="203.0.113.1").status_code == 200


def test_throttled_admin_login_tells_when_to_retry(log_in, staff, password, set_rate, pass_time):
    set_rate("login", "1/min")
    log_in()
    pass_time(15)
    response = log_in(staff.username, password)
    assert (response.status_code, response["Retry-After"]) == (429, "45")
    pass_time(45)
    assert log_in(staff.username, password).status_code == 302


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_only_submitting_the_login_form_counts(client, log_in, set_rate, method):
    set_rate("login", "1/min")
    for _ in range(3):
        assert getattr(client, method)(ADMIN_LOGIN).status_code == 200
    assert log_in().status_code == 200
    assert log_in().status_code == 429


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_request_that_can_check_a_password_counts(rf, set_rate, method):
    set_rate("login", "1/min")
    request = Request(rf.generic(method, "/"))
    assert [LoginThrottle().allow_request(request, None) for _ in range(2)] == [True, False]


def test_proxied_admin_login_is_throttled_by_forwarded_address(log_in, trust_proxy, set_rate):
    set_rate("login", "2/min")
    codes = [log_in(HTTP_X_FORWARDED_FOR="203.0.113.1").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert log_in(HTTP_X_FORWARDED_FOR="203.0.113.2").status_code == 200


def test_login_throttle_can_be_turned_off(log_in, set_rate):
    set_rate("login", "1/min")
    assert [log_in().status_code for _ in range(2)] == [200, 429]
    set_rate("login", None)
    assert log_in().status_code == 200


@pytest.mark.parametrize(
    ("address", "same_client"),
    [
        ("2001:db8::1", "2001:db8::1"),
        ("2001:db8::1", "2001:db8:0:0:ffff:ffff:ffff:ffff"),
        ("2001:db8::1", "[2001:db8::2]:50000"),
        ("fe80::1", "fe80::2"),
        ("2001:db8::1", "[2001:db8::2]"),
        ("203.0.113.1", "203.0.113.1:50000"),
        ("203.0.113.1:50000", "203.0.113.1:50001"),
        ("203.0.113.1", "::ffff:203.0.113.1"),
        ("203.0.113.1", "[::ffff:203.0.113.1]:50000"),
        ("unknown", "unknown"),
    ],
)
def test_addresses_of_one_client_share_limit(log_in, trust_proxy, set_rate, address, same_client):
    set_rate("login", "1/min")
    assert log_in(HTTP_X_FORWARDED_FOR=address).status_code == 200
    assert log_in(HTTP_X_FORWARDED_FOR=same_client).status_code == 429


@pytest.mark.parametrize(
    ("address", "other_client"),
    [
        ("2001:db8::1", "2001:db8:0:1::1"),
        ("203.0.113.1:50000", "203.0.113.2:50000"),
        ("::ffff:203.0.113.1", "::ffff:203.0.113.2"),
        ("::ffff:203.0.113.1", "::1"),
        ("unknown", "hidden"),
        ("unknown", "203.0.113.1"),
    ],
)
def test_addresses_of_other_clients_do_not_share_limit(
    log_in, trust_proxy, set_rate, address, other_client
):
    set_rate("login", "1/min")
    assert log_in(HTTP_X_FORWARDED_FOR=address).status_code == 200
    assert log_in(HTTP_X_FORWARDED_FOR=other_client).status_code == 200


def test_ipv6_addresses_without_proxy_are_throttled_by_network(log_in, set_rate):
    set_rate("login", "1/min")
    codes = [log_in(REMOTE_ADDR=f"2001:db8::{i}").status_code for i in range(3)]
    assert codes == [200, 429, 429]


def test_password_change_in_admin_is_throttled_by_user(
    change_password, staff, admin_user, set_rate
):
    set_rate("login", "2/min")
    codes = [change_password(staff, REMOTE_ADDR=f"203.0.113.{i}").status_code for i in range(3)]
    assert codes == [200, 200, 429]
    assert change_password(admin_user, REMOTE_ADDR="203.0.113.1").status_code == 200


def test_password_change_in_admin_is_throttled_by_address(change_password, db, set_rate):
    set_rate("login", "1/min")
    users = [User.objects.create_user(f"staff-{i}", is_staff=True) for i in range(2)]
    assert [change_password(user).status_code for user in users] == [200, 429]


def test_password_change_in_admin_requires_login(client, db):
    response = client.get(PASSWORD_CHANGE)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))


@pytest.fixture
def fail_logins(log_in, set_rate):
    """Return a function that uses up the limit of an account, each time from another address."""
    set_rate("account", "2/hour")

    def fail_logins(username):
        return [log_in(username, REMOTE_ADDR=f"203.0.113.{i}").status_code for i in range(3)]

    return fail_logins


def test_failed_logins_are_throttled_by_account(fail_logins, log_in, staff, user):
    assert fail_logins(staff.username) == [200, 200, 429]
    assert log_in(user.username).status_code == 200


def test_unknown_usernames_are_throttled_like_accounts(fail_logins, log_in, staff, pass_time):
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
    for _ in range(3):
        assert log_in(staff.username, password).status_code == 302
    assert fail_logins(staff.username) == [200, 200, 429]


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


def test_account_throttle_can_be_turned_off(fail_logins, log_in, set_rate, staff, password):
    fail_logins(staff.username)
    set_rate("account", None)
    assert log_in(staff.username).status_code == 200
    assert log_in(staff.username, password).status_code == 302


def test_authentication_requires_username_and_password(user):
    assert authenticate(username=user.username) is None
    assert authenticate(password="x") is None
