"""What a project's own tools say of it, as rendered and without the example."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import (
    AUTHS,
    COMBINATIONS,
    VIEW_STYLES,
    Bake,
    Project,
    Run,
    every_auth,
    every_combination,
)

Check = Callable[[Run, Path], object]


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
    """Run the project's tests, which must reach every line and branch of its code."""
    own_tests(run, folder, "--cov", "--cov-fail-under=100")


def schema(run: Run, folder: Path) -> str:
    """Return the OpenAPI document, which must be valid and made without a warning."""
    return manage(run, folder, "spectacular", "--validate", "--fail-on-warn")


def types(run: Run, folder: Path, cache: Path) -> None:
    """Check types. A cache may serve projects of one strategy; that of another crashes mypy."""
    output = run(folder, "mypy", MYPY_CACHE_DIR=str(cache))
    assert re.search(r"no issues found in [1-9]\d* source files", output), output


def manage(run: Run, folder: Path, *command: str) -> str:
    return run(folder, "manage", *command, DJANGO_SETTINGS_MODULE="tests.settings")


def remove_line(path: Path, line: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(f"\n{line}\n") == 1, f"{path} has no line {line}"
    path.write_text(text.replace(f"\n{line}\n", "\n"), "utf-8", newline="\n")


@every_combination
@pytest.mark.parametrize("check", [lint, formatting, system_check, migrations, covering_tests])
def test_project_passes(check: Check, project: Project, run: Run) -> None:
    check(run, project.path)


@pytest.mark.parametrize(
    "project",
    [pytest.param(c, marks=pytest.mark.xdist_group(f"types-{c[0]}")) for c in COMBINATIONS],
    ids="-".join,
    indirect=True,
)
def test_types_are_right(
    project: Project, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    types(run, project.path, tmp_path_factory.getbasetemp() / f"mypy-{project.auth}")


@every_auth
def test_schema_is_valid_and_the_same_in_every_view_style(
    auth: str, projects: dict[tuple[str, str], Project], run: Run
) -> None:
    documents = {schema(run, projects[auth, view_style].path) for view_style in VIEW_STYLES}
    assert len(documents) == 1
    assert documents.pop().startswith("openapi: 3.")


@pytest.mark.parametrize(
    "auth", [pytest.param(a, marks=pytest.mark.xdist_group(f"types-{a}")) for a in AUTHS]
)
def test_example_can_go(
    auth: str, bake: Bake, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Each strategy with another style, for variety
    style = VIEW_STYLES[AUTHS.index(auth) % len(VIEW_STYLES)]
    folder = bake(auth=auth, view_style=style).path
    shutil.rmtree(folder / "books")
    shutil.rmtree(folder / "tests" / "books")
    remove_line(folder / "config" / "settings.py", '    "books",')
    remove_line(folder / "config" / "urls.py", '    path("api/v1/", include("books.urls")),')

    for check in (lint, formatting, system_check, migrations, own_tests, schema):
        check(run, folder)
    types(run, folder, tmp_path_factory.getbasetemp() / f"mypy-{auth}")
