import gc
import re
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Event

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.core.signals import request_finished
from django.urls import reverse_lazy
from rest_framework.exceptions import ValidationError

from accounts.models import User
from api.middleware import current_request_id
from authentication.mail import executor
from authentication.serializers import PasswordResetConfirmSerializer, PasswordResetSerializer

LOGIN_URL = reverse_lazy("login")


def wait_for_emails():
    """Wait until the background thread has sent all emails."""
    executor.submit(lambda: None).result(timeout=30)


@pytest.fixture(autouse=True)
def no_email_for_next_test():
    yield
    wait_for_emails()


@pytest.fixture
def request_reset(api_client, password_reset_url):
    """Return a function that asks for a link; it returns the response and the emails sent."""

    def request_reset(email, **extra):
        response = api_client.post(password_reset_url, {"email": email}, **extra)
        wait_for_emails()
        return response, mail.outbox

    return request_reset


def assert_accepted(response):
    assert response.status_code == 204
    assert not response.content


def find_link(text, settings):
    """Return the uid and the token of the link."""
    link = re.escape(settings.FRONTEND_URL) + r"/password-reset/([^/\s]+)/(\S+)"
    return re.search(link, text).groups()


def test_link_in_email_resets_password(
    api_client,
    request_reset,
    password_reset_confirm_url,
    user,
    credentials,
    new_password,
    settings,
):
    response, (message,) = request_reset(user.email)
    assert_accepted(response)
    assert message.to == [user.email]
    assert message.from_email == settings.DEFAULT_FROM_EMAIL
    uid, token = find_link(message.body, settings)
    confirmation = {"uid": uid, "token": token, "new_password": new_password}
    assert_accepted(api_client.post(password_reset_confirm_url, confirmation))
    response = api_client.post(LOGIN_URL, credentials | {"password": new_password})
    assert response.status_code == 200


def test_email_is_prepared_after_the_response(request_reset, user):
    emails_before = []

    def count_emails(**kwargs):
        wait_for_emails()
        emails_before.append(len(mail.outbox))

    request_finished.connect(count_emails)
    _, emails = request_reset(user.email)
    assert emails_before == [0]
    assert len(emails) == 1


def test_garbage_collection_before_end_of_request_keeps_email(request_reset, user, monkeypatch):
    monkeypatch.setattr("authentication.serializers.log_event", lambda *args: gc.collect())
    _, emails = request_reset(user.email)
    assert len(emails) == 1


def test_email_is_sent_once_if_requests_end_together(request_reset, user):
    def end_other_request(**kwargs):
        request_finished.disconnect(end_other_request)
        request_finished.send(None)

    request_finished.connect(end_other_request)
    _, emails = request_reset(user.email)
    assert len(emails) == 1


def test_link_leads_to_front_end_whatever_host_header(request_reset, user, settings):
    settings.ALLOWED_HOSTS = ["*"]
    _, (message,) = request_reset(user.email, HTTP_HOST="evil.example")
    for text in (message.subject, message.body):
        assert "evil.example" not in text
    links = re.findall(r"([\w.:/]*)/password-reset/", message.body)
    assert set(links) == {settings.FRONTEND_URL}


def test_email_is_plain_text_that_is_not_escaped(request_reset, user, settings):
    settings.PROJECT_NAME = "Ursula's <API>"
    _, (message,) = request_reset(user.email)
    assert settings.PROJECT_NAME in message.subject
    assert settings.PROJECT_NAME in message.body
    assert user.username in message.body
    assert not message.alternatives


@pytest.mark.parametrize("change_case", [str.upper, str.title])
def test_password_reset_ignores_case_of_email_address(request_reset, user, change_case):
    response, (message,) = request_reset(change_case(user.email))
    assert_accepted(response)
    assert message.to == [user.email]


@pytest.mark.parametrize(
    ("username", "emails"), [("active", 1), ("inactive", 0), ("passwordless", 0), ("unknown", 0)]
)
def test_password_reset_does_not_reveal_whose_address_it_is(
    request_reset, db, password, username, emails
):
    User.objects.create_user("active", "active@example.com", password)
    User.objects.create_user("inactive", "inactive@example.com", password, is_active=False)
    User.objects.create_user("passwordless", "passwordless@example.com")
    response, sent = request_reset(f"{username}@example.com")
    assert_accepted(response)
    assert len(sent) == emails


def test_response_does_not_wait_for_mail_server(api_client, password_reset_url, user, monkeypatch):
    responded = Event()
    waits = []
    monkeypatch.setattr(
        EmailBackend, "send_messages", lambda *args: waits.append(responded.wait(5))
    )
    assert_accepted(api_client.post(password_reset_url, {"email": user.email}))
    responded.set()
    wait_for_emails()
    assert waits == [True]


@pytest.mark.parametrize(
    "error",
    [SMTPServerDisconnected(), SMTPRecipientsRefused({}), ConnectionRefusedError(), UnicodeError()],
    ids=repr,
)
def test_failure_to_send_email_is_only_logged(request_reset, user, monkeypatch, caplog, error):
    request_ids = []

    def fail(*args):
        request_ids.append(current_request_id.get())
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    response, _ = request_reset(user.email)
    assert_accepted(response)
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "Could not send a password reset email" in record.getMessage()
    assert type(error).__name__ in record.getMessage()
    assert request_ids == [response["X-Request-ID"]]


def test_link_is_not_logged_if_mail_server_quotes_it(
    request_reset, user, monkeypatch, caplog, settings
):
    bodies = []

    def reject(backend, messages):
        bodies.append(messages[0].body)
        raise SMTPDataError(554, f"Rejected as spam: {bodies[0]}")

    monkeypatch.setattr(EmailBackend, "send_messages", reject)
    request_reset(user.email)
    _, token = find_link(bodies[0], settings)
    assert "Could not send a password reset email" in caplog.text
    assert token not in caplog.text
    assert user.email not in caplog.text


@pytest.mark.parametrize(
    "email", ["", None, [], "nobody", "a\0b@example.com", "x@example.com\nBcc: y@example.com"]
)
def test_password_reset_rejects_invalid_email_address(request_reset, user, email):
    response, sent = request_reset(email)
    assert response.status_code == 400
    assert response.json().keys() == {"email"}
    assert not sent


def test_password_reset_is_throttled(request_reset, user, set_rate):
    set_rate("login", "2/min")
    codes = [
        request_reset("nobody@example.com", HTTP_X_FORWARDED_FOR=f"203.0.113.{i}")[0].status_code
        for i in range(3)
    ]
    assert codes == [204, 204, 429]
    throttled, sent = request_reset(user.email)
    assert int(throttled["Retry-After"]) > 0
    assert not sent


def test_password_reset_is_throttled_for_authenticated_user(
    user_client, user, password_reset_url, set_rate
):
    set_rate("login", "2/min")
    codes = [
        user_client.post(password_reset_url, {"email": user.email}).status_code for _ in range(3)
    ]
    assert codes == [204, 204, 429]


def test_password_reset_throttle_counts_in_shared_cache(request_reset, db, set_rate):
    set_rate("login", "2/min")
    codes = [request_reset("nobody@example.com")[0].status_code for _ in range(3)]
    assert codes == [204, 204, 429]
    cache.clear()
    assert_accepted(request_reset("nobody@example.com")[0])


def test_password_reset_ignores_stale_credentials(stale_client, user, password_reset_url):
    assert_accepted(stale_client.post(password_reset_url, {"email": user.email}))


def test_password_reset_allows_only_post(api_client, db, password_reset_url):
    response = api_client.get(password_reset_url)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"


def test_serializers_of_reset_have_the_request(
    api_client, db, password_reset_url, password_reset_confirm_url, monkeypatch
):
    def reject(self, data):
        raise ValidationError({"path": self.context["request"].path})

    for url, serializer in (
        (password_reset_url, PasswordResetSerializer),
        (password_reset_confirm_url, PasswordResetConfirmSerializer),
    ):
        monkeypatch.setattr(serializer, "to_internal_value", reject)
        assert api_client.post(url, {}).json() == {"path": url}
