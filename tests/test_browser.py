"""Use the pages of projects in Chromium, with the development and the production settings."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.support.browser import (
    Browser,
    Certificate,
    SwaggerUI,
    chromium,
    development,
    production,
)
from tests.support.environment import TEMPLATE
from tests.support.rendering import AUTHS, Bake, Project, copy_template, style_for
from tests.support.services import serving
from tests.support.terminal import page, type_answers

pytestmark = pytest.mark.browser

USER = {"username": "ada", "password": "correct-horse-battery"}
BOOK = {"title": "Kindred", "year_published": 1979, "author": 1}
# How to log in: the path, the field of the response, and the keyword of the header
LOGINS = {
    "token": ("login/", "token", "Token"),
    "djoser": ("token/login/", "auth_token", "Token"),
    "simplejwt": ("token/", "access", "Bearer"),
}
DATA = f"""
from accounts.models import User
from books.models import Author
User.objects.create_superuser(email="ada@example.com", **{USER!r})
Author.objects.create(name="Octavia E. Butler")
"""
# allauth requires a verified address.
VERIFIED = """
from allauth.account.models import EmailAddress
EmailAddress.objects.create(user_id=1, email="ada@example.com", primary=True, verified=True)
"""
ALLAUTH_LOGIN = """
const [user, done] = arguments;
fetch("/api/v1/auth/app/v1/auth/login", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify(user),
}).then(async (response) => done((await response.json()).meta.session_token));
"""
# A front end that logs in as the README says, creates a book and logs out.
WIDTH_OF_RESULTS = """
const results = document.querySelector(".results");  // scrolls if the columns do not fit
arguments[0]([results.scrollWidth, results.clientWidth]);
"""
FRONT_END = """
const [api, book, user, done] = arguments;
let csrfToken = "";
const send = async (method, path, data) => {
    const response = await fetch(api + path, {
        method,
        credentials: "include",
        headers: {"Content-Type": "application/json", "X-CSRFToken": csrfToken},
        body: data && JSON.stringify(data),
    });
    const body = response.status === 204 ? {} : await response.json();
    csrfToken = body.csrf_token ?? csrfToken;
    return response.status;
};
(async () => done([
    await send("GET", "/auth/csrf/"),
    await send("POST", "/auth/login/", user),
    await send("POST", "/books/", book),
    await send("POST", "/auth/logout/"),
    await send("GET", "/me/"),
]))().catch((error) => done(String(error)));
"""


@dataclass(frozen=True)
class Site:
    """A project that is served, and a front end for it, with another origin on the same site."""

    project: Project
    settings: str
    url: str
    front_end: str


def allow(*front_ends: str) -> dict[str, str]:
    """Return the variables that the README names for front ends with another origin."""
    return dict.fromkeys(["CORS_ALLOWED_ORIGINS", "CSRF_TRUSTED_ORIGINS"], ",".join(front_ends))


def sites_of(*auths: str) -> pytest.MarkDecorator:
    """Run a test with projects of these strategies; those of one strategy run in one worker."""
    groups = [
        pytest.param(auth, marks=pytest.mark.xdist_group(f"browser-{auth}")) for auth in auths
    ]
    return pytest.mark.parametrize("sites", groups, indirect=True)


def with_settings(settings: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("site", [settings], indirect=True)


class FrontEnd(BaseHTTPRequestHandler):
    """An empty page, in which a test runs the script of a front end."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><link rel=icon href=data:,>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def window(certificate: Certificate) -> Iterator[Browser]:
    with chromium(certificate) as browser:
        yield browser


@pytest.fixture
def browser(window: Browser) -> Browser:
    """A browser without cookies."""
    window.reset()
    return window


@pytest.fixture(scope="module")
def https_front_end(certificate: Certificate) -> Iterator[int]:
    """The port of front ends on all hosts below example.com and example.org."""
    with serving(FrontEnd, certificate.context()) as port:
        yield port


@pytest.fixture(scope="module")
def sites(
    request: pytest.FixtureRequest,
    bake: Bake,
    environment: Path,
    certificate: Certificate,
    https_front_end: int,
) -> Iterator[dict[str, Site]]:
    """A project that is served with both kinds of settings, and one database."""
    project = bake(auth=request.param, view_style=style_for(request.param))
    secure = f"https://app.example.com:{https_front_end}"
    allowed = allow(secure, f"https://app.example.org:{https_front_end}")
    with (
        production(project, environment, certificate, **allowed) as production_url,
        serving(FrontEnd) as http_front_end,
    ):
        insecure = f"http://localhost:{http_front_end}"
        with development(project, environment, **allow(insecure)) as (development_url, manage):
            manage("shell", "-v0", "-c", DATA + (VERIFIED if request.param == "allauth" else ""))
            yield {
                "development": Site(project, "development", development_url, insecure),
                "production": Site(project, "production", production_url, secure),
            }


@pytest.fixture(params=["development", "production"])
def site(request: pytest.FixtureRequest, sites: dict[str, Site]) -> Site:
    return sites[request.param]


def log_in_to_admin(browser: Browser, site: Site) -> None:
    browser.open(f"{site.url}/admin/")
    browser.fill(**USER)
    browser.click("[type=submit]")
    browser.find("#user-tools")


def save(browser: Browser) -> str:
    """Save the form of the admin; return the first message."""
    browser.click("[name=_save]")
    return browser.find(".messagelist li").text


def create_key(browser: Browser, site: Site) -> str:
    """Create an API key in the admin, and show the list of keys."""
    log_in_to_admin(browser, site)
    browser.open(f"{site.url}/admin/authentication/apikey/add/")
    browser.fill(name="nightly-import")
    browser.click("[name=scopes][value=write]")
    browser.click(".select2-selection")
    browser.type(".select2-search__field", USER["username"])
    browser.click(".select2-results__option--highlighted")
    key = re.search(r"\w+\.\w{20,}", save(browser))
    assert key
    return key[0]


def open_docs(browser: Browser, site: Site) -> SwaggerUI:
    """Open the documentation and log in, as the README says."""
    key = create_key(browser, site) if site.project.auth == "api_key" else ""
    docs = SwaggerUI(browser, site.url)
    if key:
        docs.authorize("Api-Key", key)
    elif site.project.auth == "allauth":
        docs.authorize("", browser.run(ALLAUTH_LOGIN, USER), "X-Session-Token")
    elif site.project.auth == "session":
        assert docs.send("POST", "/api/v1/auth/login/", USER)[0] == 200
    else:
        path, field, keyword = LOGINS[site.project.auth]
        status, body = docs.send("POST", f"/api/v1/auth/{path}", USER)
        assert status == 200
        docs.authorize(keyword, body[field])
    return docs


@sites_of(*AUTHS)
def test_book_can_be_created_in_the_docs(site: Site, browser: Browser) -> None:
    docs = open_docs(browser, site)
    # With the example of the form
    status, book = docs.send("POST", "/api/v1/books/")
    assert (status, book.get("owner")) == (201, USER["username"])
    assert browser.console() == []


@sites_of("session")
def test_session_can_be_ended_in_the_docs(site: Site, browser: Browser) -> None:
    docs = open_docs(browser, site)
    assert docs.send("POST", "/api/v1/auth/logout/")[0] == 204
    assert docs.send("GET", "/api/v1/me/")[0] == 401
    # Only the last request fails.
    assert len(browser.console()) == 1


@sites_of("djoser")
@with_settings("production")
def test_account_can_be_deleted_in_the_docs(site: Site, browser: Browser) -> None:
    docs = SwaggerUI(browser, site.url)
    user = USER | {"username": "grace"}
    account = user | {"email": "grace@example.com"}
    assert docs.send("POST", "/api/v1/auth/users/", account)[0] == 201
    token = docs.send("POST", "/api/v1/auth/token/login/", user)[1]["auth_token"]
    docs.authorize("Token", token)
    # With the example of the form, which contains the password
    assert docs.send("DELETE", "/api/v1/auth/users/me/")[0] == 204
    assert browser.console() == []
    assert docs.send("GET", "/api/v1/auth/users/me/")[0] == 401


@sites_of(*(auth for auth in AUTHS if auth != "api_key"))
@with_settings("development")
def test_book_can_be_created_in_the_browsable_api(site: Site, browser: Browser) -> None:
    browser.open(f"{site.url}/api/v1/books/")
    browser.click_text("Log in")
    browser.fill(**USER)
    browser.click("[type=submit]")
    browser.type("[name=_content]", json.dumps(BOOK))
    browser.click_text("POST")
    browser.find_text("HTTP 201 Created")
    browser.click_text(USER["username"])
    browser.click_text("Log out")
    browser.find_text("Log in")
    assert browser.console() == []


@sites_of("api_key")
@with_settings("development")
def test_browsable_api_has_no_login_with_api_keys(site: Site, browser: Browser) -> None:
    log_in_to_admin(browser, site)
    browser.open(f"{site.url}/api/v1/books/")
    browser.find_text("HTTP 200 OK")
    assert not browser.exists(".navbar li")
    assert browser.console() == []


@sites_of(*AUTHS)
def test_author_and_user_can_be_created_in_the_admin(site: Site, browser: Browser) -> None:
    log_in_to_admin(browser, site)
    browser.open(f"{site.url}/admin/books/author/add/")
    browser.fill(name="Italo Calvino")
    assert "was added successfully" in save(browser)
    browser.open(f"{site.url}/admin/accounts/user/add/")
    browser.fill(username=f"grace-{site.settings}", email=f"grace-{site.settings}@example.com")
    browser.fill(password1=USER["password"], password2=USER["password"])
    assert "was added successfully" in save(browser)
    assert browser.console() == []


@sites_of("api_key")
@with_settings("production")
def test_list_of_keys_fits_into_the_window(site: Site, browser: Browser) -> None:
    create_key(browser, site)
    assert browser.find("#result_list thead th:last-child").text == "REVOKED"
    width, visible_width = browser.run(WIDTH_OF_RESULTS)
    assert width <= visible_width <= 1280
    assert browser.find(".field-scope_names").text == "read, write"


def log_in_from_front_end(browser: Browser, url: str) -> object:
    """Return the status codes of the front end's requests."""
    return browser.run(FRONT_END, f"{url}/api/v1", BOOK, USER)


@sites_of("session")
def test_front_end_on_the_same_site_can_log_in(site: Site, browser: Browser) -> None:
    browser.open(site.front_end)
    assert log_in_from_front_end(browser, site.url) == [200, 200, 201, 204, 401]


@sites_of("session")
@with_settings("production")
def test_front_end_on_another_site_requires_the_setting_of_the_readme(
    site: Site,
    browser: Browser,
    environment: Path,
    certificate: Certificate,
    https_front_end: int,
) -> None:
    project = site.project
    front_end = f"https://app.example.org:{https_front_end}"
    block = re.search(
        r"```python\n(SESSION_COOKIE_SAMESITE.*?)```", project.text("README.md"), re.S
    )
    assert block
    (project.path / "cross_site.py").write_text(
        f"from config.settings import *\n{block[1]}", "utf-8"
    )
    variables = {"DJANGO_SETTINGS_MODULE": "cross_site", **allow(front_end)}
    browser.open(front_end)
    assert log_in_from_front_end(browser, site.url) == [200, 403, 401, 401, 401]
    with production(project, environment, certificate, **variables) as url:
        assert log_in_from_front_end(browser, url) == [200, 200, 201, 204, 401]


@sites_of(AUTHS[0])
@with_settings("production")
def test_browser_uses_https_after_the_first_visit(site: Site, browser: Browser) -> None:
    # A host that no other test visits; nginx rejects plain HTTP on this port.
    page = f"{site.url.replace('api.', 'hsts.')}/admin/login/"
    plain = page.replace("https:", "http:")
    browser.open(plain)
    assert browser.driver.current_url == plain
    browser.open(page)
    assert browser.driver.title.startswith("Log in")
    browser.open(plain)
    assert browser.driver.current_url == page


@sites_of("simplejwt")
@with_settings("development")
def test_pictures_for_the_readme_can_be_taken(
    site: Site, browser: Browser, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    SwaggerUI(browser, site.url)
    pictures = {"documentation.png": browser.screenshot(1000, 900)}

    template = copy_template(tmp_path / "cookiecutter-drf")
    auth = AUTHS.index(site.project.auth) + 1
    answers = ["", "", "", "Ada Lovelace", "ada@example.com", str(auth), ""]
    command = [sys.executable, "-m", "cookiecutter", template.name]
    output = type_answers(command, answers, tmp_path).replace(str(tmp_path), "/home/ada")
    (tmp_path / "terminal.html").write_text(
        page(f"$ cookiecutter {template.name}\n{output}"), "utf-8"
    )
    browser.open((tmp_path / "terminal.html").as_uri())
    pictures["terminal.png"] = browser.screenshot(1000)

    for name, picture in pictures.items():
        assert len(picture) < 150_000, name
        if request.config.getoption("update_docs"):
            (TEMPLATE / "docs" / name).write_bytes(picture)
