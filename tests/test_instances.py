"""Run several instances of a project behind a proxy while servers fail."""

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
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event

import pytest

from tests.support.environment import for_uv, in_environment
from tests.support.production import compose, dockerfile_command
from tests.support.readme import Shell, login_commands
from tests.support.rendering import AUTHS, Bake, Project, Projects, every_auth
from tests.support.services import (
    Postgresql,
    answers,
    create_database,
    find,
    free_port,
    nginx,
    redis,
    running,
)

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services")]


@pytest.fixture(scope="module")
def database() -> Iterator[Postgresql]:
    """A PostgreSQL server that is not running yet."""
    with tempfile.TemporaryDirectory() as folder:
        yield Postgresql(folder)


@pytest.fixture(scope="module")
def cache_url() -> Iterator[str]:
    with redis() as url:
        yield url


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "Timed out after 30 seconds."
        time.sleep(0.02)


def family(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the process ids of a server and its workers."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [process.pid, *map(int, children.read_text().split())]


def send(number: signal.Signals, processes: list[int]) -> None:
    for process in processes:
        # PostgreSQL starts and stops child processes at any time.
        with suppress(ProcessLookupError):
            os.kill(process, number)


def health(port: int, check: str, status: int) -> Callable[[], bool]:
    return lambda: request(port, f"/health/{check}/") == status


def request(
    port: int, path: str, headers: dict[str, str] | None = None, body: str | None = None
) -> int:
    """Return the status of the response, or 0 if there was none."""
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


@contextmanager
def load(port: int, headers: dict[str, str], book: dict[str, str]) -> Iterator[list[str]]:
    """Create books until the block ends; yield a growing list of the acknowledged titles."""
    acknowledged: list[str] = []
    stop = Event()
    numbers = count(1)

    def create() -> None:
        while not stop.is_set():
            title = f"Book {next(numbers)} on port {port}"
            body = json.dumps({**book, "title": title})
            if request(port, "/api/v1/books/", headers, body) == 201:
                acknowledged.append(title)
            else:
                stop.wait(0.05)

    with ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(create) for _ in range(4)]
        try:
            yield acknowledged
        finally:
            stop.set()
    for client in clients:
        client.result()


def wait_for_writes(acknowledged: list[str]) -> None:
    """Wait until more writes are acknowledged."""
    enough = len(acknowledged) + 20
    wait_until(lambda: len(acknowledged) >= enough)


@dataclass
class Deployment:
    """Two instances of a project behind a proxy, with PostgreSQL and Redis."""

    project: Project
    env: dict[str, str]
    stack: ExitStack
    database: Postgresql
    database_stack: ExitStack
    ports: list[int] = field(default_factory=lambda: [free_port(), free_port()])

    def __post_init__(self) -> None:
        self.processes = [self.start(port) for port in self.ports]
        self.proxy = self.stack.enter_context(nginx(self.project.text("nginx.conf"), self.ports))

    def start(self, port: int) -> subprocess.Popen[bytes]:
        command = [*dockerfile_command(self.project), "--bind", f"127.0.0.1:{port}"]
        is_up = health(port, "live", 200)
        return self.stack.enter_context(
            running(command, is_up, cwd=self.project.path, env=self.env)
        )

    def workers(self) -> list[list[int]]:
        return [family(process) for process in self.processes]

    def titles(self) -> set[str]:
        """Return the titles of the books in the database."""
        query = ["--no-psqlrc", "--tuples-only", "--no-align", "-cSELECT title FROM books_book"]
        command = [find("psql"), self.env["DATABASE_URL"], *query]
        output = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
        return set(output.stdout.splitlines())


@contextmanager
def deployed(
    project: Project, environment: Path, database: Postgresql, cache_url: str
) -> Iterator[Deployment]:
    services = compose(project)["services"]
    with ExitStack() as stack:
        database_stack = stack.enter_context(ExitStack())
        database_stack.enter_context(database.running())
        variables = {
            **for_uv(environment),
            **services["web"]["environment"],
            "DATABASE_URL": create_database(database.url, f"instances_{project.auth}"),
            "CACHE_URL": f"{cache_url}/{AUTHS.index(project.auth)}",
            "USER_THROTTLE_RATE": "off",
            "SERVER_LOG": f"{project.path}/server.log",
        }
        env = in_environment(environment, variables)
        migrate = services["migrate"]["command"].split()
        subprocess.run(migrate, cwd=project.path, env=env, check=True)
        yield Deployment(project, env, stack, database, database_stack)


class Client:
    """A client that has logged in on the first instance and created a book on the second."""

    def __init__(self, deployment: Deployment) -> None:
        self.auth = deployment.project.auth
        lines = login_commands(deployment.project.text("README.md")).splitlines()
        api = next(line for line in lines if line.startswith("API="))
        self.book = book = next(line for line in lines if "$API/books/" in line)
        self.revoke = [line for line in lines if line.startswith("curl ")][-1]
        self.instances = [api.replace(":8000", f":{port}") for port in deployment.ports]
        self.shell = Shell(deployment.project.path, deployment.env)
        for line in lines[: lines.index(book)]:
            self.shell(self.instances[0] if line == api else line)
        self.shell(self.instances[1])
        assert '"title":"Kindred"' in self.shell(book)
        self.headers, self.data = self.shell.arguments(book)


def kill_instance(deployment: Deployment, client: Client) -> None:
    """Kill one instance: no acknowledged write is lost, and the other one continues."""
    with load(deployment.proxy, client.headers, client.data) as acknowledged:
        wait_for_writes(acknowledged)
        send(signal.SIGKILL, deployment.workers()[0])
        deployment.processes[0].wait()
        wait_for_writes(acknowledged)
    assert set(acknowledged) <= deployment.titles()
    deployment.processes[0] = deployment.start(deployment.ports[0])


def restart_database(deployment: Deployment, client: Client) -> None:
    """Restart PostgreSQL: the workers report it and recover."""
    workers = deployment.workers()
    with load(deployment.proxy, client.headers, client.data) as acknowledged:
        wait_for_writes(acknowledged)
        deployment.database_stack.close()
        for port in deployment.ports:
            wait_until(health(port, "ready", 503))
            assert request(port, "/health/live/") == 200
        deployment.database_stack.enter_context(deployment.database.running())
        for port in deployment.ports:
            wait_until(health(port, "ready", 200))
        wait_for_writes(acknowledged)
    assert set(acknowledged) <= deployment.titles()
    for port in deployment.ports * 8:  # more requests than threads of a process
        assert request(port, "/api/v1/books/", client.headers, json.dumps(client.data)) == 201
    assert workers == deployment.workers()


def revoke_access(client: Client) -> None:
    """Revoke access on one instance: both reject it."""
    book = f"{client.book} -s -o /dev/null -w '%{{http_code}}'"
    for instance in client.instances:
        client.shell(instance)
        assert client.shell(book) == "201"
    client.shell(client.revoke)
    # With simplejwt, this revokes the refresh token, so revoking it again fails.
    again = f"{client.revoke} -s -o /dev/null -w '%{{http_code}}'"
    if client.auth != "simplejwt":
        again = book
    for instance in client.instances:
        client.shell(instance)
        assert client.shell(again) == "401"


@every_auth
def test_instances_share_state_and_survive_failures(
    auth: str, bake: Bake, environment: Path, database: Postgresql, cache_url: str
) -> None:
    with deployed(bake(auth=auth), environment, database, cache_url) as deployment:
        client = Client(deployment)
        kill_instance(deployment, client)
        restart_database(deployment, client)
        revoke_access(client)


@pytest.mark.parametrize("frozen", [["database"], ["cache"], ["database", "cache"]], ids="-".join)
def test_health_check_fails_within_five_seconds_if_a_server_freezes(
    frozen: list[str],
    projects: Projects,
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
        for _ in range(8):  # so that every thread opens its connections
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
