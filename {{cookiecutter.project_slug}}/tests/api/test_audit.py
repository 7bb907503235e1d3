import logging

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse, reverse_lazy

from api.audit import log_on_commit

# Changes are logged when the transaction is committed.
commits = pytest.mark.django_db(transaction=True)

ME_URL = reverse_lazy("me")


@commits
def test_login_and_logout_in_admin_are_logged(client, staff, password, logged_events):
    credentials = {"username": staff.username, "password": password}
    client.post(reverse("admin:login"), credentials, HTTP_X_REQUEST_ID="login-1")
    assert logged_events("login") == [(staff.pk, "login-1")]
    client.post(reverse("admin:logout"), HTTP_X_REQUEST_ID="logout-1")
    assert logged_events("logout") == [(staff.pk, "logout-1")]
    assert not logged_events("login_failed")


@commits
def test_logout_of_anonymous_client_is_not_logged(client, logged_events):
    client.logout()
    assert not logged_events("logout")


def test_failed_login_is_logged_with_id_of_user(log_in, other_user, user, log, logged_events):
    response = log_in(user.username, "hidden")
    assert logged_events("login_failed") == [(user.pk, response["X-Request-ID"])]
    assert not logged_events("login")
    assert "hidden" not in str(log())
    assert user.username not in str(log())


def test_failed_login_of_unknown_user_is_logged_without_username(log_in, user, log, logged_events):
    response = log_in("hidden")
    assert logged_events("login_failed") == [(None, response["X-Request-ID"])]
    assert "hidden" not in str(log())


def test_throttled_login_is_logged(log_in, set_rate, logged_events):
    set_rate("login", "1/min")
    log_in()
    assert not logged_events("throttled")
    response = log_in()
    assert logged_events("throttled") == [(None, response["X-Request-ID"])]


def test_throttled_request_is_logged_with_user(user_client, user, set_rate, logged_events):
    set_rate("user", "1/min")
    cache.clear()
    user_client.get(ME_URL)
    assert not logged_events("throttled")
    response = user_client.get(ME_URL)
    assert response.status_code == 429
    assert logged_events("throttled") == [(user.pk, response["X-Request-ID"])]


def test_denied_page_of_admin_is_logged_with_user(client, staff, logged_events):
    client.force_login(staff)
    response = client.get(reverse("admin:accounts_user_changelist"))
    assert response.status_code == 403
    assert logged_events("access_denied") == [(staff.pk, response["X-Request-ID"])]


def test_failed_csrf_check_is_logged(db, logged_events):
    response = Client(enforce_csrf_checks=True).post(reverse("admin:login"))
    assert response.status_code == 403
    assert logged_events("access_denied") == [(None, response["X-Request-ID"])]


def test_allowed_request_is_not_logged(user_client, api_client, log):
    user_client.get(ME_URL)
    api_client.get(ME_URL)
    api_client.get("/api/v1/nowhere/")
    assert {line["name"] for line in log()} == {"api.requests"}


@commits
def test_password_change_in_admin_is_logged(client, staff, password, log, logged_events):
    client.force_login(staff)
    form = {"old_password": password, "new_password1": "hidden-staple"}
    form["new_password2"] = form["new_password1"]
    response = client.post(reverse("admin:password_change"), form)
    assert response.status_code == 302
    assert logged_events("password_changed") == [(staff.pk, response["X-Request-ID"])]
    assert "hidden" not in str(log())
    assert password not in str(log())


@commits
def test_password_change_is_logged_unless_it_is_rolled_back(user, new_password, logged_events):
    user.set_password(new_password)
    user.save()
    assert logged_events("password_changed") == [(user.pk, None)]
    with transaction.atomic():
        user.set_password("horse-battery-staple")
        user.save()
        transaction.set_rollback(True)
    assert len(logged_events("password_changed")) == 1


def test_event_is_logged_with_its_fields_on_commit(db, log, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        log_on_commit("key_created", None, prefix="abc")
        assert log() == []
    (line,) = log()
    assert (line["event"], line["prefix"]) == ("key_created", "abc")


def test_events_are_logged_whatever_log_level(log_in, log):
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.CRITICAL)
    log_in()
    root.setLevel(level)
    (line,) = log()
    assert line["message"] == "login_failed, user None"
