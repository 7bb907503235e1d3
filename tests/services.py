"""PostgreSQL, Redis and other servers for the tests to use, on ports of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest


def find(program: str) -> str:
    """Return the path of a server's program; skip the test if there is none, but not in CI."""
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
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; wait until it is up, half a minute at most."""
    with tempfile.TemporaryFile() as log:
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
            process.terminate()
            process.wait(30)


@contextmanager
def postgresql() -> Iterator[str]:
    """Run PostgreSQL, as another user if this one is root; yield the URL of a database."""
    initdb, postgres = find("initdb"), find("postgres")
    user = "postgres" if os.geteuid() == 0 else None
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        subprocess.run(
            [initdb, "--username=postgres", "--auth=trust", "--no-sync", "--pgdata", folder],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            cwd=folder,
        )
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", folder, "-c", "fsync=off"]
        with running([postgres, "-D", folder, *options], lambda: answers(port), user=user):
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"


@contextmanager
def redis() -> Iterator[str]:
    """Run Redis, in memory; yield its URL."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [find("redis-server"), "--bind", "127.0.0.1", "--port", str(port), "--save", ""]
        with running(command, lambda: answers(port), cwd=Path(folder)):
            yield f"redis://127.0.0.1:{port}"


def create_database(url: str, name: str) -> str:
    """Create a database beside the one at the URL; return its URL."""
    server = url.rpartition("/")[0]
    subprocess.run([find("createdb"), "--maintenance-db", url, name], check=True)
    return f"{server}/{name}"
