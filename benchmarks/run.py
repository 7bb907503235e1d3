"""
Compare rendered projects with a plain project: Django, DRF and none of our protection.

    uv run python -m benchmarks.run [STRATEGY | STRATEGY-STYLE ...]

Prints tables in Markdown and draws benchmarks/ratios.svg.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from select import select
from socketserver import BaseRequestHandler, ThreadingTCPServer
from statistics import median
from threading import Thread
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from benchmarks.plain import PlainProject, fill, remove_new_books
from tests.support import rendering
from tests.support.environment import install
from tests.support.production import dockerfile_command, gunicorn
from tests.support.readme import Shell, login_commands
from tests.support.rendering import AUTHS, Project
from tests.support.services import (
    answers,
    create_database,
    find,
    free_port,
    postgresql,
    redis,
    running,
)

SECONDS = 2
ROUNDS = 3
CONNECTIONS = 4
BOOKS = 1000
# With more than one thread, Gunicorn would use another class of workers.
WORKERS = "--worker-class=sync --threads=1 --workers="
# The throttles count every request, but reject none.
AS_SHIPPED = {"ANON_THROTTLE_RATE": "999999999/min", "USER_THROTTLE_RATE": "999999999/min"}
UNTHROTTLED = {
    "ANON_THROTTLE_RATE": "off",
    "USER_THROTTLE_RATE": "off",
    "LOG_LEVEL": "WARNING",
}
PLAIN_COMMAND = ["gunicorn", "config.wsgi", "--no-control-socket"]
REQUESTS = {
    "`me/`": "me/",
    "list of 20": "books/",
    "list of 100": "books/?page_size=100",
    "detail": "books/1/",
    "create": "books/",
}
BODIES = {"create": {"title": "Kindred", "year_published": 1979, "author": 1}}


@dataclass
class Server:
    """A project that is served, and the credentials of a client."""

    port: int
    path: Path
    env: dict[str, str]
    headers: dict[str, str]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1/{path}"

    def processes(self) -> list[int]:
        """Return the process ids of Gunicorn and its workers."""
        address = f"127.0.0.1:{self.port}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if address in (process / "cmdline").read_bytes().split(b"\0"):
                    found.append(int(process.name))
            except OSError:  # the process has ended
                continue
        return sorted(found)

    def cpu_seconds(self) -> float:
        fields = [Path(f"/proc/{pid}/stat").read_text().split() for pid in self.processes()]
        return sum(int(f[13]) + int(f[14]) for f in fields) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return the megabytes of a worker, including its share of common memory."""
        sizes = []
        for pid in self.processes()[1:]:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            sizes.append(int(re.findall(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)[0]) / 1024)
        return sum(sizes) / len(sizes)

    def send(self, request: str) -> None:
        body = BODIES.get(request)
        data = json.dumps(body).encode() if body else None
        headers = {**self.headers, "Content-Type": "application/json"}
        urlopen(Request(self.url(REQUESTS[request]), data, headers)).close()  # noqa: S310


def wrk(
    url: str, headers: dict[str, str], data: dict[str, object] | None = None, seconds: int = SECONDS
) -> tuple[float, int]:
    """Return the requests per second and their number; all of them must succeed."""
    command = [find("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if data:
            script.write(f"wrk.method = 'POST'\nwrk.body = [[{json.dumps(data)}]]\n")
            script.flush()
            command += ["-s", script.name]
        result = subprocess.run([*command, url], check=True, capture_output=True, encoding="utf-8")
    assert "Non-2xx" not in result.stdout, result.stdout
    rate = re.search(r"^Requests/sec: +([\d.]+)$", result.stdout, re.MULTILINE)
    number = re.search(r"^ +(\d+) requests in", result.stdout, re.MULTILINE)
    assert rate, result.stdout
    assert number, result.stdout
    return float(rate[1]), int(number[1])


def measure(server: Server, path: str, body: dict[str, object] | None) -> tuple[float, float]:
    """Return the requests per second and the CPU time of the workers per request in ms."""
    before = server.cpu_seconds()
    rate, number = wrk(server.url(path), server.headers, body)
    return rate, 1000 * (server.cpu_seconds() - before) / number


def compare(ours: Server, plain: Server) -> dict[str, tuple[float, float]]:
    """Alternate between the projects; return the ratios of requests per second and CPU time."""
    ratios = {}
    for name, path in REQUESTS.items():
        rounds = [
            [measure(server, path, BODIES.get(name)) for server in (plain, ours)]
            for _ in range(ROUNDS)
        ]
        ratios[name] = (
            median(ours[0] / plain[0] for plain, ours in rounds),
            median(plain[1] / ours[1] for plain, ours in rounds),
        )
    return ratios


def list_ratio(server: Server, plain: Server) -> float:
    """Compare the list with the same queries by `.values()` and orjson, without a serializer."""
    rounds = [
        wrk(server.url("books/"), {})[0] / wrk(plain.url("values/"), {})[0] for _ in range(ROUNDS)
    ]
    return median(rounds)


def render(folder: Path, auth: str, view_style: str = "viewsets") -> Project:
    return Project(rendering.render(folder, auth, view_style), auth, view_style)


def log_in(project: Project, env: dict[str, str], port: int) -> dict[str, str]:
    """Log in as the README says; return the headers of the client."""
    lines = login_commands(project.text("README.md")).splitlines()
    book = next(line for line in lines if "$API/books/" in line)
    shell = Shell(project.path, env)
    for line in lines[: lines.index(book)]:
        shell(line.replace(":8000", f":{port}"))
    headers, _ = shell.arguments(book)
    shell.process.terminate()
    return headers


@contextmanager
def serve(
    project: Project,
    environment: Path,
    variables: dict[str, str],
    headers: dict[str, str] | None = None,
) -> Iterator[Server]:
    """
    Serve a project as its image does, except for the workers; throttles reject nothing.

    Create a user and log in, unless the headers of a client are given.
    """
    with gunicorn(project, environment, **AS_SHIPPED, **variables) as (port, env):
        yield Server(port, project.path, env, headers or log_in(project, env, port))


@contextmanager
def serve_plain(project: PlainProject) -> Iterator[Server]:
    port = free_port()
    command = [*PLAIN_COMMAND, *f"{WORKERS}2".split(), "--bind", f"127.0.0.1:{port}"]
    with running(command, partial(answers, port), cwd=project.path, env=project.env):
        yield Server(port, project.path, project.env, project.log_in())


class CountingProxy(BaseRequestHandler):
    """Pass a connection on to a server, and count the round trips of the client."""

    target = ("", 0)
    trips = 0

    def handle(self) -> None:
        with socket.create_connection(self.target) as server:
            waiting = False
            while True:
                for ready in select([self.request, server], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    if ready is self.request and not waiting:
                        type(self).trips += 1
                    waiting = ready is self.request
                    (server if waiting else self.request).sendall(data)


@contextmanager
def counting(url: str) -> Iterator[tuple[str, type[CountingProxy]]]:
    """Yield the URL of a proxy for the server, and the counter of its round trips."""
    parts = urlsplit(url)

    class Proxy(CountingProxy):
        target = ("127.0.0.1", parts.port or 0)

    with ThreadingTCPServer(("127.0.0.1", 0), Proxy) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        yield url.replace(f":{parts.port}", f":{port}"), Proxy
        server.shutdown()


def trips(server: Server, counters: list[type[CountingProxy]]) -> dict[str, list[float]]:
    """Return the round trips of each request to each server."""
    counts = {}
    for name in REQUESTS:
        for _ in range(30):  # until connections are open, periods started and queries prepared
            server.send(name)
        before = [counter.trips for counter in counters]
        for _ in range(10):
            server.send(name)
        counts[name] = [
            (counter.trips - start) / 10 for counter, start in zip(counters, before, strict=True)
        ]
    return counts


def start_seconds(command: list[str], server: Server) -> float:
    """Return the seconds until a new process answers a request."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/api/v1/books/"

    def is_up() -> bool:
        try:
            urlopen(Request(url, headers=server.headers)).close()
        except OSError:
            return False
        return True

    start = time.perf_counter()
    with running([*command, "--bind", f"127.0.0.1:{port}"], is_up, cwd=server.path, env=server.env):
        return time.perf_counter() - start


def draw(ratios: dict[str, dict[str, tuple[float, float]]], path: Path) -> None:
    """Draw a bar for each ratio of requests per second, and a line at 1."""
    width, height, gap = 90, 12, 10
    lines = []
    y = 20
    for request in REQUESTS:
        lines.append(f'<text x="0" y="{y + 10}" font-weight="bold">{request.strip("`")}</text>')
        for auth, values in ratios.items():
            ratio = values[request][0]
            lines += [
                f'<text x="130" y="{y + 10}" text-anchor="end" dx="50">{auth}</text>',
                f'<rect x="190" y="{y}" width="{ratio * 2 * width:.0f}" height="{height - 2}" '
                f'fill="#44b78b"/>',
                f'<text x="195" y="{y + 9}" fill="#fff">{ratio:.2f}</text>',
            ]
            y += height
        y += gap
    line = 190 + 2 * width
    text = "\n".join(lines)
    path.write_text(
        f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 {y}"
  font-family="sans-serif" font-size="10">
<rect width="560" height="{y}" fill="#fff"/>
<text x="190" y="12">requests per second, compared with a plain project</text>
{text}
<path d="M{line} 16V{y - gap}" stroke="#092e20" stroke-dasharray="3"/>
</svg>
""",
        "utf-8",
    )


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database_url, cache_url = stack.enter_context(postgresql()), stack.enter_context(redis())
        names = sys.argv[1:] or [*AUTHS, "token-functions"]
        projects = {name: render(folder, *name.split("-")) for name in names}
        environment = install(
            project.files["pyproject.toml"].decode() for project in projects.values()
        )
        plain_database = create_database(database_url, "plain")
        plain_project = PlainProject(folder / "plain", environment, plain_database)
        fill(plain_database, "auth_user", BOOKS)
        plain = stack.enter_context(serve_plain(plain_project))

        ratios, others = {}, []
        print("| |", " | ".join(REQUESTS), "|\n" + "|---" * (len(REQUESTS) + 1) + "|")
        for number, (name, project) in enumerate(projects.items()):
            services = {
                "DATABASE_URL": create_database(database_url, name),
                "CACHE_URL": f"{cache_url}/{number}",
            }
            with serve(
                project, environment, services | {"GUNICORN_CMD_ARGS": f"{WORKERS}2"}
            ) as ours:
                fill(services["DATABASE_URL"], "accounts_user", BOOKS)
                ratios[name] = compare(ours, plain)
                for database in (services["DATABASE_URL"], plain_database):
                    remove_new_books(database, BOOKS)
                start = start_seconds(dockerfile_command(project), ours)
                others.append((name, ours.memory(), start, list_ratio(ours, plain)))
            with (
                counting(services["DATABASE_URL"]) as (database, queries),
                counting(services["CACHE_URL"]) as (cache, commands),
                serve(
                    project,
                    environment,
                    {
                        "DATABASE_URL": database,
                        "CACHE_URL": cache,
                        "GUNICORN_CMD_ARGS": f"{WORKERS}1",
                    },
                    ours.headers,
                ) as counted_server,
            ):
                counted = trips(counted_server, [queries, commands])
            cells = [
                f"{ratios[name][request][0]:.2f} ({ratios[name][request][1]:.2f}); "
                f"{counted[request][0]:.3g} + {counted[request][1]:.3g}"
                for request in REQUESTS
            ]
            print(" | ".join([f"| `{name}`", *cells]) + " |", flush=True)
        start = start_seconds(PLAIN_COMMAND, plain)
        others.append(("plain", plain.memory(), start, list_ratio(plain, plain)))
        print("\n| | memory of a worker | start | list for anyone, `.values()` and orjson = 1 |")
        print("|---|---|---|---|")
        for name, megabytes, start, ratio in others:
            print(f"| `{name}` | {megabytes:.0f} MB | {start:.1f} s | {ratio:.2f} |")
        draw(ratios, Path(__file__).with_name("ratios.svg"))


if __name__ == "__main__":
    main()
