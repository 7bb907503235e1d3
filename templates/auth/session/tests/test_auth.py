import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from rest_framework.test import APIClient

AUTH = "/api/v1/auth/"
ME = "/api/v1/me/"
PUBLIC = "/api/schema/?format=json"  # anyone may read it
CHALLENGE = 'Session realm="api"'


@pytest.fixture
def form(user, password):
    return {"username": "ursula", "password": password}


@pytest.fixture
def browser(db):
    """A front end before anybody has logged in: it has a CSRF cookie and repeats the token."""
    client = APIClient(enforce_csrf_checks=True)
    use_csrf_token(client, client.get(f"{AUTH}csrf/"))
    return client


def use_csrf_token(client, response):
    client.credentials(HTTP_X_CSRFTOKEN=response.json()["csrf_token"])


def log_in(client, form):
    response = client.post(f"{AUTH}login/", form)
    assert response.status_code == 200
    use_csrf_token(client, response)
    return response


def assert_csrf_failure(response):
    assert response.status_code == 403
    assert response.json()["detail"].startswith("CSRF Failed")
    assert "WWW-Authenticate" not in response


def test_csrf_token_comes_with_its_cookie_and_is_never_cached(api_client):
    response = api_client.get(f"{AUTH}csrf/")
    assert response.status_code == 200
    assert response.json().keys() == {"csrf_token"}
    assert response.cookies.keys() == {"csrftoken"}
    assert "no-store" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]


def test_whole_life_of_a_session(browser, form):
    response = log_in(browser, form)
    assert response.json().keys() == {"csrf_token"}
    assert response.cookies.keys() == {"csrftoken", "sessionid"}
    assert browser.get(ME).json()["username"] == "ursula"
    assert browser.patch(ME, {"first_name": "Ursula"}).status_code == 200
    response = browser.post(f"{AUTH}logout/")
    assert response.status_code == 204
    assert not response.content
    assert browser.get(ME).status_code == 401


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser, form):
    cookie = log_in(browser, form).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("path", ["login/", "register/"])
def test_anonymous_forms_need_the_csrf_token(form, path):
    client = APIClient(enforce_csrf_checks=True)
    assert_csrf_failure(client.post(f"{AUTH}{path}", form))


@pytest.mark.parametrize("path", ["login/", "register/"])
def test_wrong_csrf_token_is_refused(browser, form, path):
    browser.credentials(HTTP_X_CSRFTOKEN="x" * 64)
    assert_csrf_failure(browser.post(f"{AUTH}{path}", form))


def test_csrf_failures_do_not_use_up_the_limit_of_logins(browser, form):
    for _ in range(11):
        APIClient(enforce_csrf_checks=True).post(f"{AUTH}login/", form)
    log_in(browser, form)


def test_registration_with_the_csrf_token(browser, password):
    account = {"username": "joanna", "email": "joanna@example.com", "password": password}
    response = browser.post(f"{AUTH}register/", account)
    assert response.status_code == 201
    assert response.json()["username"] == "joanna"


@pytest.mark.parametrize("path", ["logout/", "password/"])
def test_unsafe_requests_need_the_csrf_token(user_client, path):
    user_client.credentials()
    assert_csrf_failure(user_client.post(f"{AUTH}{path}"))
    assert_csrf_failure(user_client.patch(ME, {"first_name": "x"}))
    assert user_client.get(ME).status_code == 200


def test_csrf_token_rotates_at_login(browser, form):
    old = browser.cookies["csrftoken"].value
    response = browser.post(f"{AUTH}login/", form)
    assert browser.cookies["csrftoken"].value != old
    assert_csrf_failure(browser.patch(ME, {"first_name": "x"}))
    use_csrf_token(browser, response)
    assert browser.patch(ME, {"first_name": "x"}).status_code == 200


def test_session_key_changes_at_login(browser, form, other_user):
    browser.force_login(other_user)
    planted = browser.cookies["sessionid"].value
    log_in(browser, form)
    assert browser.cookies["sessionid"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_anonymous_session_is_not_taken_over_at_login(browser, form):
    session = browser.session
    session["cart"] = 1
    session.save()
    planted = browser.cookies["sessionid"].value
    log_in(browser, form)
    victim = browser.cookies["sessionid"].value
    assert victim != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_logging_in_again_as_somebody_else_changes_the_caller(browser, form, other_user):
    log_in(browser, form)
    log_in(browser, form | {"username": "octavia"})
    assert browser.get(ME).json()["username"] == "octavia"


def test_logout_ends_the_stored_session(user_client):
    stolen = APIClient()
    stolen.cookies["sessionid"] = user_client.cookies["sessionid"].value
    assert stolen.get(ME).status_code == 200
    assert user_client.post(f"{AUTH}logout/").status_code == 204
    assert stolen.get(ME).status_code == 401
    assert not Session.objects.exists()


def test_logout_ends_no_other_session(login_as, user_client, user):
    elsewhere = login_as(user)
    user_client.post(f"{AUTH}logout/")
    assert elsewhere.get(ME).status_code == 200


def test_anonymous_cannot_log_out(browser):
    response = browser.post(f"{AUTH}logout/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == CHALLENGE


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_COOKIE": "sessionid=unknown"},
        {"HTTP_COOKIE": "sessionid="},
        {"HTTP_COOKIE": r'sessionid="nul-in-it\000nul-in-it"'},
        {"HTTP_COOKIE": r'sessionid="nulInIt\000nulInIt"'},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_AUTHORIZATION": "Basic dXJzdWxhOng="},
        {"HTTP_AUTHORIZATION": "\xff"},
    ],
    ids=repr,
)
def test_what_proves_nothing_means_anonymous(db, headers):
    client = Client()
    response = client.get(ME, **headers)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == CHALLENGE
    assert client.get(PUBLIC, **headers).status_code == 200


def test_expired_session_means_anonymous(user_client):
    session = user_client.session
    session.set_expiry(-1)
    session.save()
    response = user_client.get(ME)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == CHALLENGE


def test_session_of_a_deactivated_user_means_anonymous(user_client, user):
    user.is_active = False
    user.save()
    assert user_client.get(ME).status_code == 401
    assert user_client.patch(ME, {"first_name": "x"}).status_code == 401
    assert user_client.get(PUBLIC).status_code == 200


def test_session_of_a_deleted_user_means_anonymous(user_client, user):
    user.delete()
    assert user_client.get(ME).status_code == 401


def test_password_change_ends_every_other_session(login_as, user_client, user, password):
    elsewhere = login_as(user)
    key = user_client.cookies["sessionid"].value
    change = {"current_password": password, "new_password": "staple-battery-horse"}
    assert user_client.post(f"{AUTH}password/", change).status_code == 204
    assert elsewhere.get(ME).status_code == 401
    assert user_client.get(ME).status_code == 200
    assert user_client.patch(ME, {"first_name": "x"}).status_code == 200
    assert user_client.cookies["sessionid"].value != key


def test_password_set_by_an_admin_ends_every_session(user_client, user):
    user.set_password("staple-battery-horse")
    user.save()
    assert user_client.get(ME).status_code == 401


def test_listed_origin_logs_in_and_works(form, settings):
    origin = "https://app.example.com"
    settings.CORS_ALLOWED_ORIGINS = settings.CSRF_TRUSTED_ORIGINS = [origin]
    client = APIClient(enforce_csrf_checks=True, HTTP_ORIGIN=origin)
    response = client.get(f"{AUTH}csrf/")
    assert response["Access-Control-Allow-Origin"] == origin
    assert response["Access-Control-Allow-Credentials"] == "true"
    use_csrf_token(client, response)
    log_in(client, form)
    assert client.patch(ME, {"first_name": "x"}).status_code == 200


def test_browser_may_send_the_csrf_token_from_a_listed_origin(api_client, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
    response = api_client.options(
        f"{AUTH}login/",
        HTTP_ORIGIN="https://app.example.com",
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS="content-type, x-csrftoken",
    )
    assert "x-csrftoken" in response["Access-Control-Allow-Headers"]
    assert response["Access-Control-Allow-Credentials"] == "true"


def test_unlisted_origin_is_refused(browser, user_client, form):
    for client, path in ((browser, f"{AUTH}login/"), (user_client, f"{AUTH}logout/")):
        response = client.post(path, form, HTTP_ORIGIN="https://evil.example")
        assert_csrf_failure(response)
        assert "Access-Control-Allow-Origin" not in response


def test_unlisted_referer_is_refused_over_https(browser, form):
    response = browser.post(
        f"{AUTH}login/", form, secure=True, HTTP_REFERER="https://evil.example/"
    )
    assert_csrf_failure(response)


def test_method_is_not_overridden_by_a_header(user_client):
    response = user_client.post(ME, {"first_name": "x"}, HTTP_X_HTTP_METHOD_OVERRIDE="PATCH")
    assert response.status_code == 405


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("csrf/", "GET, HEAD, OPTIONS"),
        ("login/", "POST, OPTIONS"),
        ("logout/", "POST, OPTIONS"),
        ("register/", "POST, OPTIONS"),
        ("password/", "POST, OPTIONS"),
    ],
)
def test_other_methods_are_not_offered(user_client, path, allow):
    response = user_client.put(f"{AUTH}{path}", {})
    assert response.status_code == 405
    assert response["Allow"] == allow


def test_documented_answers_are_the_real_ones(api_client):
    paths = api_client.get("/api/schema/?format=json").json()["paths"]
    documented = {
        path.removeprefix(AUTH): {method: list(op["responses"]) for method, op in methods.items()}
        for path, methods in paths.items()
        if path.startswith(AUTH)
    }
    assert documented == {
        "csrf/": {"get": ["200"]},
        "login/": {"post": ["200"]},
        "logout/": {"post": ["204"]},
        "register/": {"post": ["201"]},
        "password/": {"post": ["204"]},
    }
