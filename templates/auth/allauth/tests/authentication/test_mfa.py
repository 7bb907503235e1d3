import base64
import hmac
import time
from urllib.parse import parse_qs

import pytest
from allauth.mfa.models import Authenticator
from django.urls import NoReverseMatch, reverse, reverse_lazy

TOTP_URL = reverse_lazy("headless:app:mfa:manage_totp")
RECOVERY_URL = reverse_lazy("headless:app:mfa:manage_recovery_codes")
AUTHENTICATE_URL = reverse_lazy("headless:app:mfa:authenticate")
LOGIN_URL = reverse_lazy("headless:app:account:login")
ME_URL = reverse_lazy("me")


def totp(secret):
    """Return the current code, as an authenticator app computes it: see RFC 6238."""
    counter = int(time.time()) // 30
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@pytest.fixture
def secret(logged_in_app, reauthenticate, pass_time):
    """Set up TOTP and return its secret."""
    reauthenticate(logged_in_app)
    secret = logged_in_app.get(TOTP_URL).json()["meta"]["secret"]
    assert logged_in_app.post(TOTP_URL, {"code": totp(secret)}).status_code == 200
    pass_time(30)  # to the next code
    return secret


@pytest.fixture
def enter_password(new_app, verified_user, password):
    """Return a function that enters the password in a new app, and returns the app."""

    def enter_password():
        app = new_app()
        credentials = {"username": verified_user.username, "password": password}
        response = app.post(LOGIN_URL, credentials)
        assert response.status_code == 401
        pending = {flow["id"] for flow in response.json()["data"]["flows"] if "is_pending" in flow}
        assert pending == {"mfa_authenticate"}
        assert app.get(ME_URL).status_code == 401
        return app

    return enter_password


def test_setting_up_totp_requires_reauthentication(logged_in_app, verified_user):
    secret = logged_in_app.get(TOTP_URL).json()["meta"]["secret"]
    assert logged_in_app.post(TOTP_URL, {"code": totp(secret)}).status_code == 401
    assert not Authenticator.objects.exists()


def test_setting_up_totp_requires_code(logged_in_app, reauthenticate, settings):
    reauthenticate(logged_in_app)
    meta = logged_in_app.get(TOTP_URL).json()["meta"]
    label, _, query = meta["totp_url"].partition("?")
    assert label == "otpauth://totp/ursula%40example.com"
    assert parse_qs(query)["issuer"] == [settings.PROJECT_NAME]
    assert logged_in_app.post(TOTP_URL, {"code": "000000"}).status_code == 400
    assert not Authenticator.objects.exists()


def test_login_requires_code(secret, enter_password, verified_user):
    app = enter_password()
    assert app.post(AUTHENTICATE_URL, {"code": "000000"}).status_code == 400
    assert app.get(ME_URL).status_code == 401
    assert app.post(AUTHENTICATE_URL, {"code": totp(secret)}).status_code == 200
    assert app.get(ME_URL).json()["username"] == verified_user.username


def test_code_works_once(secret, enter_password):
    code = totp(secret)
    codes = [enter_password().post(AUTHENTICATE_URL, {"code": code}).status_code for _ in range(2)]
    assert codes == [200, 400]


def test_expired_code_is_rejected(secret, enter_password, pass_time):
    code = totp(secret)
    pass_time(30)
    assert enter_password().post(AUTHENTICATE_URL, {"code": code}).status_code == 400


def test_guessing_codes_is_limited(secret, enter_password):
    app = enter_password()
    for _ in range(5):
        assert app.post(AUTHENTICATE_URL, {"code": "000000"}).status_code == 400
    response = app.post(AUTHENTICATE_URL, {"code": totp(secret)})
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "too_many_login_attempts"


def test_recovery_code_logs_in_once(secret, logged_in_app, enter_password):
    codes = logged_in_app.get(RECOVERY_URL).json()["data"]["unused_codes"]
    assert len(codes) == 10
    used = [
        enter_password().post(AUTHENTICATE_URL, {"code": codes[0]}).status_code for _ in range(2)
    ]
    assert used == [200, 400]
    assert logged_in_app.get(RECOVERY_URL).json()["data"]["unused_codes"] == codes[1:]


def test_new_recovery_codes_replace_old_ones(secret, logged_in_app, enter_password):
    old = logged_in_app.get(RECOVERY_URL).json()["data"]["unused_codes"]
    new = logged_in_app.post(RECOVERY_URL, {}).json()["data"]["unused_codes"]
    for code, status in ((old[0], 400), (new[0], 200)):
        assert enter_password().post(AUTHENTICATE_URL, {"code": code}).status_code == status


def test_recovery_codes_require_reauthentication(secret, logged_in_app, pass_time):
    pass_time(5 * 60)
    assert logged_in_app.get(RECOVERY_URL).status_code == 401
    assert logged_in_app.post(RECOVERY_URL, {}).status_code == 401


def test_totp_can_be_removed_after_reauthentication(
    secret, logged_in_app, reauthenticate, log_in_app, pass_time
):
    pass_time(5 * 60)
    assert logged_in_app.delete(TOTP_URL).status_code == 401
    reauthenticate(logged_in_app)
    assert logged_in_app.delete(TOTP_URL).status_code == 200
    assert log_in_app().get(ME_URL).status_code == 200


def test_code_does_not_log_in_after_new_password(
    secret, enter_password, verified_user, new_password
):
    app = enter_password()
    verified_user.set_password(new_password)
    verified_user.save()
    app.post(AUTHENTICATE_URL, {"code": totp(secret)})
    assert app.get(ME_URL).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_second_factor_is_logged_without_secrets(
    log, logged_events, secret, logged_in_app, enter_password, verified_user
):
    assert logged_events("second_factor_added")[0][0] == verified_user.pk
    response = enter_password().post(AUTHENTICATE_URL, {"code": "000000"})
    events = logged_events("second_factor_failed")
    assert events == [(verified_user.pk, response["X-Request-ID"])]
    response = logged_in_app.post(RECOVERY_URL, {})
    assert (verified_user.pk, response["X-Request-ID"]) in logged_events("second_factor_added")
    response = logged_in_app.delete(TOTP_URL)
    assert (verified_user.pk, response["X-Request-ID"]) in logged_events("second_factor_removed")
    lines = [line for line in log() if line.get("event", "").startswith("second_factor_")]
    assert {(line["event"], line["type"]) for line in lines} >= {
        ("second_factor_added", "totp"),
        ("second_factor_failed", "totp"),
        ("second_factor_removed", "totp"),
    }
    assert secret not in str(log())


# Admin


def test_admin_does_not_display_secret(secret, admin_client):
    authenticator = Authenticator.objects.get(type="totp")
    for page, arguments in (("changelist", []), ("change", [authenticator.pk])):
        response = admin_client.get(reverse(f"admin:mfa_authenticator_{page}", args=arguments))
        assert response.status_code == 200
        assert secret not in response.content.decode()


def test_admin_lists_searches_and_filters_second_factors(secret, admin_client, verified_user):
    url = reverse("admin:mfa_authenticator_changelist")
    page = admin_client.get(url).content.decode()
    for column in ("user", "type", "created_at", "last_used_at"):
        assert f"column-{column}" in page
    for search, types in (
        (verified_user.username, {"totp", "recovery_codes"}),
        (verified_user.email, {"totp", "recovery_codes"}),
        ("nobody", set()),
    ):
        found = admin_client.get(url, {"q": search}).context["cl"].result_list
        assert {authenticator.type for authenticator in found} == types
    assert "?type__exact=totp" in page


def test_staff_cannot_add_or_change_second_factor(secret, admin_client):
    authenticator = Authenticator.objects.get(type="totp")
    for page, arguments in (("add", []), ("change", [authenticator.pk])):
        url = reverse(f"admin:mfa_authenticator_{page}", args=arguments)
        assert admin_client.post(url, {"type": "totp"}).status_code == 403


def test_staff_can_remove_second_factor(secret, admin_client, log_in_app):
    for authenticator in Authenticator.objects.all():
        url = reverse("admin:mfa_authenticator_delete", args=[authenticator.pk])
        assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert log_in_app().get(ME_URL).status_code == 200


def test_admin_has_no_pages_for_secrets_of_providers(admin_client):
    for model in ("socialapp", "socialtoken"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:socialaccount_{model}_changelist")
