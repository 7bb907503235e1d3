"""Run rendered projects in one virtual environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from uv import find_uv_bin

TEMPLATE = Path(__file__).resolve().parents[2]
# Variables of the developer's shell must not reach the projects, except those for the network.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if re.fullmatch(
        r"(?i)PATH|HOME|TMPDIR|LANG|LC_.*|(UV|PIP|SSL|XDG)_.*|.*_PROXY|SYSTEMROOT", name
    )
    and name not in {"UV_PROJECT", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON"}
}
ENVIRONMENT["PATH"] = os.pathsep.join([str(Path(find_uv_bin()).parent), ENVIRONMENT["PATH"]])


class Run(Protocol):
    def __call__(self, folder: Path, *command: str, **variables: str) -> str: ...


def uv(*arguments: str, cwd: Path) -> str:
    """Run uv and return its output."""
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


def requirements(pyproject: str) -> list[str]:
    """Return the dependencies of a project, including those for development."""
    metadata = tomllib.loads(pyproject)
    return [*metadata["project"]["dependencies"], *metadata["dependency-groups"]["dev"]]


def install(pyprojects: Iterable[str]) -> Path:
    """Install the dependencies of all projects; return the folder of the virtual environment."""
    python = ".".join(map(str, sys.version_info[:2]))
    dependencies = sorted({name for pyproject in pyprojects for name in requirements(pyproject)})
    text = f"""[project]
name = "dependencies-of-all-projects"
version = "0"
requires-python = ">={python}"
dependencies = {json.dumps(dependencies)}
"""
    folder = TEMPLATE / ".cache" / python
    folder.mkdir(parents=True, exist_ok=True)
    pyproject = folder / "pyproject.toml"
    if not pyproject.exists() or pyproject.read_text("utf-8") != text:
        # Replace the file in one step, because other workers may be reading it.
        new = folder / f"pyproject.{os.getpid()}"
        new.write_text(text, "utf-8")
        new.replace(pyproject)
    uv("sync", "--quiet", "--python", sys.executable, cwd=folder)
    return folder


def binaries(environment: Path) -> Path:
    """Return the folder of the programs in a virtual environment."""
    return environment / ".venv" / ("Scripts" if os.name == "nt" else "bin")


def in_environment(environment: Path, variables: dict[str, str]) -> dict[str, str]:
    """Return variables for a command that runs programs of the virtual environment."""
    path = os.pathsep.join([str(binaries(environment)), ENVIRONMENT["PATH"]])
    return {**ENVIRONMENT, **variables, "PATH": path}


def for_uv(environment: Path) -> dict[str, str]:
    """Return variables that make `uv run` use the virtual environment and install nothing."""
    return ENVIRONMENT | {
        "UV_NO_SYNC": "1",
        "UV_PROJECT_ENVIRONMENT": str(environment / ".venv"),
    }


@contextmanager
def forks(environment: Path, output: Path) -> Iterator[Run]:
    """Yield a function that runs a module such as `pytest` in a project and returns its output."""
    with subprocess.Popen(
        [binaries(environment) / "python", Path(__file__).with_name("forks.py")],
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
