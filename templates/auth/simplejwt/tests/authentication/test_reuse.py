from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken

from authentication.jwt import RefreshToken


@pytest.fixture
def other_login(user):
    """Return a refresh token of the user from another login."""
    return str(RefreshToken.for_user(user))


@pytest.fixture
def new_token(refresh_token, refresh):
    """Exchange the refresh token; return the new one."""
    return refresh(refresh_token).json()["refresh"]


@pytest.fixture
def let_time_pass():
    """Return a function that lets refresh tokens be exchanged or blacklisted earlier."""

    def let_time_pass(seconds):
        earlier = timezone.now() - timedelta(seconds=seconds)
        assert BlacklistedToken.objects.update(blacklisted_at=earlier)

    return let_time_pass


def test_reuse_revokes_every_refresh_token_of_the_user(
    other_user, refresh_token, new_token, other_login, refresh, let_time_pass, assert_unauthorized
):
    token_of_other_user = str(RefreshToken.for_user(other_user))
    let_time_pass(11)
    for token in (refresh_token, new_token, other_login):
        assert_unauthorized(refresh(token))
    assert refresh(token_of_other_user).status_code == 200


def test_reuse_revokes_tokens_after_several_exchanges(
    refresh_token, new_token, refresh, let_time_pass, assert_unauthorized
):
    newest_token = refresh(new_token).json()["refresh"]
    let_time_pass(11)
    assert_unauthorized(refresh(refresh_token))
    assert_unauthorized(refresh(newest_token))


def test_reuse_within_10_seconds_revokes_nothing(
    refresh_token, new_token, other_login, refresh, let_time_pass, assert_unauthorized
):
    let_time_pass(5)
    assert_unauthorized(refresh(refresh_token))
    assert refresh(new_token).status_code == 200
    assert refresh(other_login).status_code == 200


def test_reuse_is_logged_without_token(
    refresh_token, new_token, user, refresh, let_time_pass, caplog
):
    refresh(refresh_token)
    assert "reused" not in caplog.text
    let_time_pass(11)
    refresh(refresh_token)
    assert f"A refresh token of user {user.pk} was reused." in caplog.text
    assert refresh_token not in caplog.text


@pytest.mark.parametrize("name", ["verify", "blacklist"])
def test_only_refresh_counts_as_use(
    request, refresh_token, new_token, refresh, let_time_pass, name, assert_unauthorized
):
    let_time_pass(11)
    assert_unauthorized(request.getfixturevalue(name)(refresh_token))
    assert refresh(new_token).status_code == 200


def test_use_of_blacklisted_token_revokes_nothing(
    refresh_token, other_login, refresh, blacklist, let_time_pass, assert_unauthorized
):
    assert blacklist(refresh_token).status_code == 200
    let_time_pass(11)
    assert_unauthorized(refresh(refresh_token))
    assert refresh(other_login).status_code == 200


def test_use_of_access_token_as_refresh_token_revokes_nothing(
    access_token, new_token, refresh, let_time_pass, assert_unauthorized
):
    let_time_pass(11)
    assert_unauthorized(refresh(access_token))
    assert refresh(new_token).status_code == 200


def reuse(refresh_token, new_token, user_client, refresh):
    assert refresh(refresh_token).status_code == 401


def log_out_everywhere(refresh_token, new_token, user_client, refresh):
    assert user_client.post(reverse("logout-all")).status_code == 204


@pytest.mark.parametrize("revoke", [reuse, log_out_everywhere])
def test_reuse_does_not_revoke_login_after_revocation(
    user,
    user_client,
    refresh_token,
    new_token,
    refresh,
    let_time_pass,
    revoke,
    assert_unauthorized,
):
    # Otherwise a stolen token could log the user out again and again.
    let_time_pass(11)
    revoke(refresh_token, new_token, user_client, refresh)
    later_login = str(RefreshToken.for_user(user))
    let_time_pass(11)
    assert_unauthorized(refresh(refresh_token))
    assert_unauthorized(refresh(new_token))
    assert refresh(later_login).status_code == 200


def test_reuse_does_not_revoke_login_after_password_change(
    user, new_password, refresh_token, new_token, refresh, let_time_pass, assert_unauthorized
):
    let_time_pass(11)
    user.set_password(new_password)
    user.save()
    later_login = str(RefreshToken.for_user(user))
    assert_unauthorized(refresh(refresh_token))
    assert refresh(later_login).status_code == 200
