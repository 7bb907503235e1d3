"""
Time lists of 1,000, 100,000 and 1,000,000 books.

    uv run python -m benchmarks.rows
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from benchmarks.expensive import seconds
from benchmarks.plain import fill
from benchmarks.run import AS_SHIPPED, render
from tests.support.environment import install
from tests.support.production import gunicorn
from tests.support.services import create_database, postgresql, redis

RUNS = 5
SIZES = [1_000, 100_000, 1_000_000]
REQUESTS: dict[str, dict[str, object]] = {
    "first page": {},
    "filter (a quarter of the books)": {"category": "poetry"},
    "filter (one author)": {"author": 1},
    "search that matches all books": {"search": "lazy"},
    "search that matches no book": {"search": "missing"},
    "by title": {"ordering": "title"},
    "page 5,000": {"page": 5_000},
    "page 50,000": {"page": 50_000},
}


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        project = render(folder, "token")
        environment = install([project.files["pyproject.toml"].decode()])
        database, cache = stack.enter_context(postgresql()), stack.enter_context(redis())
        times: dict[str, list[str]] = {name: [] for name in REQUESTS}
        for size in SIZES:
            url = create_database(database, f"books_{size}")
            variables = {"DATABASE_URL": url, "CACHE_URL": cache, "DATABASE_TIMEOUT": "60"}
            with gunicorn(project, environment, **AS_SHIPPED, **variables) as (port, _):
                fill(url, "accounts_user", size)
                for name, parameters in REQUESTS.items():
                    page = f"http://127.0.0.1:{port}/api/v1/books/?{urlencode(parameters)}"
                    timed = [seconds(page) for _ in range(RUNS)]
                    status = "" if timed[0][0] == 200 else f" ({timed[0][0]})"
                    took = median(duration for _, duration in timed)
                    times[name].append(f"{1000 * took:.0f}{status}")
        print("| milliseconds |", " | ".join(f"{size:,}" for size in SIZES), "|")
        print("|---|---|---|---|")
        for name, cells in times.items():
            print(f"| {name} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
