from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from authentication.jwt import RefreshToken


@pytest.mark.django_db(transaction=True)
def test_concurrent_refresh_succeeds_once(
    refresh_token, get_me, refresh, assert_unauthorized, monkeypatch
):
    # Every thread finds the token unused before the first one uses it.
    all_have_checked = Barrier(5, timeout=10)
    check_blacklist = RefreshToken.check_blacklist

    def check_and_wait(token):
        check_blacklist(token)
        all_have_checked.wait()

    def refresh_in_thread(_):
        try:
            return refresh(refresh_token)
        finally:
            connection.close()

    with monkeypatch.context() as patch, ThreadPoolExecutor(5) as pool:
        patch.setattr(RefreshToken, "check_blacklist", check_and_wait)
        responses = list(pool.map(refresh_in_thread, range(5)))
    success, *failures = sorted(responses, key=lambda response: response.status_code)
    assert success.status_code == 200
    for response in failures:
        assert_unauthorized(response)
    assert get_me(success.json()["access"]).status_code == 200
    assert refresh(success.json()["refresh"]).status_code == 200


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
