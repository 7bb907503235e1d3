"""Run projects as in production: settings without DEBUG, static files and the image's commands."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.support.environment import TEMPLATE, Run, in_environment
from tests.support.production import (
    BEHIND_PROXY,
    compose,
    dockerfile,
    dockerfile_command,
    documented,
    get,
    production,
    required,
)
from tests.support.rendering import VIEW_STYLES, Bake, Project, Projects, every_auth, first_auth
from tests.support.services import answers, free_port, running

INVALID = "s3cret"
# Any text is valid in these variables.
TEXT = {"ALLOWED_HOSTS", "DEFAULT_FROM_EMAIL", "SECRET_KEY"}
ERROR = "Missing or invalid variables (see README.md):"


@pytest.fixture
def project(auth: str, projects: Projects) -> Project:
    return projects[auth, VIEW_STYLES[0]]


def failed(command: list[str], project: Project, env: dict[str, str]) -> list[str]:
    """Run a command that exits with 1 and prints nothing but errors; return their lines."""
    result = subprocess.run(
        command,
        cwd=project.path,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=30,
    )
    assert (result.returncode, result.stdout) == (1, ""), result
    return result.stderr.splitlines()


@every_auth
def test_deploy_check_passes(project: Project, run: Run) -> None:
    check = ["check", "--deploy", "--fail-level", "WARNING"]
    run(project.path, "manage", *check, **production(project))


@every_auth
def test_startup_names_every_missing_variable(project: Project, environment: Path) -> None:
    env = in_environment(environment, {})
    header, *lines = failed(["python", "manage.py", "check"], project, env)
    assert header == ERROR
    assert set(lines) == {f"  {name}: Environment variable not set." for name in required(project)}


@every_auth
def test_startup_names_every_invalid_variable_but_no_value(
    project: Project, environment: Path
) -> None:
    env = in_environment(environment, dict.fromkeys(documented(project), INVALID))
    # manage.py itself sets DATABASE_TIMEOUT.
    header, *lines = failed(["python", "-c", "import config.settings"], project, env)
    assert header == ERROR
    names = {line.partition(":")[0].strip() for line in lines}
    assert names == documented(project).keys() - TEXT
    assert INVALID not in "".join(lines)
    assert "Environment variable not set" not in "".join(lines)


@every_auth
def test_server_does_not_start_with_an_invalid_variable(
    project: Project, environment: Path
) -> None:
    env = in_environment(environment, production(project) | {"NUM_PROXIES": "two"})
    lines = failed(dockerfile_command(project), project, env)
    assert lines == [ERROR, "  NUM_PROXIES: Not a valid integer."]


@every_auth
def test_git_ignores_secrets_and_generated_files(auth: str, bake: Bake) -> None:
    project = bake(auth=auth)
    generated = [".env", "db.sqlite3", "db.sqlite3-wal", ".venv/x", "staticfiles/x", ".coverage"]
    generated += [".mypy_cache/x", ".pytest_cache/x", ".ruff_cache/x", "books/__pycache__/x.pyc"]
    generated += [".hypothesis/x"]
    for name in generated:
        (project.path / name).parent.mkdir(exist_ok=True)
        (project.path / name).touch()
    for command in ("init", "add -A"):
        subprocess.run(["git", *command.split()], cwd=project.path, check=True, capture_output=True)
    staged = subprocess.run(
        ["git", "ls-files", "-z"], cwd=project.path, check=True, capture_output=True
    )
    assert set(staged.stdout.decode().split("\0")) - {""} == project.files.keys()


@every_auth
def test_image_contains_no_secrets_and_no_tests(project: Project) -> None:
    ignored = project.text(".dockerignore").splitlines()
    assert {".env", "db.sqlite3*", ".git/", "tests/"} <= set(ignored)


@every_auth
def test_dockerfile_passes_hadolint(project: Project) -> None:
    lint = subprocess.run(
        ["hadolint", project.path / "Dockerfile"],
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (lint.returncode, lint.stdout) == (0, "")


def test_workflows_pass_zizmor(projects: Projects) -> None:
    project = next(iter(projects.values()))
    for folder in (project.path, TEMPLATE):
        subprocess.run(["zizmor", "--offline", "--no-progress", folder / ".github"], check=True)


@every_auth
def test_image_does_not_run_as_root(project: Project) -> None:
    (user,) = dockerfile(project, "USER")
    assert int(user) > 0


@every_auth
def test_compose_file_is_complete(project: Project) -> None:
    services = compose(project)["services"]
    web = services["web"]
    assert web["environment"].keys() >= required(project)
    # Several instances cannot share these.
    assert not {"ports", "container_name"} & web.keys()
    assert web["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["environment"] == web["environment"]
    assert services["migrate"].get("restart", "no") == "no"
    # The secrets are public, so other machines must not have access.
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8000:8000"]
    for service in services.values():
        for other, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy" and other != "web":
                assert services[other]["healthcheck"]["test"]


@every_auth
def test_compose_file_mounts_the_configuration_of_the_proxy(project: Project) -> None:
    proxy = compose(project)["services"]["proxy"]
    assert proxy["volumes"] == ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
    config = project.text("nginx.conf")
    (port,) = proxy["ports"]
    assert f"listen {port.rpartition(':')[2]};" in config
    # The name of the service, and the port of Gunicorn
    assert "set $web web:8000;" in config


@contextmanager
def served(
    project: Project, environment: Path, folder: Path
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Build and run a project like its image, but with SQLite; yield the port."""
    shutil.copytree(project.path, folder)
    (collect,) = (command for command in dockerfile(project, "RUN") if "collectstatic" in command)
    variables = {
        **production(project),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "CACHE_URL": "locmem://",
        "NUM_PROXIES": "1",
        "SERVER_LOG": f"{folder}/server.log",
    }
    env = in_environment(environment, variables)
    migrate = compose(project)["services"]["migrate"]["command"]
    for command, its_env in (
        (collect.replace("/venv/bin/", ""), in_environment(environment, {})),
        (migrate, env),
    ):
        subprocess.run(["sh", "-ec", command], cwd=folder, env=its_env, check=True)
    port = free_port()
    server = [*dockerfile_command(project), "--bind", f"127.0.0.1:{port}"]
    with running(server, partial(answers, port), cwd=folder, env=env) as process:
        yield port, process


def check_health(project: Project, environment: Path, port: int) -> None:
    """Run the health check of the image."""
    (check,) = dockerfile(project, "HEALTHCHECK.* CMD")
    command = [part.replace(":8000/", f":{port}/") for part in json.loads(check)]
    subprocess.run(command, env=in_environment(environment, {}), check=True, timeout=30)


def check_pages(port: int) -> None:
    """Check that pages and their static files are served."""
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


def check_graceful_stop(port: int, process: subprocess.Popen[bytes]) -> None:
    """Stop the server while a client is sending a form; the client must get its response."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        token = "a" * 32
        form = f"csrfmiddlewaretoken={token}".encode()
        headers = BEHIND_PROXY | {
            "Origin": "https://api.example.com",
            "Cookie": f"__Host-csrftoken={token}",
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


def check_log(path: Path) -> None:
    """Check that all lines are JSON, and that only Django logs requests."""
    entries = map(json.loads, path.read_text("utf-8").splitlines())
    assert {entry["name"] for entry in entries} == {"api.requests", "gunicorn.error"}


@first_auth
def test_image_serves_pages_and_stops_gracefully(
    project: Project, environment: Path, tmp_path: Path
) -> None:
    with served(project, environment, tmp_path / "app") as (port, process):
        check_health(project, environment, port)
        check_pages(port)
        check_graceful_stop(port, process)
    check_log(tmp_path / "app" / "server.log")
