"""Load a project of each strategy and a bare Django view with wrk; print a table."""

import json
import re
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from cookiecutter.main import cookiecutter

TEMPLATE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TEMPLATE))

from tests.support.environment import install  # noqa: E402
from tests.support.production import gunicorn  # noqa: E402
from tests.support.readme import Shell, login_commands  # noqa: E402
from tests.support.rendering import AUTHS, Project  # noqa: E402
from tests.support.services import (  # noqa: E402
    answers,
    create_database,
    find,
    free_port,
    postgresql,
    redis,
    running,
)

SECONDS = 3
CONNECTIONS = 4  # as many as a process has threads
# The variables of a project in production, without throttling
UNTHROTTLED = {
    "ANON_THROTTLE_RATE": "off",
    "USER_THROTTLE_RATE": "off",
    "LOG_LEVEL": "WARNING",
}

COUNT_QUERIES = """
import json, os
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
headers, data = json.loads(os.environ["REQUEST"])
client = Client(enforce_csrf_checks=True, headers={**headers, "Host": "127.0.0.1"})
counts = []
for path, body in (("me/", None), ("books/", None), ("books/", data)):
    for _ in range(2):  # the first request fills caches
        with CaptureQueriesContext(connection) as queries:
            if body:
                response = client.post("/api/v1/" + path, body, content_type="application/json")
            else:
                response = client.get("/api/v1/" + path)
    assert response.status_code < 300, response.content
    counts.append(len(queries))
print(json.dumps(counts))
"""


def wrk(url: str, headers: dict[str, str], data: dict[str, str] | None = None) -> float:
    """Return the requests per second; all of them must succeed."""
    command = [find("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if data:
            script.write(f"wrk.method = 'POST'\nwrk.body = [[{json.dumps(data)}]]\n")
            script.flush()
            command += ["-s", script.name]
        result = subprocess.run([*command, url], check=True, capture_output=True, encoding="utf-8")
    assert "Non-2xx" not in result.stdout, result.stdout
    assert "Socket errors" not in result.stdout, result.stdout
    found = re.search(r"^Requests/sec: +([\d.]+)$", result.stdout, re.MULTILINE)
    assert found, result.stdout
    return float(found[1])


def render(folder: Path, auth: str) -> Project:
    path = cookiecutter(
        str(TEMPLATE), no_input=True, output_dir=folder / auth, extra_context={"auth": auth}
    )
    return Project(Path(path), auth, "viewsets")


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database_url = stack.enter_context(postgresql())
        cache_url = stack.enter_context(redis())
        projects = [render(folder, auth) for auth in AUTHS]
        environment = install(project.files["pyproject.toml"].decode() for project in projects)

        print("| | `me/` | book list | creating a book | bare view |")
        print("|---|---|---|---|---|")
        for number, project in enumerate(projects):
            database = create_database(database_url, project.auth)
            services = {"DATABASE_URL": database, "CACHE_URL": f"{cache_url}/{number}"}
            with gunicorn(project, environment, **UNTHROTTLED, **services) as (port, env):
                print(row(project, port, env), flush=True)


def row(project: Project, port: int, env: dict[str, str]) -> str:
    """Measure a project that is served at a port; return its row of the table."""
    manage = partial(
        subprocess.run, cwd=project.path, check=True, capture_output=True, encoding="utf-8"
    )
    manage(["python", "manage.py", "seed_demo"], env={**env, "DEBUG": "true"})
    bare_port = free_port()
    bare = ["gunicorn", "--bind", f"127.0.0.1:{bare_port}", "bare"]
    bare += ["--worker-class=gthread", "--threads=4", "--no-control-socket"]
    with running(bare, partial(answers, bare_port), cwd=Path(__file__).parent, env=env):
        lines = login_commands(project.text("README.md")).splitlines()
        book = next(line for line in lines if "$API/books/" in line)
        shell = Shell(project.path, env)
        for line in lines[: lines.index(book)]:
            shell(line.replace(":8000", f":{port}"))
        headers, data = shell.arguments(book)
        shell.process.terminate()
        given = json.dumps([headers, data])
        count = ["python", "manage.py", "shell", "-v0", "-c", COUNT_QUERIES]
        counted = manage(count, env={**env, "REQUEST": given})
        queries = json.loads(counted.stdout)
        loads = [("me/", None), ("books/", None), ("books/", data)]
        cells = []
        bare_rates = []
        for count, (path, body) in zip(queries, loads, strict=True):
            bare_rates.append(wrk(f"http://127.0.0.1:{bare_port}/", {}))
            rate = wrk(f"http://127.0.0.1:{port}/api/v1/{path}", headers, body)
            cells.append(f"{rate / bare_rates[-1]:.2f} ({rate:.0f}/s, {count} SQL)")
    cells.append(f"1 ({min(bare_rates):.0f} to {max(bare_rates):.0f}/s)")
    return " | ".join([f"| `{project.auth}`", *cells]) + " |"


if __name__ == "__main__":
    main()
