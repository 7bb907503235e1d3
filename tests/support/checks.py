"""Run the tools of a project; each check fails the test if its tool does."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.support.environment import Run

Check = Callable[[Run, Path], object]


class CheckTypes(Protocol):
    def __call__(self, folder: Path, auth: str) -> None: ...


def manage(run: Run, folder: Path, *command: str) -> str:
    return run(folder, "manage", *command, DJANGO_SETTINGS_MODULE="tests.settings")


def lint(run: Run, folder: Path) -> None:
    run(folder, "ruff", "check", "--no-cache")


def formatting(run: Run, folder: Path) -> None:
    run(folder, "ruff", "format", "--check", "--no-cache")


def system_check(run: Run, folder: Path) -> None:
    manage(run, folder, "check", "--fail-level", "DEBUG")


def migrations(run: Run, folder: Path) -> None:
    manage(run, folder, "makemigrations", "--check", "--dry-run")


def own_tests(run: Run, folder: Path, *options: str) -> None:
    output = run(folder, "pytest", *options)
    summary = re.search(r"^(\d+) passed(, \d+ skipped)? in ", output, re.MULTILINE)
    assert summary, output
    assert int(summary[1]) > 0


def covering_tests(run: Run, folder: Path) -> None:
    """Run the project's tests, which must cover every line and branch."""
    own_tests(run, folder, "--cov", "--cov-fail-under=100")


def schema(run: Run, folder: Path) -> str:
    """Return the OpenAPI document, which must be valid and generated without warnings."""
    return manage(run, folder, "spectacular", "--validate", "--fail-on-warn")


def types(run: Run, folder: Path, cache: Path) -> None:
    """Check types. mypy crashes if it gets the cache of another strategy's project."""
    output = run(folder, "mypy", MYPY_CACHE_DIR=str(cache))
    assert re.search(r"no issues found in [1-9]\d* source files", output), output
