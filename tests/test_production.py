"""Projects as production runs them: settings without DEBUG, static files, the image's commands."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import AUTHS, ENVIRONMENT, TEMPLATE, VIEW_STYLES, Bake, Project, Run, every_auth
from tests.services import answers, free_port, running

# What a proxy that ends TLS adds; the host is the one in .env.example.
BEHIND_PROXY = {"Host": "api.example.com", "X-Forwarded-Proto": "https"}


@pytest.fixture
def project(auth: str, projects: dict[tuple[str, str], Project]) -> Project:
    return projects[auth, VIEW_STYLES[0]]


def production(project: Project) -> dict[str, str]:
    """Return the variables of `.env.example` for production, with secrets where it leaves a gap."""
    example = project.files[".env.example"].decode()
    variables = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert variables
    return {name: value or secrets.token_urlsafe(64) for name, value in variables.items()}


def required(project: Project) -> list[str]:
    """Return the variables that the README calls required."""
    readme = project.files["README.md"].decode()
    names = re.findall(r"^\| `([A-Z_]+)` \| required \|", readme, re.MULTILINE)
    assert "SECRET_KEY" in names
    return list(names)


def dockerfile(project: Project, instruction: str) -> list[str]:
    """Return the arguments of every such instruction in the Dockerfile, a line each."""
    text = project.files["Dockerfile"].decode().replace("\\\n", " ")
    return re.findall(rf"^\s*{instruction} (.*)$", text, re.MULTILINE)


def dockerfile_command(project: Project) -> list[str]:
    """Return what the image runs, unless told otherwise."""
    command: list[str] = json.loads(dockerfile(project, "CMD")[-1])
    return command


def compose(project: Project) -> dict[str, Any]:
    file: dict[str, Any] = yaml.safe_load(project.files["compose.yaml"])
    return file


def in_environment(environment: Path, variables: dict[str, str]) -> dict[str, str]:
    """Return variables for a command to find the environment's programs, as in the image."""
    path = os.pathsep.join([str(environment / ".venv" / "bin"), ENVIRONMENT["PATH"]])
    return {**ENVIRONMENT, **variables, "PATH": path}


@every_auth
def test_deploy_check_is_clean(project: Project, run: Run) -> None:
    check = ["check", "--deploy", "--fail-level", "WARNING"]
    run(project.path, "manage", *check, **production(project))


@every_auth
def test_missing_variable_stops_the_start_in_one_line(project: Project, environment: Path) -> None:
    variables = production(project)
    for name in required(project):
        env = in_environment(environment, {n: v for n, v in variables.items() if n != name})
        result = subprocess.run(
            ["python", "manage.py", "check"],
            cwd=project.path,
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert result.returncode == 1
        assert result.stdout == ""
        assert result.stderr == f"{name} is not set; README.md says what it is for.\n"


@every_auth
def test_server_does_not_start_with_a_wrong_setting(project: Project, environment: Path) -> None:
    variables = production(project) | {"NUM_PROXIES": "two"}
    result = subprocess.run(
        dockerfile_command(project),
        cwd=project.path,
        env=in_environment(environment, variables),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=30,
    )
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == "NUM_PROXIES is not valid: give a whole number.\n"


@every_auth
def test_git_sees_no_secret_and_nothing_that_tools_make(auth: str, bake: Bake) -> None:
    project = bake(auth=auth)
    made = [".env", "db.sqlite3", "db.sqlite3-wal", ".venv/x", "staticfiles/x", ".coverage"]
    made += [".mypy_cache/x", ".pytest_cache/x", ".ruff_cache/x", "books/__pycache__/x.pyc"]
    for name in made:
        (project.path / name).parent.mkdir(exist_ok=True)
        (project.path / name).touch()
    for command in ("init", "add -A"):
        subprocess.run(["git", *command.split()], cwd=project.path, check=True, capture_output=True)
    staged = subprocess.run(
        ["git", "ls-files", "-z"], cwd=project.path, check=True, capture_output=True
    )
    assert set(staged.stdout.decode().split("\0")) - {""} == project.files.keys()


@every_auth
def test_image_holds_no_secret_and_no_tests(project: Project) -> None:
    ignored = project.files[".dockerignore"].decode().splitlines()
    assert {".env", "db.sqlite3*", ".git/", "tests/"} <= set(ignored)


@every_auth
def test_dockerfile_is_sound(project: Project) -> None:
    lint = subprocess.run(
        ["hadolint", project.path / "Dockerfile"],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (lint.returncode, lint.stdout) == (0, "")


def test_workflows_are_safe(projects: dict[tuple[str, str], Project]) -> None:
    project = next(iter(projects.values()))
    for folder in (project.path, TEMPLATE):
        subprocess.run(["zizmor", "--offline", "--no-progress", folder / ".github"], check=True)


@every_auth
def test_image_is_not_run_by_root(project: Project) -> None:
    (user,) = dockerfile(project, "USER")
    assert int(user) > 0


@every_auth
def test_compose_file_is_complete(project: Project) -> None:
    services = compose(project)["services"]
    web = services["web"]
    assert web["environment"].keys() >= set(required(project))
    # What several instances cannot share
    assert not {"ports", "container_name"} & web.keys()
    assert web["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["environment"] == web["environment"]
    assert services["migrate"].get("restart", "no") == "no"
    # Known secrets: other machines are kept out.
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]
    for service in services.values():
        for other, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy" and other != "web":
                assert services[other]["healthcheck"]["test"]


@contextmanager
def served(
    project: Project, environment: Path, folder: Path
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Build and run a project as its image does, on SQLite; yield the port."""
    shutil.copytree(project.path, folder)
    (collect,) = (command for command in dockerfile(project, "RUN") if "collectstatic" in command)
    variables = {
        **production(project),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "CACHE_URL": "locmemcache://",
        "NUM_PROXIES": "1",
    }
    env = in_environment(environment, variables)
    migrate = compose(project)["services"]["migrate"]["command"]
    for command, its_env in (
        (collect.replace("/venv/bin/", ""), in_environment(environment, {})),
        (migrate, env),
    ):
        subprocess.run(["sh", "-ec", command], cwd=folder, env=its_env, check=True)
    port = free_port()
    bind = ["--bind", f"127.0.0.1:{port}"]
    command = [*dockerfile_command(project), *bind]
    with running(command, partial(answers, port), cwd=folder, env=env) as process:
        yield port, process


def get(port: int, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.build_opener().open(request, timeout=30) as response:
        return dict(response.headers), response.read()


@pytest.mark.parametrize(
    "auth", [AUTHS[0], *(pytest.param(auth, marks=pytest.mark.thorough) for auth in AUTHS[1:])]
)
def test_image_serves_pages_and_static_files_and_stops_gracefully(
    project: Project, environment: Path, tmp_path: Path
) -> None:
    with served(project, environment, tmp_path / "app") as (port, process):
        (check,) = dockerfile(project, "HEALTHCHECK.* CMD")
        healthy = [part.replace(":8000/", f":{port}/") for part in json.loads(check)]
        env = in_environment(environment, {})
        subprocess.run(healthy, env=env, check=True, timeout=30)

        headers, _ = get(port, "/admin/login/", **BEHIND_PROXY)
        assert headers["Strict-Transport-Security"]
        _, page = get(port, "/api/docs/", **BEHIND_PROXY)
        links = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode())
        assert links
        for link in links:
            assert re.search(r"\.[0-9a-f]{12}\.(js|css|png)$", link)
            headers, _ = get(port, link, **BEHIND_PROXY, **{"Accept-Encoding": "gzip"})
            assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
            if not link.endswith(".png"):
                assert headers["Content-Encoding"] == "gzip"

        # A form is being sent when the server is told to stop.
        with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
            token = "a" * 32
            form = f"csrfmiddlewaretoken={token}".encode()
            headers = BEHIND_PROXY | {
                "Origin": "https://api.example.com",
                "Cookie": f"csrftoken={token}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(form)),
                "Expect": "100-continue",
            }
            lines = ["POST /admin/login/ HTTP/1.1", *map(": ".join, headers.items()), "", ""]
            client.sendall("\r\n".join(lines).encode())
            assert client.recv(100).startswith(b"HTTP/1.1 100")
            process.terminate()
            client.settimeout(0.5)
            with pytest.raises(TimeoutError):
                client.recv(1)
            client.settimeout(30)
            client.sendall(form)
            assert client.makefile("rb").readline().startswith(b"HTTP/1.1 200")
        assert process.wait(30) == 0
