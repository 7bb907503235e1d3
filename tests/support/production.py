"""Read what a project says about production: variables, the image and its services."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from tests.support.environment import for_uv, in_environment
from tests.support.rendering import Project
from tests.support.services import answers, free_port, running

# Headers from a proxy that terminates TLS, for the host in .env.example
BEHIND_PROXY = {"Host": "api.example.com", "X-Forwarded-Proto": "https"}


def production(project: Project) -> dict[str, str]:
    """Return the variables of `.env.example` for production, with random secrets."""
    variables = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", project.text(".env.example"), re.MULTILINE))
    assert variables
    return {name: value or secrets.token_urlsafe(64) for name, value in variables.items()}


def documented(project: Project) -> dict[str, str]:
    """Return the variables in the README with their defaults."""
    row = r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$"
    variables = dict(re.findall(row, project.text("README.md"), re.MULTILINE))
    assert "SECRET_KEY" in variables
    return variables


def required(project: Project) -> set[str]:
    """Return the variables that are required according to the README."""
    return {name for name, default in documented(project).items() if default == "required"}


def dockerfile(project: Project, instruction: str) -> list[str]:
    """Return the arguments of each such instruction in the Dockerfile."""
    text = project.text("Dockerfile").replace("\\\n", " ")
    return re.findall(rf"^\s*{instruction} (.*)$", text, re.MULTILINE)


def dockerfile_command(project: Project) -> list[str]:
    """Return the default command of the image."""
    command: list[str] = json.loads(dockerfile(project, "CMD")[-1])
    return command


def compose(project: Project) -> dict[str, Any]:
    file: dict[str, Any] = yaml.safe_load(project.files["compose.yaml"])
    return file


def get(port: int, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.build_opener().open(request, timeout=30) as response:
        return dict(response.headers), response.read()


@contextmanager
def gunicorn(
    project: Project, environment: Path, **variables: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Run Gunicorn as compose.yaml does, but with SQLite; yield its port and the variables."""
    env = in_environment(
        environment,
        {
            **for_uv(environment),
            **compose(project)["services"]["web"]["environment"],
            "DATABASE_URL": f"sqlite:///{project.path}/db.sqlite3",
            "CACHE_URL": "locmem://",
            "SERVER_LOG": f"{project.path}/server.log",
            **variables,
        },
    )
    for command in ("migrate -v0", "collectstatic -v0 --noinput"):
        manage = ["python", "manage.py", *command.split()]
        subprocess.run(manage, cwd=project.path, env=env, check=True)
    port = free_port()
    server = [*dockerfile_command(project), "--bind", f"127.0.0.1:{port}"]
    with running(server, partial(answers, port), cwd=project.path, env=env):
        yield port, env
