"""Run PostgreSQL, Redis and other servers on free ports."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import SSLContext
from threading import Thread

import pytest


def find(program: str) -> str:
    """Return the path of a program. If it is missing, fail the test in CI and skip it elsewhere."""
    places = [os.environ["PATH"], "/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    found = shutil.which(program, path=os.pathsep.join(places))
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{program} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    command: Sequence[str | Path],
    is_up: Callable[[], bool],
    *,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    user: str | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """
    Run a server until the block ends. Wait up to 30 seconds until it is up.

    Its output goes to the file that the variable `SERVER_LOG` names, if there is one.
    """
    path = (env or {}).get("SERVER_LOG")
    with open(path, "a+b") if path else tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=cwd, env=env, user=user, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 30
            while not is_up():
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    pytest.fail(f"{command[0]} did not start: {log.read().decode()}")
                time.sleep(0.02)
            yield process
        finally:
            process.send_signal(stop)
            process.wait(30)


@contextmanager
def serving(
    handler: type[BaseHTTPRequestHandler], context: SSLContext | None = None
) -> Iterator[int]:
    """Serve HTTP, or HTTPS, in this process until the block ends; yield the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()


@dataclass
class Postgresql:
    """A PostgreSQL server that can be restarted. It does not run as root."""

    folder: str
    port: int = field(default_factory=free_port)
    user: str | None = "postgres" if os.geteuid() == 0 else None

    def __post_init__(self) -> None:
        if self.user:
            os.chown(self.folder, pwd.getpwnam(self.user).pw_uid, -1)
        subprocess.run(
            [find("initdb"), "--username=postgres", "--auth=trust", "--no-sync", self.folder],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self.user,
            cwd=self.folder,
        )

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def is_ready(self) -> bool:
        # The port is open before connections are accepted.
        command = [find("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.call(command) == 0

    def running(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        options = ["-h", "127.0.0.1", "-p", str(self.port), "-k", self.folder]
        return running(
            [find("postgres"), "-D", self.folder, *options],
            self.is_ready,
            user=self.user,
            stop=signal.SIGINT,  # SIGTERM waits until all clients have disconnected
        )


@contextmanager
def postgresql() -> Iterator[str]:
    """Run PostgreSQL; yield the URL of a database."""
    with tempfile.TemporaryDirectory() as folder:
        server = Postgresql(folder)
        with server.running():
            yield server.url


def replace(text: str, old: str, new: str) -> str:
    """Replace a text that must occur exactly once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


@contextmanager
def nginx(
    config: str, ports: Sequence[int], listen: str = "", log: Path = Path("/dev/stdout")
) -> Iterator[int]:
    """
    Run nginx with a project's nginx.conf as a proxy for servers on these ports; yield its own port.

    This changes only addresses and paths: `listen` adds directives to the server, and `log` is
    where its logs are written.
    """
    port = free_port()
    servers = "".join(f"server 127.0.0.1:{server} fail_timeout=1s; " for server in ports)
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{name}_temp_path {name}; " for name in names)
    config = replace(config, "http {\n", f"http {{ {folders} upstream web {{ {servers} }}\n")
    config = replace(config, "set $web web:8000;", "set $web web;")
    config = replace(config, "listen 8000;", f"listen 127.0.0.1:{port}; {listen}")
    config = replace(config, "/var/log/nginx/error.log", str(log))
    config = replace(config, "/var/log/nginx/access.log", str(log))
    options = "daemon off; pid nginx.pid;"
    if os.geteuid() == 0:
        options += " user root;"  # the folder is accessible only to its owner
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "nginx.conf").write_text(config, "utf-8")
        command = [find("nginx"), "-p", folder, "-e", "stderr", "-c", "nginx.conf", "-g", options]
        with running(command, partial(answers, port)):
            yield port


@contextmanager
def redis() -> Iterator[str]:
    """Run Redis without persistence; yield its URL."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [find("redis-server"), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
        with running(command, lambda: answers(port), cwd=Path(folder)):
            yield f"redis://127.0.0.1:{port}"


def create_database(url: str, name: str) -> str:
    """Create a database on the server of the URL; return its URL."""
    server = url.rpartition("/")[0]
    subprocess.run([find("createdb"), "--maintenance-db", url, name], check=True)
    return f"{server}/{name}"
