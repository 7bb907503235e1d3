from datetime import datetime, timedelta
from threading import Event

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse_lazy

REQUEST_URL = reverse_lazy("headless:app:account:request_password_reset")
RESET_URL = reverse_lazy("headless:app:account:reset_password")
LOGIN_URL = reverse_lazy("headless:app:account:login")
ME_URL = reverse_lazy("me")


@pytest.fixture
def key(app, verified_user, read_key):
    """Return the key of a link to reset the password."""
    assert app.post(REQUEST_URL, {"email": verified_user.email}).status_code == 200
    return read_key()


def test_password_reset_revokes_every_session(
    app, log_in_app, login_as, verified_user, read_key, new_password
):
    clients = [log_in_app(), login_as(verified_user)]
    app.post(REQUEST_URL, {"email": verified_user.email})
    key = read_key()
    assert app.get(RESET_URL, HTTP_X_PASSWORD_RESET_KEY=key).status_code == 200
    response = app.post(RESET_URL, {"key": key, "password": new_password})
    assert response.status_code == 401  # the user has to log in
    assert [client.get(ME_URL).status_code for client in [app, *clients]] == [401] * 3
    credentials = {"username": verified_user.username, "password": new_password}
    assert app.post(LOGIN_URL, credentials).status_code == 200


def test_link_works_once(app, key, verified_user, new_password, password):
    assert app.post(RESET_URL, {"key": key, "password": new_password}).status_code == 401
    assert app.post(RESET_URL, {"key": key, "password": password}).status_code == 400
    verified_user.refresh_from_db()
    assert verified_user.check_password(new_password)


def test_link_expires_after_an_hour(app, key, new_password, monkeypatch):
    now = datetime.now()  # noqa: DTZ005 -- as Django does
    for age, status in ((timedelta(minutes=59), 200), (timedelta(minutes=61), 400)):
        later = now + age
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self, now=later: now)
        response = app.get(RESET_URL, HTTP_X_PASSWORD_RESET_KEY=key)
        assert response.status_code == status
    assert app.post(RESET_URL, {"key": key, "password": new_password}).status_code == 400


@pytest.mark.parametrize("change", [lambda key: "x", lambda key: f"zz{key}", lambda key: f"{key}x"])
def test_malformed_link_is_rejected(app, key, new_password, change):
    assert app.post(RESET_URL, {"key": change(key), "password": new_password}).status_code == 400


@pytest.mark.parametrize("password", ["Tr0ub4d", "password123", "ursula12"])
def test_weak_password_is_rejected_and_link_stays_valid(app, key, new_password, password):
    assert app.post(RESET_URL, {"key": key, "password": password}).status_code == 400
    assert app.post(RESET_URL, {"key": key, "password": new_password}).status_code == 401


def test_reset_does_not_tell_whether_address_is_known(app, verified_user, other_user, outbox):
    other_user.is_active = False
    other_user.save()
    addresses = [verified_user.email, other_user.email, "nobody@example.com"]
    responses = [app.post(REQUEST_URL, {"email": address}) for address in addresses]
    assert {(response.status_code, response.content) for response in responses} == {
        (200, responses[0].content)
    }
    assert [message.to for message in outbox()] == [[address] for address in addresses]
    links = ["/password-reset/" in message.body for message in outbox()]
    assert links == [True, False, False]


def test_reset_is_throttled_by_account(app, verified_user, outbox):
    codes = [app.post(REQUEST_URL, {"email": verified_user.email}).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    assert len(outbox()) == 5


def test_response_does_not_wait_for_mail_server(app, verified_user, outbox, monkeypatch):
    responded = Event()
    waits = []
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages",
        lambda *args: waits.append(responded.wait(5)),
    )
    assert app.post(REQUEST_URL, {"email": verified_user.email}).status_code == 200
    responded.set()
    outbox()
    assert waits == [True]


def test_failure_to_send_is_logged_without_secrets(app, verified_user, outbox, log, monkeypatch):
    def fail(*args):
        raise OSError("hidden")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    response = app.post(REQUEST_URL, {"email": verified_user.email})
    assert response.status_code == 200
    assert outbox() == []
    (error,) = [line for line in log() if line["levelname"] == "ERROR"]
    assert error["message"] == "Could not send an email: OSError"
    assert error["request_id"] == response["X-Request-ID"]
    assert "hidden" not in str(log())


def test_email_is_plain_text_that_is_not_escaped(app, verified_user, outbox, settings):
    settings.PROJECT_NAME = "Ships & <Boats>"
    app.post(REQUEST_URL, {"email": verified_user.email})
    assert settings.PROJECT_NAME in outbox()[0].body
    assert not outbox()[0].alternatives
