import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import reverse, reverse_lazy

from accounts.models import User
from api.throttling import AccountThrottle
from authentication.jwt import RefreshToken

LOGIN_URL = reverse_lazy("login")


def test_login_returns_access_and_refresh_token(api_client, user, credentials, get_me, refresh):
    response = api_client.post(LOGIN_URL, credentials)
    assert response.status_code == 200
    assert response.json().keys() == {"access", "refresh"}
    assert get_me(response.json()["access"]).json()["username"] == user.username
    assert refresh(response.json()["refresh"]).status_code == 200


def test_tokens_are_not_logged(api_client, credentials, get_me, refresh, verify, blacklist, log):
    old = api_client.post(LOGIN_URL, credentials).json()
    new = refresh(old["refresh"]).json()
    requests = (get_me(new["access"]), verify(new["access"]), blacklist(new["refresh"]))
    assert [response.status_code for response in requests] == [200, 200, 200]
    assert refresh(new["refresh"]).status_code == 401
    for token in [*old.values(), *new.values()]:
        assert token.rpartition(".")[2] not in str(log())


def test_login_does_not_strip_spaces_from_password(api_client, user, credentials):
    user.set_password(" pass phrase ")
    user.save()
    for password, status in ((" pass phrase ", 200), ("pass phrase", 401)):
        response = api_client.post(LOGIN_URL, credentials | {"password": password})
        assert response.status_code == status


def test_failed_login_does_not_reveal_reason(
    api_client, credentials, other_user, assert_unauthorized
):
    other_user.is_active = False
    other_user.save()
    bodies = []
    for change in (
        {"password": "wrong"},
        {"username": "nobody", "password": "wrong"},
        {"username": other_user.username},
    ):
        response = api_client.post(LOGIN_URL, credentials | change)
        assert_unauthorized(response)
        bodies.append(response.json())
    assert bodies == [bodies[0]] * 3


def test_failed_login_hashes_one_password(
    api_client, db, password, assert_unauthorized, monkeypatch
):
    # Otherwise the response time would reveal whether a user exists.
    inactive = User.objects.create_user("inactive", password=password, is_active=False)
    without_password = User.objects.create_user("service")
    hashes = []
    encode = MD5PasswordHasher.encode

    def count(*args):
        hashes.append(args)
        return encode(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    for username in ("nobody", inactive.username, without_password.username):
        hashes.clear()
        credentials = {"username": username, "password": password}
        assert_unauthorized(api_client.post(LOGIN_URL, credentials))
        assert len(hashes) == 1


def test_login_throttle_ignores_forwarded_address(api_client, credentials, set_rate):
    set_rate("login", "2/min")
    wrong = credentials | {"password": "wrong"}
    codes = [
        api_client.post(LOGIN_URL, wrong, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code
        for i in range(3)
    ]
    assert codes == [401, 401, 429]
    response = api_client.post(LOGIN_URL, credentials)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_login_throttle_is_per_address(api_client, db, set_rate):
    set_rate("login", "1/min")
    wrong = {"username": "nobody", "password": "wrong"}
    codes = [api_client.post(LOGIN_URL, wrong).status_code for _ in range(2)]
    assert codes == [401, 429]
    assert api_client.post(LOGIN_URL, wrong, REMOTE_ADDR="203.0.113.1").status_code == 401


def test_failed_logins_do_not_affect_refresh(
    api_client, credentials, refresh_token, refresh, monkeypatch
):
    monkeypatch.setitem(AccountThrottle.THROTTLE_RATES, "account", "1/hour")
    assert api_client.post(LOGIN_URL, credentials | {"password": "wrong"}).status_code == 401
    assert api_client.post(LOGIN_URL, credentials).status_code == 429
    assert refresh(refresh_token).status_code == 200


def delete(users):
    users.get().delete()


def deactivate(users):
    users.update(is_active=False)


def change_password(users):
    users.update(password="unusable")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["login", "token-refresh"])
@pytest.mark.parametrize("revoke", [delete, deactivate, change_password])
def test_tokens_are_invalid_if_access_is_revoked_before_they_are_created(
    api_client,
    user,
    credentials,
    refresh_token,
    get_me,
    refresh,
    assert_unauthorized,
    monkeypatch,
    name,
    revoke,
):
    for_user = RefreshToken.for_user

    def revoke_first(*args, **kwargs):
        revoke(User.objects.filter(pk=user.pk))
        return for_user(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(RefreshToken, "for_user", revoke_first)
        response = api_client.post(reverse(name), credentials | {"refresh": refresh_token})
    if revoke is delete:
        assert_unauthorized(response)
    else:
        assert_unauthorized(get_me(response.json()["access"]))
        assert_unauthorized(refresh(response.json()["refresh"]))
