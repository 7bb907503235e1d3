import pytest
from django.urls import reverse

# Changes are logged when the transaction is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def post(log, logged_events):
    """Return a function that posts to allauth and checks which events are logged, and for whom."""

    def post(app, route, data, **events):
        response = app.post(reverse(f"headless:app:{route}"), data)
        for event, user in events.items():
            expected = (user and user.pk, response["X-Request-ID"])
            assert logged_events(event)[-1:] == [expected], event
        for secret in (*data.values(), *app._credentials.values()):
            assert secret not in str(log())
        return response

    return post


def test_sign_up_is_logged_without_secrets(app, post, account, read_code, logged_events):
    post(app, "account:signup", account)
    ((user_id, _),) = logged_events("signed_up")
    assert not logged_events("login")
    post(app, "account:verify_email", {"key": read_code()})
    assert [pk for pk, _ in logged_events("email_confirmed") + logged_events("login")] == [
        user_id,
        user_id,
    ]


@pytest.mark.parametrize("field", ["username", "email"])
def test_login_is_logged_without_secrets(app, post, verified_user, password, field):
    credentials = {field: getattr(verified_user, field), "password": "hidden"}
    post(app, "account:login", credentials, login_failed=verified_user)
    post(app, "account:login", credentials | {"password": password}, login=verified_user)


def test_failed_login_with_unknown_address_is_logged(app, post, db):
    post(app, "account:login", {"email": "x@example.com", "password": "hidden"}, login_failed=None)


def test_logout_is_logged(logged_in_app, verified_user, logged_events):
    response = logged_in_app.delete(reverse("headless:app:account:current_session"))
    assert logged_events("logout") == [(verified_user.pk, response["X-Request-ID"])]


def test_password_change_is_logged(logged_in_app, post, verified_user, password, new_password):
    change = {"current_password": password, "new_password": new_password}
    post(logged_in_app, "account:change_password", change, password_changed=verified_user)


def test_password_reset_is_logged(app, post, verified_user, read_key, new_password):
    for email, user in (("nobody@example.com", None), (verified_user.email, verified_user)):
        form = {"email": email}
        post(app, "account:request_password_reset", form, password_reset_requested=user)
    form = {"key": read_key(), "password": new_password}
    events = {"password_reset": verified_user, "password_changed": verified_user}
    post(app, "account:reset_password", form, **events)
