import re
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.urls import reverse_lazy
from django.utils import timezone

SESSION_URL = reverse_lazy("headless:app:account:current_session")
SESSIONS_URL = reverse_lazy("headless:app:usersessions:sessions")
SIGNUP_URL = reverse_lazy("headless:browser:account:signup")
ME_URL = reverse_lazy("me")


def test_user_lists_and_ends_sessions(log_in_app, logged_in_app):
    other_app = log_in_app()
    sessions = logged_in_app.get(SESSIONS_URL).json()["data"]
    assert sorted(session["is_current"] for session in sessions) == [False, True]
    assert {session["ip"] for session in sessions} == {"127.0.0.1"}

    (other,) = (session["id"] for session in sessions if not session["is_current"])
    assert logged_in_app.delete(SESSIONS_URL, {"sessions": [other]}).status_code == 200
    assert other_app.get(ME_URL).status_code == 401
    assert other_app.patch(ME_URL, {"first_name": "x"}).status_code == 401
    assert logged_in_app.get(ME_URL).status_code == 200


def test_logout_ends_session_and_keeps_others(log_in_app, logged_in_app):
    other_app = log_in_app()
    assert logged_in_app.delete(SESSION_URL).status_code == 401
    assert logged_in_app.get(ME_URL).status_code == 401
    assert other_app.get(ME_URL).status_code == 200
    assert Session.objects.count() == 1


def test_user_cannot_end_sessions_of_others(logged_in_app, other_user, login_as):
    key = login_as(other_user)._credentials["HTTP_X_SESSION_TOKEN"]
    session = UserSession.objects.create(user=other_user, ip="127.0.0.1", session_key=key)
    assert logged_in_app.delete(SESSIONS_URL, {"sessions": [session.pk]}).status_code == 400
    assert Session.objects.count() == 2


def test_login_changes_session_key(browser, log_in_browser, account):
    browser.post(SIGNUP_URL, account)
    old_key = browser.cookies["sessionid"].value
    log_in_browser()
    assert browser.cookies["sessionid"].value != old_key
    assert not Session.objects.filter(session_key=old_key).exists()


def test_session_keys_are_random(log_in_app):
    keys = {log_in_app()._credentials["HTTP_X_SESSION_TOKEN"] for _ in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch("[a-z0-9]{32}", key) for key in keys)


def test_session_ends_two_weeks_after_login(logged_in_app):
    session = Session.objects.get()
    assert timedelta(days=13) < session.expire_date - timezone.now() <= timedelta(days=14)
    assert logged_in_app.patch(ME_URL, {"first_name": "x"}).status_code == 200
    assert Session.objects.get().expire_date == session.expire_date


def test_sessions_require_authentication(app):
    assert app.get(SESSIONS_URL).status_code == 401
