import base64
import json
import warnings
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse_lazy

from accounts.models import User

REDIRECT_URL = reverse_lazy("headless:browser:socialaccount:redirect_to_provider")
PROVIDERS_URL = reverse_lazy("headless:browser:socialaccount:manage_providers")
SESSION_URL = reverse_lazy("headless:browser:account:current_session")
TOKEN_URL = reverse_lazy("headless:app:socialaccount:provider_token")
ME_URL = reverse_lazy("me")
FRONT_END = "https://app.example.com/account"
VERIFIED = {"email": "joanna@example.com", "email_verified": True, "preferred_username": "joanna"}

# The provider uses functions that are deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def provider_url():
    """Run an OpenID Connect provider and return its URL."""
    # Import it here, because this takes a while.
    with warnings.catch_warnings(record=True):
        from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def provider(provider_url, settings, load_settings):
    """Configure the provider as environment variables do."""
    variables = {"PROVIDER_URL": provider_url, "CLIENT_ID": "client", "CLIENT_SECRET": "secret"}
    loaded = load_settings(**{f"OIDC_{name}": value for name, value in variables.items()})
    settings.SOCIALACCOUNT_PROVIDERS = loaded["SOCIALACCOUNT_PROVIDERS"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://app.example.com"]


@pytest.fixture
def log_in(browser, provider_url):
    """Return a function that logs in with the provider and returns the URL of the last redirect."""

    def log_in(sub="123", process="login", **claims):
        requests.put(f"{provider_url}/users/{sub}", json=claims, timeout=5).raise_for_status()
        form = {"provider": "oidc", "process": process, "callback_url": FRONT_END}
        to_provider = browser.post(REDIRECT_URL, form, format="multipart")["Location"]
        assert "code_challenge" in parse_qs(urlsplit(to_provider).query)
        answer = requests.post(to_provider, {"sub": sub}, allow_redirects=False, timeout=5)
        return browser.get(answer.headers["Location"])["Location"]

    return log_in


def test_login_with_provider_creates_user_with_verified_address(browser, log_in):
    assert log_in(**VERIFIED) == FRONT_END
    profile = browser.get(ME_URL).json()
    assert (profile["username"], profile["email"]) == ("joanna", "joanna@example.com")
    user = User.objects.get()
    assert not user.has_usable_password()
    assert EmailAddress.objects.get().verified


def test_second_login_with_provider_is_the_same_user(browser, log_in):
    log_in(**VERIFIED)
    browser.delete(SESSION_URL)
    log_in(**VERIFIED | {"email": "other@example.com"})
    assert browser.get(ME_URL).json()["username"] == "joanna"
    assert User.objects.get().email == "joanna@example.com"


def test_address_that_provider_has_not_verified_requires_code(browser, log_in, read_code):
    log_in(email="joanna@example.com")
    assert browser.get(ME_URL).status_code == 401
    url = reverse_lazy("headless:browser:account:verify_email")
    assert browser.post(url, {"key": read_code()}).status_code == 200
    assert browser.get(ME_URL).json()["email"] == "joanna@example.com"


@pytest.mark.parametrize("address_is_verified", [True, False])
def test_login_with_provider_does_not_take_over_account(
    browser, log_in, verified_user, outbox, address_is_verified
):
    EmailAddress.objects.update(verified=address_is_verified)
    log_in(email=verified_user.email, email_verified=True)
    assert browser.get(ME_URL).status_code == 401
    assert not SocialAccount.objects.exists()
    assert User.objects.get() == verified_user
    assert [message.to for message in outbox()] == [[verified_user.email]]
    assert "already exists" in outbox()[0].body


def test_user_connects_provider_after_reauthentication(
    browser, log_in_browser, log_in, verified_user, password
):
    log_in_browser()
    assert "error=reauthentication_required" in log_in(process="connect", **VERIFIED)
    assert not SocialAccount.objects.exists()

    url = reverse_lazy("headless:browser:account:reauthenticate")
    assert browser.post(url, {"password": password}).status_code == 200
    assert log_in(process="connect", **VERIFIED) == FRONT_END
    assert SocialAccount.objects.get().user == verified_user
    (account,) = browser.get(PROVIDERS_URL).json()["data"]
    form = {"provider": "oidc", "account": account["uid"]}
    assert browser.delete(PROVIDERS_URL, form).status_code == 200
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_provider_is_logged_with_id_of_user(
    logged_in_browser, log_in, verified_user, password, logged_events
):
    reauthenticate = reverse_lazy("headless:browser:account:reauthenticate")
    logged_in_browser.post(reauthenticate, {"password": password})
    log_in(process="connect", **VERIFIED)
    form = {"provider": "oidc", "account": "123"}
    assert logged_in_browser.delete(PROVIDERS_URL, form).status_code == 200
    for event in ("provider_connected", "provider_disconnected"):
        assert [user_id for user_id, _ in logged_events(event)] == [verified_user.pk]


def test_account_of_provider_cannot_be_connected_to_second_user(
    browser, log_in_browser, log_in, verified_user, password
):
    log_in(**VERIFIED)
    browser.delete(SESSION_URL)
    log_in_browser()
    browser.post(reverse_lazy("headless:browser:account:reauthenticate"), {"password": password})
    assert "error=connected_other" in log_in(process="connect", **VERIFIED)
    assert SocialAccount.objects.get().user.username == "joanna"


def test_inactive_user_cannot_log_in_with_provider(browser, log_in):
    log_in(**VERIFIED)
    browser.delete(SESSION_URL)
    User.objects.update(is_active=False)
    log_in(**VERIFIED)
    assert browser.get(ME_URL).status_code == 401


def test_forged_answer_of_provider_is_rejected(browser, log_in):
    url = "/api/v1/auth/oidc/login/callback/?code=x&state=x"
    response = browser.get(url)
    assert response.status_code == 302
    assert "error=" in response["Location"]
    assert not User.objects.exists()


def test_callback_to_other_site_is_rejected(browser):
    form = {"provider": "oidc", "process": "login", "callback_url": "https://evil.example/"}
    location = browser.post(REDIRECT_URL, form, format="multipart")["Location"]
    assert location.startswith("https://app.example.com/login?error=")


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "RS256"}])
def test_app_cannot_log_in_with_forged_token(app, provider_url, header):
    (key,) = requests.get(f"{provider_url}/jwks", timeout=5).json()["keys"]
    claims = {"iss": provider_url, "aud": "client", "sub": "123", **VERIFIED}
    parts = [json.dumps(part).encode() for part in (header | {"kid": key["kid"]}, claims)]
    encoded = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts]
    token = {"client_id": "client", "id_token": f"{encoded[0]}.{encoded[1]}.AAAA"}
    form = {"provider": "oidc", "process": "login", "token": token}
    assert app.post(TOKEN_URL, form).status_code == 400
    assert not User.objects.exists()


# Configuration


def test_there_is_no_provider_by_default(load_settings, browser, settings):
    loaded = load_settings(OIDC_PROVIDER_URL="", OIDC_CLIENT_ID="", OIDC_CLIENT_SECRET="")
    settings.SOCIALACCOUNT_PROVIDERS = loaded["SOCIALACCOUNT_PROVIDERS"]
    config = browser.get(reverse_lazy("headless:browser:config")).json()
    assert config["data"]["socialaccount"]["providers"] == []
    assert browser.get("/api/v1/auth/oidc/login/callback/").status_code == 404


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        (("https://login.example.com", "", ""), {"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}),
        (("https://login.example.com", "id", ""), {"OIDC_CLIENT_SECRET"}),
        (("", "id", "secret"), {"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}),
        (("", "", "secret"), {"OIDC_CLIENT_SECRET"}),
        (("login.example.com", "", ""), {"OIDC_PROVIDER_URL"}),
    ],
)
def test_incomplete_configuration_stops_startup(load_settings, values, wrong):
    names = ["OIDC_PROVIDER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"]
    with pytest.raises(SystemExit) as error:
        load_settings(**dict(zip(names, values, strict=True)))
    _, *lines = str(error.value).splitlines()
    assert {line.split(":")[0].strip() for line in lines} == wrong
