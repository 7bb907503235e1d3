import re
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from djoser.utils import encode_uid

from accounts.models import User
from config import env

URL = "/api/v1/auth/users/reset_password/"
CONFIRM = "/api/v1/auth/users/reset_password_confirm/"
ME = "/api/v1/me/"
NEW = "staple-battery-horse"


@pytest.fixture
def form(user):
    """What the page that the link leads to sends."""
    return {
        "uid": encode_uid(user.pk),
        "token": default_token_generator.make_token(user),
        "new_password": NEW,
    }


def test_forgotten_password_is_reset(api_client, user):
    response = api_client.post(URL, {"email": "ursula@example.com"})
    assert response.status_code == 204
    assert not response.content
    (message,) = mail.outbox
    assert message.to == ["ursula@example.com"]
    assert message.from_email == "api@example.com"
    uid, token = re.search(
        r"https://app\.example\.com/password-reset/([^/\s]+)/(\S+)", message.body
    ).groups()
    response = api_client.post(CONFIRM, {"uid": uid, "token": token, "new_password": NEW})
    assert response.status_code == 204
    assert not response.content
    login = {"username": "ursula", "password": NEW}
    assert api_client.post("/api/v1/auth/token/login/", login).status_code == 200


def test_link_leads_to_the_front_end_whatever_host_is_asked(api_client, user, settings):
    settings.ALLOWED_HOSTS = ["*"]
    api_client.post(URL, {"email": user.email}, HTTP_HOST="evil.example")
    (message,) = mail.outbox
    html, _ = message.alternatives[0]
    for text in (message.subject, message.body, html):
        assert "evil.example" not in text
    links = re.findall(r"([\w.:/]*)/password-reset/", message.body + html)
    assert set(links) == {"https://app.example.com"}


def test_text_of_the_mail_is_not_html(api_client, user, settings):
    settings.DJOSER = settings.DJOSER | {"EMAIL_FRONTEND_SITE_NAME": "Ursula's <API>"}
    api_client.post(URL, {"email": user.email})
    (message,) = mail.outbox
    html, _ = message.alternatives[0]
    assert message.subject == "Password reset on Ursula's <API>"
    assert "The Ursula's <API> team" in message.body
    assert "<API>" not in html


@pytest.mark.parametrize("email", ["URSULA@example.com", "ursula@EXAMPLE.com"])
def test_case_of_an_address_makes_no_difference(api_client, user, email):
    assert api_client.post(URL, {"email": email}).status_code == 204
    (message,) = mail.outbox
    assert message.to == ["ursula@example.com"]


@pytest.mark.parametrize("who", ["known", "unknown", "retired", "robot"])
def test_answer_does_not_tell_whose_address_it_is(api_client, db, password, who):
    User.objects.create_user("known", "known@example.com", password)
    User.objects.create_user("retired", "retired@example.com", password, is_active=False)
    User.objects.create_user("robot", "robot@example.com")
    response = api_client.post(URL, {"email": f"{who}@example.com"})
    assert response.status_code == 204
    assert not response.content
    assert len(mail.outbox) == (1 if who == "known" else 0)


@pytest.mark.parametrize(
    "error",
    [SMTPServerDisconnected(), SMTPRecipientsRefused({}), ConnectionRefusedError(), UnicodeError()],
    ids=repr,
)
def test_failure_to_send_does_not_tell_either(api_client, user, monkeypatch, caplog, error):
    def fail(*args):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    response = api_client.post(URL, {"email": user.email})
    assert response.status_code == 204
    assert not response.content
    assert "was not sent" in caplog.text


@pytest.mark.parametrize(
    "email", ["", None, [], "nobody", "a\0b@example.com", "ursula@example.com\nBcc: x@example.com"]
)
def test_reset_is_refused_for_a_bad_address(api_client, user, email):
    response = api_client.post(URL, {"email": email})
    assert response.status_code == 400
    assert response.json().keys() == {"email"}
    assert not mail.outbox


def test_mails_are_throttled(api_client, user):
    codes = [
        api_client.post(
            URL, {"email": "nobody@example.com"}, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}"
        ).status_code
        for i in range(11)
    ]
    assert codes == [204] * 10 + [429]
    refused = api_client.post(URL, {"email": user.email})
    assert int(refused["Retry-After"]) > 0
    assert not mail.outbox


def test_mails_are_throttled_for_callers_with_a_token_too(user_client, user):
    codes = [user_client.post(URL, {"email": user.email}).status_code for _ in range(11)]
    assert codes == [204] * 10 + [429]


def test_stale_token_does_not_get_in_the_way(api_client, user, form):
    api_client.credentials(HTTP_AUTHORIZATION="Token stale")
    assert api_client.post(URL, {"email": user.email}).status_code == 204
    assert api_client.post(CONFIRM, form).status_code == 204


@pytest.mark.parametrize("url", [URL, CONFIRM])
def test_it_is_only_posted(api_client, db, url):
    response = api_client.get(url)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"


def test_reset_ends_the_token(api_client, user_client, form):
    assert api_client.post(CONFIRM, form).status_code == 204
    assert user_client.get(ME).status_code == 401


def test_reset_does_not_log_in(api_client, form):
    response = api_client.post(CONFIRM, form)
    assert not response.cookies
    assert api_client.get(ME).status_code == 401


def test_link_works_once(api_client, user, form):
    assert api_client.post(CONFIRM, form).status_code == 204
    response = api_client.post(CONFIRM, form | {"new_password": "another-battery-horse"})
    assert response.status_code == 400
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_login_ends_the_link(api_client, form, password):
    login = {"username": "ursula", "password": password}
    api_client.post("/api/v1/auth/token/login/", login)
    assert api_client.post(CONFIRM, form).status_code == 400


def test_link_expires(api_client, user, form, settings, monkeypatch):
    later = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 1)  # noqa: DTZ005
    monkeypatch.setattr(default_token_generator, "_now", lambda: later)
    assert api_client.post(CONFIRM, form).status_code == 400


def test_links_of_others_do_not_fit(api_client, other_user, form, password):
    response = api_client.post(CONFIRM, form | {"uid": encode_uid(other_user.pk)})
    assert response.status_code == 400
    other_user.refresh_from_db()
    assert other_user.check_password(password)


def test_deactivated_user_cannot_use_a_link(api_client, user, form, password):
    user.is_active = False
    user.save()
    assert api_client.post(CONFIRM, form).status_code == 400
    user.refresh_from_db()
    assert not user.is_active
    assert user.check_password(password)


def test_refusal_does_not_tell_which_users_exist(api_client, user, form):
    form["token"] = "wrong"
    known = api_client.post(CONFIRM, form)
    unknown = api_client.post(CONFIRM, form | {"uid": encode_uid(user.pk + 1)})
    assert known.status_code == unknown.status_code == 400
    assert known.content == unknown.content


@pytest.mark.parametrize(
    "uid", [1, "1", "=", "x" * 10_000, *map(encode_uid, ("-1", "9" * 30, "9" * 5_000, "\0", "é"))]
)
def test_malformed_uid_is_refused(api_client, form, uid):
    response = api_client.post(CONFIRM, form | {"uid": uid})
    assert response.status_code == 400
    assert response.json().keys() == {"token"}


@pytest.mark.parametrize("token", [1, 1.5, "1", "a-b", "-", "x" * 10_000, "é-é"])
def test_malformed_token_is_refused(api_client, form, token):
    response = api_client.post(CONFIRM, form | {"token": token})
    assert response.status_code == 400
    assert response.json().keys() == {"token"}


@pytest.mark.parametrize("field", ["uid", "token", "new_password"])
@pytest.mark.parametrize("value", ["", None, [], {}, True, "a\0b"], ids=repr)
def test_bad_value_is_refused(api_client, form, field, value):
    response = api_client.post(CONFIRM, form | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}


@pytest.mark.parametrize("new", ["Tr0ub4d", "password123", "7318463219", "ursula12"])
def test_weak_password_is_refused_and_the_link_still_works(api_client, form, new):
    response = api_client.post(CONFIRM, form | {"new_password": new})
    assert response.status_code == 400
    assert response.json().keys() == {"new_password"}
    assert api_client.post(CONFIRM, form).status_code == 204


def test_spaces_of_a_new_password_count(api_client, user, form):
    assert api_client.post(CONFIRM, form | {"new_password": f" {NEW} "}).status_code == 204
    user.refresh_from_db()
    assert user.check_password(f" {NEW} ")


def test_mails_are_counted_in_the_cache_that_workers_share(api_client, db):
    api_client.post(URL, {"email": "nobody@example.com"})
    assert cache.get("throttle_login_127.0.0.1") == 1


@pytest.mark.parametrize(
    ("cast", "value"),
    [
        (env.url, "app.example.com"),
        (env.url, "ftp://app.example.com"),
        (env.email, "mail.example.com"),
        (env.email, "https://mail.example.com"),
    ],
)
def test_url_of_the_wrong_kind_stops_the_start(monkeypatch, cast, value):
    monkeypatch.setenv("SOMETHING", value)
    with pytest.raises(SystemExit, match=r"^SOMETHING is not valid: .*$"):
        env.variable("SOMETHING", cast)


def test_url_of_the_front_end_may_end_in_a_slash():
    assert env.url("https://app.example.com/") == "https://app.example.com"
