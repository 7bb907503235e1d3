"""
Check that the memory of a worker does not grow.

    uv run python -m benchmarks.memory [REQUESTS]

The exit code is 1 if a worker has grown by more than 5% since its first 20,000 of 200,000 requests.
"""

import sys
import tempfile
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

from benchmarks.plain import fill
from benchmarks.run import BODIES, BOOKS, REQUESTS, Server, render, serve, wrk
from tests.support.environment import install
from tests.support.services import postgresql, redis

FIRST = 20_000
LIMIT = 1.05


def rss(server: Server) -> float:
    """Return the megabytes of the only worker."""
    _, worker = server.processes()
    pages = int(Path(f"/proc/{worker}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> int:
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        project = render(folder, "token")
        environment = install([project.files["pyproject.toml"].decode()])
        database, cache = stack.enter_context(postgresql()), stack.enter_context(redis())
        server = stack.enter_context(
            serve(project, environment, {"DATABASE_URL": database, "CACHE_URL": cache})
        )
        fill(database, "accounts_user", BOOKS)
        sent, first, printed = 0, 0.0, 0
        for name in cycle(REQUESTS):
            _, number = wrk(server.url(REQUESTS[name]), server.headers, BODIES.get(name))
            sent += number
            if sent >= FIRST and not first:
                first = rss(server)
            if sent // FIRST > printed or sent >= total:
                printed = sent // FIRST
                print(f"{sent} requests: {rss(server):.1f} MB", flush=True)
            if sent >= total:
                return int(rss(server) > LIMIT * first)
    return 0


if __name__ == "__main__":
    sys.exit(main())
