import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse, reverse_lazy

from accounts.models import User

EMAIL_URL = reverse_lazy("headless:app:account:manage_email")
VERIFY_URL = reverse_lazy("headless:app:account:verify_email")
RESET_URL = reverse_lazy("headless:app:account:request_password_reset")
ME_URL = reverse_lazy("me")
NEW = "ursula.new@example.com"


def test_changing_address_requires_reauthentication(logged_in_app, outbox):
    response = logged_in_app.post(EMAIL_URL, {"email": NEW})
    assert response.status_code == 401
    assert response.json()["data"]["flows"][0]["id"] == "reauthenticate"
    assert not outbox()


def test_address_changes_once_it_is_verified(
    logged_in_app, reauthenticate, verified_user, outbox, read_code
):
    old = verified_user.email
    reauthenticate(logged_in_app)
    assert logged_in_app.post(EMAIL_URL, {"email": NEW}).status_code == 200
    assert logged_in_app.get(ME_URL).json()["email"] == old
    assert [message.to for message in outbox()] == [[NEW]]

    assert logged_in_app.post(VERIFY_URL, {"key": read_code()}).status_code == 200
    assert logged_in_app.get(ME_URL).json()["email"] == NEW
    addresses = EmailAddress.objects.values_list("email", "verified", "primary")
    assert list(addresses) == [(NEW, True, True)]
    assert [message.to for message in outbox()] == [[NEW], [old]]  # a notification


def test_change_of_name_keeps_concurrent_change_of_address(
    logged_in_app, verified_user, before_save
):
    def change_address():
        User.objects.filter(pk=verified_user.pk).update(email=NEW)
        EmailAddress.objects.update(email=NEW)

    before_save(User, change_address)
    assert logged_in_app.patch(ME_URL, {"first_name": "Ursula"}).status_code == 200
    assert EmailAddress.objects.get().email == NEW


def test_change_of_address_alone_deletes_former_one(verified_user):
    verified_user.email = NEW
    verified_user.save(update_fields=["email"])
    assert not EmailAddress.objects.exists()


def test_wrong_code_does_not_change_address(logged_in_app, reauthenticate, verified_user):
    reauthenticate(logged_in_app)
    logged_in_app.post(EMAIL_URL, {"email": NEW})
    assert logged_in_app.post(VERIFY_URL, {"key": "WRNG-CODE"}).status_code == 400
    assert logged_in_app.get(ME_URL).json()["email"] == verified_user.email


def test_reauthentication_ends_after_five_minutes(logged_in_app, reauthenticate, pass_time):
    reauthenticate(logged_in_app)
    pass_time(5 * 60)
    assert logged_in_app.post(EMAIL_URL, {"email": NEW}).status_code == 401


def test_reauthentication_requires_password(logged_in_app):
    url = reverse("headless:app:account:reauthenticate")
    assert logged_in_app.post(url, {"password": "wrong"}).status_code == 400
    assert logged_in_app.post(EMAIL_URL, {"email": NEW}).status_code == 401


@pytest.mark.parametrize(("is_verified", "status"), [(True, 400), (False, 409)])
def test_address_of_other_user_is_not_taken_over(
    logged_in_app, reauthenticate, verified_user, other_user, read_code, is_verified, status
):
    EmailAddress.objects.create(user=other_user, email=other_user.email, verified=is_verified)
    reauthenticate(logged_in_app)
    # The response does not tell whether the address is known.
    assert logged_in_app.post(EMAIL_URL, {"email": other_user.email}).status_code == 200
    assert logged_in_app.post(VERIFY_URL, {"key": read_code()}).status_code == status
    assert logged_in_app.get(ME_URL).json()["email"] == verified_user.email
    assert User.objects.get(email=other_user.email) == other_user


@pytest.mark.parametrize("old_is_verified", [True, False])
def test_address_that_staff_replace_cannot_reset_password(
    app, admin_client, verified_user, outbox, old_is_verified
):
    old = verified_user.email
    EmailAddress.objects.update(verified=old_is_verified)
    url = reverse("admin:accounts_user_change", args=[verified_user.pk])
    form = {"username": verified_user.username, "email": NEW.title(), "is_active": "on"}
    form |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00"}
    assert admin_client.post(url, form).status_code == 302
    verified_user.refresh_from_db()
    assert verified_user.email == NEW
    for email in (old, NEW):
        app.post(RESET_URL, {"email": email})
    assert ["/password-reset/" in message.body for message in outbox()] == [False, True]
