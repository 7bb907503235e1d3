"""
Time the most expensive GET requests of up to 4 kB, with 100,000 books in PostgreSQL.

    uv run python -m benchmarks.expensive

The exit code is 1 if a request takes longer than a second.
"""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from benchmarks.run import UNTHROTTLED, render
from tests.support.environment import install
from tests.support.production import gunicorn
from tests.support.services import postgresql, redis

RUNS = 5
LIMIT = 1.0  # seconds

FILL = """
from django.db import connection
from accounts.models import User
from books.models import Author

User.objects.bulk_create(User(username=f"user{n}") for n in range(1000))
Author.objects.bulk_create(Author(name=f"Author {n} the quick brown fox") for n in range(1000))
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO books_book (title, description, category, year_published, is_published,"
        " author_id, owner_id, created_at, updated_at)"
        " SELECT 'The lazy dog jumps over quartz, volume ' || n, repeat('x', 200), 'fiction',"
        " 1 + n % 2000, true, 1 + n % 1000, 1 + n % 1000, now() - n * interval '1 minute', now()"
        " FROM generate_series(1, 100000) n"
    )
    cursor.execute("ANALYZE")
"""

# Search terms that all books match, and those of which only the last one matches none
MATCHING = "a e o t h r u i n k"
FAILING = "a e o t h r u i n \u00f8"
REQUESTS: dict[str, dict[str, object] | list[tuple[str, object]]] = {
    "first page": {},
    "100 rows": {"page_size": 100},
    "last page": {"page": 5000},
    "last page of 100 rows, by title": {"page": 1000, "page_size": 100, "ordering": "-title"},
    "ten terms that match": {"search": MATCHING},
    "ten terms that match, by title": {"search": MATCHING, "ordering": "title", "page": 5000},
    "ten terms, the last matches nothing": {"search": FAILING},
    "ten terms, the last matches nothing, by title": {"search": FAILING, "ordering": "title"},
    "wildcards": {"search": " ".join(["%_" * 9] * 10)},
    "every filter": {
        "author": 7,
        "category": "fiction",
        "year_published": 7,
        "search": MATCHING,
        "ordering": "-year_published",
        "page_size": 100,
    },
    "4 kB of orderings": {"ordering": ",".join(["title", "-title"] * 290)},
    "4 kB of search": {"search": "a " * 2000},
    "4 kB of filters": {"author": "1" * 4000},
    "4 kB of repeated parameters": [("author", n) for n in range(350)],
}


def seconds(url: str) -> tuple[int, float]:
    """Send a request; return the status code and the seconds that it took."""
    start = time.perf_counter()
    try:
        with urlopen(url, timeout=60) as response:  # noqa: S310 # our own server
            response.read()
            return response.status, time.perf_counter() - start
    except HTTPError as error:
        error.read()
        return error.code, time.perf_counter() - start


def main() -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        project = render(folder, "token")
        environment = install([project.files["pyproject.toml"].decode()])
        database, cache = stack.enter_context(postgresql()), stack.enter_context(redis())
        services = {"DATABASE_URL": database, "CACHE_URL": cache}
        # The slowest requests must be timed, not cancelled.
        variables = {**UNTHROTTLED, **services, "DATABASE_TIMEOUT": "60"}
        port, env = stack.enter_context(gunicorn(project, environment, **variables))
        fill = ["python", "manage.py", "shell", "-v0", "-c", FILL]
        subprocess.run(fill, cwd=project.path, env=env, check=True)

        print("| request | status | seconds |\n|---|---|---|")
        slowest = 0.0
        for name, parameters in REQUESTS.items():
            url = f"http://127.0.0.1:{port}/api/v1/books/?{urlencode(parameters)}"
            timed = [seconds(url) for _ in range(RUNS)]
            took = median(duration for _, duration in timed)
            slowest = max(slowest, took)
            print(f"| {name} | {timed[0][0]} | {took:.2f} |", flush=True)
    return int(slowest > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
