"""Several instances of a project behind a proxy, and servers that fail."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.cookiejar import MozillaCookieJar
from itertools import count, pairwise
from pathlib import Path
from threading import Event

import pytest

from tests.conftest import AUTHS, Bake, Project, every_auth
from tests.services import (
    Postgresql,
    answers,
    create_database,
    find,
    free_port,
    nginx,
    redis,
    running,
)
from tests.test_production import compose, dockerfile_command, in_environment
from tests.test_readme import commands

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services")]


@pytest.fixture(scope="module")
def database() -> Iterator[Postgresql]:
    """A PostgreSQL that has yet to be started."""
    with tempfile.TemporaryDirectory() as folder:
        yield Postgresql(folder)


@pytest.fixture(scope="module")
def cache_url() -> Iterator[str]:
    with redis() as url:
        yield url


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it took more than half a minute"
        time.sleep(0.02)


def family(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the ids of a server and its workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [process.pid, *map(int, children.read_text().split())]


def send(number: signal.Signals, processes: list[int]) -> None:
    for process in processes:
        # PostgreSQL's own children come and go.
        with suppress(ProcessLookupError):
            os.kill(process, number)


def health(port: int, check: str, status: int) -> Callable[[], bool]:
    return lambda: request(port, f"/health/{check}/") == status


def request(
    port: int, path: str, headers: dict[str, str] | None = None, body: str | None = None
) -> int:
    """Return the status of the answer; 0 if none came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST" if body else "GET", path, body, headers or {})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Shell:
    """A shell that README's commands are pasted into."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def __call__(self, line: str) -> str:
        """Run a line; return what it has printed."""
        assert self.process.stdin
        assert self.process.stdout
        print(line, "printf '\\nend of output\\n'", sep="\n", file=self.process.stdin, flush=True)
        output = list(iter(self.process.stdout.readline, "end of output\n"))
        return "".join(output).removesuffix("\n")

    def arguments(self, curl: str) -> tuple[dict[str, str], dict[str, str]]:
        """Return the headers, cookies among them, and the data that a `curl` would send."""
        self("arguments() { printf '%s\\n' \"$@\"; }")
        words = self(curl.replace("curl", "arguments", 1)).splitlines()
        options = list(pairwise(words))
        headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
        cookies = MozillaCookieJar()
        for file in (value for option, value in options if option == "-b"):
            cookies.load(f"/proc/{self.process.pid}/cwd/{file}", True, True)
        headers["Cookie"] = "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)
        (data,) = (json.loads(value) for option, value in options if option == "-d")
        return headers, data


@contextmanager
def load(port: int, headers: dict[str, str], book: dict[str, str]) -> Iterator[list[str]]:
    """Create books without end; the list grows by the title of each that was acknowledged."""
    acknowledged: list[str] = []
    stop = Event()
    numbers = count(1)

    def create() -> None:
        while not stop.is_set():
            title = f"Book {next(numbers)} by way of {port}"
            if (
                request(port, "/api/v1/books/", headers, json.dumps({**book, "title": title}))
                == 201
            ):
                acknowledged.append(title)
            else:
                stop.wait(0.05)

    with ThreadPoolExecutor(4) as pool:
        callers = [pool.submit(create) for _ in range(4)]
        try:
            yield acknowledged
        finally:
            stop.set()
    for caller in callers:
        caller.result()


def go_on(acknowledged: list[str]) -> None:
    """Wait until some more writes are acknowledged."""
    enough = len(acknowledged) + 20
    wait_until(lambda: len(acknowledged) >= enough)


def titles(database_url: str) -> set[str]:
    query = ["--no-psqlrc", "--tuples-only", "--no-align", "--command=SELECT title FROM books_book"]
    output = subprocess.run(
        [find("psql"), database_url, *query], check=True, capture_output=True, encoding="utf-8"
    )
    return set(output.stdout.splitlines())


@every_auth
def test_instances_act_as_one_and_outlive_failures(
    auth: str, bake: Bake, environment: Path, database: Postgresql, cache_url: str
) -> None:
    project: Project = bake(auth=auth)
    folder = project.path
    services = compose(project)["services"]
    with ExitStack() as stack:
        server = stack.enter_context(ExitStack())
        server.enter_context(database.running())
        database_url = create_database(database.url, f"instances_{auth}")
        env = in_environment(
            environment,
            {
                **services["web"]["environment"],
                "DATABASE_URL": database_url,
                "CACHE_URL": f"{cache_url}/{AUTHS.index(auth)}",
                "USER_THROTTLE_RATE": "off",
                "UV_NO_SYNC": "1",
                "UV_PROJECT_ENVIRONMENT": str(environment / ".venv"),
            },
        )
        subprocess.run(services["migrate"]["command"].split(), cwd=folder, env=env, check=True)
        ports = [free_port(), free_port()]

        def start(port: int) -> subprocess.Popen[bytes]:
            command = [*dockerfile_command(project), "--bind", f"127.0.0.1:{port}"]
            return stack.enter_context(
                running(command, health(port, "live", 200), cwd=folder, env=env)
            )

        processes = [start(port) for port in ports]
        proxy = stack.enter_context(nginx(ports))

        # Log in by one, write by the other.
        readme = project.files["README.md"].decode()
        lines = commands(readme, "Authentication").splitlines()
        api = next(line for line in lines if line.startswith("API="))
        by_instance = [api.replace(":8000", f":{port}") for port in ports]
        book = next(line for line in lines if "$API/books/" in line)
        revoke = [line for line in lines if line.startswith("curl ")][-1]
        shell = Shell(folder, env)
        for line in lines[: lines.index(book)]:
            shell(by_instance[0] if line == api else line)
        shell(by_instance[1])
        assert '"title":"Kindred"' in shell(book)
        headers, data = shell.arguments(book)

        # Kill one: no acknowledged write is lost, and the other one goes on.
        with load(proxy, headers, data) as acknowledged:
            go_on(acknowledged)
            send(signal.SIGKILL, family(processes[0]))
            processes[0].wait()
            go_on(acknowledged)
        assert set(acknowledged) <= titles(database_url)
        processes[0] = start(ports[0])

        # Restart PostgreSQL: the workers notice, and recover.
        workers = [family(process) for process in processes]
        with load(proxy, headers, data) as acknowledged:
            go_on(acknowledged)
            server.close()
            for port in ports:
                wait_until(health(port, "ready", 503))
                assert request(port, "/health/live/") == 200
            server.enter_context(database.running())
            for port in ports:
                wait_until(health(port, "ready", 200))
            go_on(acknowledged)
        assert set(acknowledged) <= titles(database_url)
        for port in ports * 8:  # more often than a process has threads
            assert request(port, "/api/v1/books/", headers, json.dumps(data)) == 201
        assert workers == [family(process) for process in processes]

        # Log out by one: both refuse what ended there.
        shell(by_instance[0])
        assert shell(f"{revoke} -s -o /dev/null -w '%{{http_code}}'") in {"200", "204"}
        for instance in by_instance:
            shell(instance)
            assert shell(f"{revoke} -s -o /dev/null -w '%{{http_code}}'") == "401"


@pytest.mark.parametrize("frozen", [["database"], ["cache"], ["database", "cache"]], ids="-".join)
def test_freeze_is_told_within_five_seconds(
    frozen: list[str],
    projects: dict[tuple[str, str], Project],
    environment: Path,
    database: Postgresql,
) -> None:
    project = next(iter(projects.values()))
    cache_port, port = free_port(), free_port()
    cache = [find("redis-server"), "--bind", "127.0.0.1", "--port", str(cache_port), "--save", ""]
    env = in_environment(
        environment,
        {
            **compose(project)["services"]["web"]["environment"],
            "DATABASE_URL": database.url,
            "CACHE_URL": f"redis://127.0.0.1:{cache_port}/0",
        },
    )
    server = [*dockerfile_command(project), "--bind", f"127.0.0.1:{port}"]
    with (
        database.running() as database_process,
        running(cache, partial(answers, cache_port)) as cache_process,
        running(server, partial(answers, port), cwd=project.path, env=env),
    ):
        processes = {"database": database_process, "cache": cache_process}
        for _ in range(8):  # so that every thread has its connections
            assert request(port, "/health/ready/") == 200
        stopped = [pid for name in frozen for pid in family(processes[name])]
        send(signal.SIGSTOP, stopped)
        try:
            start = time.monotonic()
            assert request(port, "/health/ready/") == 503
            assert time.monotonic() - start < 5
        finally:
            send(signal.SIGCONT, stopped)
        wait_until(health(port, "ready", 200))
