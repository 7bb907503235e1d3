import re
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse, reverse_lazy
from djoser.utils import encode_uid

from accounts.models import User

CONFIRM_URL = reverse_lazy("user-reset-password-confirm")
LOGIN_URL = reverse_lazy("login")
ME_URL = reverse_lazy("me")
RESET_URL = reverse_lazy("user-reset-password")


@pytest.fixture
def confirmation(user, new_password):
    """Return what the front end sends when a user follows the link."""
    return {
        "uid": encode_uid(user.pk),
        "token": default_token_generator.make_token(user),
        "new_password": new_password,
    }


def test_link_in_email_resets_password(api_client, user, credentials, new_password, settings):
    response = api_client.post(RESET_URL, {"email": user.email})
    assert response.status_code == 204
    assert not response.content
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert message.from_email == settings.DEFAULT_FROM_EMAIL
    link = re.escape(settings.FRONTEND_URL) + r"/password-reset/([^/\s]+)/(\S+)"
    uid, token = re.search(link, message.body).groups()
    response = api_client.post(
        CONFIRM_URL, {"uid": uid, "token": token, "new_password": new_password}
    )
    assert response.status_code == 204
    assert not response.content
    response = api_client.post(LOGIN_URL, credentials | {"password": new_password})
    assert response.status_code == 200


def test_link_leads_to_front_end_whatever_host_header(api_client, user, settings):
    settings.ALLOWED_HOSTS = ["*"]
    api_client.post(RESET_URL, {"email": user.email}, HTTP_HOST="evil.example")
    (message,) = mail.outbox
    html, _ = message.alternatives[0]
    for text in (message.subject, message.body, html):
        assert "evil.example" not in text
    links = re.findall(r"([\w.:/]*)/password-reset/", message.body + html)
    assert set(links) == {settings.FRONTEND_URL}


def test_only_html_part_of_email_is_escaped(api_client, user, settings):
    settings.DJOSER = settings.DJOSER | {"EMAIL_FRONTEND_SITE_NAME": "Ursula's <API>"}
    api_client.post(RESET_URL, {"email": user.email})
    (message,) = mail.outbox
    html, _ = message.alternatives[0]
    assert message.subject == "Password reset on Ursula's <API>"
    assert "The Ursula's <API> team" in message.body
    assert "<API>" not in html


@pytest.mark.parametrize("change_case", [str.upper, str.title])
def test_password_reset_ignores_case_of_email_address(api_client, user, change_case):
    assert api_client.post(RESET_URL, {"email": change_case(user.email)}).status_code == 204
    (message,) = mail.outbox
    assert message.to == [user.email]


@pytest.mark.parametrize(
    ("username", "emails"), [("active", 1), ("inactive", 0), ("passwordless", 0), ("unknown", 0)]
)
def test_password_reset_does_not_reveal_whose_address_it_is(
    api_client, db, password, username, emails
):
    User.objects.create_user("active", "active@example.com", password)
    User.objects.create_user("inactive", "inactive@example.com", password, is_active=False)
    User.objects.create_user("passwordless", "passwordless@example.com")
    response = api_client.post(RESET_URL, {"email": f"{username}@example.com"})
    assert response.status_code == 204
    assert not response.content
    assert len(mail.outbox) == emails


@pytest.mark.parametrize(
    "error",
    [SMTPServerDisconnected(), SMTPRecipientsRefused({}), ConnectionRefusedError(), UnicodeError()],
    ids=repr,
)
def test_failure_to_send_email_is_only_logged(api_client, user, monkeypatch, caplog, error):
    def fail(*args):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    response = api_client.post(RESET_URL, {"email": user.email})
    assert response.status_code == 204
    assert not response.content
    assert "Could not send a password reset email." in caplog.text


@pytest.mark.parametrize(
    "email", ["", None, [], "nobody", "a\0b@example.com", "x@example.com\nBcc: y@example.com"]
)
def test_password_reset_rejects_invalid_email_address(api_client, user, email):
    response = api_client.post(RESET_URL, {"email": email})
    assert response.status_code == 400
    assert response.json().keys() == {"email"}
    assert not mail.outbox


def test_password_reset_is_throttled(api_client, user):
    form = {"email": "nobody@example.com"}
    codes = [
        api_client.post(RESET_URL, form, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code
        for i in range(11)
    ]
    assert codes == [204] * 10 + [429]
    throttled = api_client.post(RESET_URL, {"email": user.email})
    assert int(throttled["Retry-After"]) > 0
    assert not mail.outbox


def test_password_reset_is_throttled_for_authenticated_user(user_client, user):
    codes = [user_client.post(RESET_URL, {"email": user.email}).status_code for _ in range(11)]
    assert codes == [204] * 10 + [429]


def test_password_reset_throttle_counts_in_shared_cache(api_client, db):
    api_client.post(RESET_URL, {"email": "nobody@example.com"})
    assert cache.get("throttle_login_127.0.0.1") == 1


def test_password_reset_ignores_stale_token(stale_client, user, confirmation):
    assert stale_client.post(RESET_URL, {"email": user.email}).status_code == 204
    assert stale_client.post(CONFIRM_URL, confirmation).status_code == 204


@pytest.mark.parametrize("route", ["user-reset-password", "user-reset-password-confirm"])
def test_password_reset_allows_only_post(api_client, db, route):
    response = api_client.get(reverse(route))
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"


def test_password_reset_revokes_token(api_client, user_client, confirmation):
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 204
    assert user_client.get(ME_URL).status_code == 401


def test_password_reset_does_not_log_in(api_client, confirmation):
    response = api_client.post(CONFIRM_URL, confirmation)
    assert not response.cookies
    assert api_client.get(ME_URL).status_code == 401


def test_link_works_once(api_client, user, confirmation, new_password):
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 204
    confirmation["new_password"] = "another-battery-horse"
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 400
    user.refresh_from_db()
    assert user.check_password(new_password)


def test_login_invalidates_link(api_client, confirmation, credentials):
    assert api_client.post(LOGIN_URL, credentials).status_code == 200
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 400


def test_link_expires(api_client, confirmation, settings, monkeypatch):
    later = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 1)  # noqa: DTZ005
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 400


def test_link_of_other_user_is_rejected(api_client, other_user, confirmation, password):
    confirmation["uid"] = encode_uid(other_user.pk)
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 400
    other_user.refresh_from_db()
    assert other_user.check_password(password)


def test_link_of_inactive_user_is_rejected(api_client, user, confirmation, password):
    user.is_active = False
    user.save()
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 400
    user.refresh_from_db()
    assert not user.is_active
    assert user.check_password(password)


def test_rejected_link_does_not_reveal_whether_user_exists(api_client, user, confirmation):
    confirmation["token"] = "wrong"
    known = api_client.post(CONFIRM_URL, confirmation)
    unknown = api_client.post(CONFIRM_URL, confirmation | {"uid": encode_uid(user.pk + 1)})
    assert known.status_code == unknown.status_code == 400
    assert known.content == unknown.content


@pytest.mark.parametrize(
    "uid", [1, "1", "=", "x" * 10_000, *map(encode_uid, ("-1", "9" * 30, "9" * 5_000, "\0", "é"))]
)
def test_malformed_uid_is_rejected(api_client, confirmation, uid):
    response = api_client.post(CONFIRM_URL, confirmation | {"uid": uid})
    assert response.status_code == 400
    assert response.json().keys() == {"token"}


@pytest.mark.parametrize("token", [1, 1.5, "1", "a-b", "-", "x" * 10_000, "é-é"])
def test_malformed_token_is_rejected(api_client, confirmation, token):
    response = api_client.post(CONFIRM_URL, confirmation | {"token": token})
    assert response.status_code == 400
    assert response.json().keys() == {"token"}


@pytest.mark.parametrize("field", ["uid", "token", "new_password"])
@pytest.mark.parametrize("value", ["", None, [], {}, True, "a\0b"], ids=repr)
def test_invalid_field_is_rejected(api_client, confirmation, field, value):
    response = api_client.post(CONFIRM_URL, confirmation | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}


@pytest.mark.parametrize("weak", ["Tr0ub4d", "password123", "7318463219", "{username}12"])
def test_weak_password_is_rejected_and_link_stays_valid(api_client, user, confirmation, weak):
    weak_password = weak.format(username=user.username)
    response = api_client.post(CONFIRM_URL, confirmation | {"new_password": weak_password})
    assert response.status_code == 400
    assert response.json().keys() == {"new_password"}
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 204


def test_password_reset_does_not_strip_spaces(api_client, user, confirmation):
    confirmation["new_password"] = f" {confirmation['new_password']} "
    assert api_client.post(CONFIRM_URL, confirmation).status_code == 204
    user.refresh_from_db()
    assert user.check_password(confirmation["new_password"])
