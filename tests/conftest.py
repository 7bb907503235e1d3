"""What the tests share: rendered projects, and an interpreter that can run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import pytest
from pytest_cookies.plugin import Cookies, Result
from uv import find_uv_bin

TEMPLATE = Path(__file__).parent.parent
QUESTIONS: dict[str, Any] = json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8"))
AUTHS: list[str] = QUESTIONS["auth"]
VIEW_STYLES: list[str] = QUESTIONS["view_style"]
COMBINATIONS = list(product(AUTHS, VIEW_STYLES))
# A developer's shell must not reach the projects; how to reach the network may.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if re.fullmatch(
        r"(?i)PATH|HOME|TMPDIR|LANG|LC_.*|(UV|PIP|SSL|XDG)_.*|.*_PROXY|SYSTEMROOT", name
    )
    and name not in {"UV_PROJECT", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON"}
}
ENVIRONMENT["PATH"] = os.pathsep.join([str(Path(find_uv_bin()).parent), ENVIRONMENT["PATH"]])


@dataclass
class Project:
    """A rendered project."""

    path: Path
    auth: str
    view_style: str
    # As rendered: running a project leaves caches in its folder.
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.files = read_files(self.path)


def read_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def try_to_bake(cookies: Cookies, **answers: str) -> Result:
    """Render; unlike Cookiecutter, refuse an answer to a question that is not asked."""
    assert answers.keys() <= {name for name in QUESTIONS if not name.startswith("_")}, answers
    return cookies.bake(extra_context=answers, template=str(TEMPLATE))


def copy_template(folder: Path) -> Path:
    """Copy what Cookiecutter reads of the template to a new folder, and return that."""
    for part in ("hooks", "templates", "{{cookiecutter.project_slug}}"):
        ignore = shutil.ignore_patterns("__pycache__", ".*_cache")
        shutil.copytree(TEMPLATE / part, folder / part, ignore=ignore)
    shutil.copy(TEMPLATE / "cookiecutter.json", folder)
    return folder


class Bake(Protocol):
    def __call__(self, **answers: str) -> Project: ...


@pytest.fixture(scope="session")
def bake(cookies_session: Cookies) -> Bake:
    """Render a project anew."""

    def bake(**answers: str) -> Project:
        result = try_to_bake(cookies_session, **answers)
        assert result.exception is None, result.exception
        assert result.exit_code == 0
        rendered = result.context
        return Project(result.project_path, rendered["auth"], rendered["view_style"])

    return bake


@pytest.fixture(scope="session")
def projects(bake: Bake) -> dict[tuple[str, str], Project]:
    """Every combination, rendered once; never to be changed."""
    return {
        (auth, view_style): bake(auth=auth, view_style=view_style)
        for auth, view_style in COMBINATIONS
    }


@pytest.fixture
def project(projects: dict[tuple[str, str], Project], request: pytest.FixtureRequest) -> Project:
    """The project of a combination: see `every_combination`."""
    return projects[request.param]


every_combination = pytest.mark.parametrize("project", COMBINATIONS, ids="-".join, indirect=True)
every_auth = pytest.mark.parametrize("auth", AUTHS)


def uv(*arguments: str, cwd: Path) -> str:
    """Run uv; return what it has printed."""
    result = subprocess.run(
        ["uv", *arguments],
        cwd=cwd,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def install(pyprojects: Iterable[str]) -> Path:
    """Return a folder that uv keeps an environment in, with what any of the projects needs."""
    metadata = [tomllib.loads(pyproject) for pyproject in pyprojects]
    needs = {need for data in metadata for need in data["project"]["dependencies"]}
    needs |= {need for data in metadata for need in data["dependency-groups"]["dev"]}
    python = ".".join(map(str, sys.version_info[:2]))
    text = f"""[project]
name = "everything-that-a-project-needs"
version = "0"
requires-python = "{metadata[0]["project"]["requires-python"]}"
dependencies = {json.dumps(sorted(needs))}
"""
    folder = TEMPLATE / ".cache" / python
    folder.mkdir(parents=True, exist_ok=True)
    pyproject = folder / "pyproject.toml"
    if not pyproject.exists() or pyproject.read_text("utf-8") != text:
        # Other workers may be reading it.
        new = folder / f"pyproject.{os.getpid()}"
        new.write_text(text, "utf-8")
        new.replace(pyproject)
    uv("sync", "--quiet", "--python", sys.executable, cwd=folder)
    return folder


@pytest.fixture(scope="session")
def environment(projects: dict[tuple[str, str], Project]) -> Path:
    """A folder that uv keeps an environment in, with what any project says that it needs."""
    return install(project.files["pyproject.toml"].decode() for project in projects.values())


class Run(Protocol):
    def __call__(self, folder: Path, *command: str, **variables: str) -> str: ...


@pytest.fixture(scope="session")
def run(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Run a module such as `pytest` in a project, without failure; return what it has printed."""
    binaries = environment / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    output = tmp_path_factory.mktemp("forks") / "output.txt"
    with subprocess.Popen(
        [binaries / "python", TEMPLATE / "tests" / "forks.py"],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        jobs, codes = process.stdin, process.stdout
        assert jobs
        assert codes

        def run(folder: Path, *command: str, **variables: str) -> str:
            job = {
                "folder": str(folder),
                "output": str(output),
                "environment": variables,
                "command": command,
            }
            print(json.dumps(job), file=jobs, flush=True)
            code = int(codes.readline())
            text = output.read_text("utf-8", errors="replace")
            assert code == 0, text
            return text

        yield run
        jobs.close()
