"""Run projects with PostgreSQL and Redis, and in several processes."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.support.environment import Run, in_environment
from tests.support.rendering import AUTHS, VIEW_STYLES, Projects, every_auth
from tests.support.services import answers, create_database, free_port, postgresql, redis, running

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services")]


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, str]]:
    """Variables for a project to use PostgreSQL and Redis."""
    with postgresql() as database_url, redis() as cache_url:
        yield {"DATABASE_URL": database_url, "CACHE_URL": cache_url}


@every_auth
def test_own_tests_pass_with_postgresql_and_redis(
    auth: str, projects: Projects, run: Run, services: dict[str, str]
) -> None:
    # The other tests, of code that all strategies share, run with one of them.
    tests = ["tests/accounts", "tests/authentication", "tests/books"] if auth != AUTHS[0] else []
    output = run(projects[auth, VIEW_STYLES[0]].path, "pytest", *tests, **services)
    assert " passed" in output


def log_in_to_the_admin(port: int) -> int:
    """Submit the login form with a wrong password; return the status of the response."""
    cookies = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    url = f"http://127.0.0.1:{port}/admin/login/"
    opener.open(url, timeout=30).close()
    (csrf_token,) = (cookie.value for cookie in cookies)
    form = {"username": "a", "password": "b", "csrfmiddlewaretoken": csrf_token}
    try:
        with opener.open(url, urllib.parse.urlencode(form).encode(), timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


@every_auth
def test_processes_share_the_login_throttle(
    auth: str, projects: Projects, environment: Path, run: Run, services: dict[str, str]
) -> None:
    project = projects[auth, VIEW_STYLES[0]]
    variables = {
        "DEBUG": "true",
        "DATABASE_URL": create_database(services["DATABASE_URL"], auth),
        "CACHE_URL": f"{services['CACHE_URL']}/{AUTHS.index(auth)}",
    }
    run(project.path, "manage", "migrate", **variables)
    env = in_environment(environment, variables)
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        for port in ports:
            command = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
            stack.enter_context(running(command, partial(answers, port), cwd=project.path, env=env))
        statuses = [log_in_to_the_admin(ports[attempt % 2]) for attempt in range(12)]
    assert statuses == [200] * 10 + [429] * 2
