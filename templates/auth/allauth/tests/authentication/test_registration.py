import pytest
from django.conf import settings
from django.urls import reverse_lazy

from accounts.models import User

SIGNUP_URL = reverse_lazy("headless:app:account:signup")
VERIFY_URL = reverse_lazy("headless:app:account:verify_email")
RESEND_URL = reverse_lazy("headless:app:account:resend_email_verification_code")
LOGIN_URL = reverse_lazy("headless:app:account:login")
ME_URL = reverse_lazy("me")


@pytest.fixture
def signed_up_app(app, account):
    assert app.post(SIGNUP_URL, account).status_code == 401
    return app


def test_sign_up_logs_in_once_address_is_verified(app, account, outbox, read_code):
    response = app.post(SIGNUP_URL, account)
    assert response.status_code == 401
    assert {"id": "verify_email", "is_pending": True} in response.json()["data"]["flows"]
    assert app.get(ME_URL).status_code == 401
    assert [message.to for message in outbox()] == [[account["email"]]]
    assert outbox()[0].subject.startswith(f"[{settings.PROJECT_NAME}] ")

    assert app.post(VERIFY_URL, {"key": read_code()}).status_code == 200
    assert app.get(ME_URL).json()["username"] == account["username"]
    assert app.get(ME_URL).json()["email"] == account["email"]
    assert app.patch(ME_URL, {"first_name": "Joanna"}).status_code == 200


def test_browser_logs_in_once_address_is_verified(browser, account, read_code):
    browser.post(reverse_lazy("headless:browser:account:signup"), account)
    url = reverse_lazy("headless:browser:account:verify_email")
    assert browser.post(url, {"key": read_code()}).status_code == 200
    assert browser.patch(ME_URL, {"first_name": "Joanna"}).status_code == 200


def test_code_is_rejected_after_three_wrong_ones(signed_up_app, read_code):
    for _ in range(3):
        response = signed_up_app.post(VERIFY_URL, {"key": "WRNG-CODE"})
        assert response.status_code == 400
        assert response.json()["errors"][0]["code"] == "incorrect_code"
    assert signed_up_app.post(VERIFY_URL, {"key": read_code()}).status_code == 409
    assert signed_up_app.get(ME_URL).status_code == 401


def test_code_expires_after_ten_minutes(app, account, read_code, pass_time):
    app.post(SIGNUP_URL, account)
    pass_time(10 * 60 + 1)
    assert app.post(VERIFY_URL, {"key": read_code()}).status_code == 409


def test_code_of_other_sign_up_is_rejected(signed_up_app, new_app, account, read_code):
    other_app = new_app()
    other_app.post(SIGNUP_URL, account | {"username": "other", "email": "other@example.com"})
    assert signed_up_app.post(VERIFY_URL, {"key": read_code()}).status_code == 400


def test_code_can_be_sent_again(app, account, outbox, read_code, pass_time):
    app.post(SIGNUP_URL, account)
    pass_time(10)
    assert app.post(RESEND_URL).status_code == 200
    assert len(outbox()) == 2
    assert app.post(VERIFY_URL, {"key": read_code()}).status_code == 200


def test_sign_up_does_not_tell_whether_address_is_known(app, new_app, account, user, outbox):
    unknown = app.post(SIGNUP_URL, account)
    known = new_app().post(SIGNUP_URL, account | {"username": "other", "email": user.email})
    assert known.status_code == unknown.status_code
    assert known.json()["data"] == unknown.json()["data"]
    assert known.json()["meta"].keys() == unknown.json()["meta"].keys()
    assert [message.to for message in outbox()] == [[account["email"]], [user.email]]
    assert "already exists" in outbox()[1].body
    assert not User.objects.filter(username="other").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "a b"),
        ("username", "a\0b"),
        ("username", "ursula"),
        ("username", "URSULA"),
        ("username", "\N{LATIN SMALL LIGATURE FI}ona"),
        ("email", ""),
        ("email", "joanna"),
        ("password", ""),
        ("password", "Tr0ub4d"),
        ("password", "password123"),
        ("password", "7318463219"),
        ("password", "joanna-1"),
        ("password", "joanna@example"),
    ],
)
def test_sign_up_rejects_invalid_field(app, account, user, outbox, field, value):
    response = app.post(SIGNUP_URL, account | {field: value})
    assert response.status_code == 400
    assert {error["param"] for error in response.json()["errors"]} == {field}
    assert User.objects.get() == user
    assert not outbox()


def test_sign_up_rejects_password_similar_to_username(app, account):
    change = {"username": "wilhelmina", "password": "wilhelmina-1"}
    response = app.post(SIGNUP_URL, account | change)
    assert response.status_code == 400
    assert [error["param"] for error in response.json()["errors"]] == ["password"]


def test_sign_up_keeps_spaces_around_password(app, new_app, account, read_code, password):
    app.post(SIGNUP_URL, account | {"password": f" {password} "})
    app.post(VERIFY_URL, {"key": read_code()})
    for given, status in ((f" {password} ", 200), (password, 400)):
        credentials = {"username": account["username"], "password": given}
        assert new_app().post(LOGIN_URL, credentials).status_code == status


def test_concurrent_sign_up_creates_no_second_user(app, account, before_save):
    before_save(User, lambda: User.objects.bulk_create([User(username=account["username"])]))
    response = app.post(SIGNUP_URL, account)
    assert (response.status_code, response.json()) == (409, {"status": 409})
    assert not User.objects.exists()  # the transaction of both is rolled back


def test_sign_up_is_throttled_by_address(new_app, account):
    codes = [new_app().post(SIGNUP_URL, account | {"username": ""}).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]


def test_address_is_stored_in_lowercase(app, account, new_app, read_code):
    app.post(SIGNUP_URL, account | {"email": "Joanna@Example.COM"})
    app.post(VERIFY_URL, {"key": read_code()})
    assert User.objects.get().email == "joanna@example.com"
