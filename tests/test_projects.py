"""Checks of every project with its own tools, with and without the example app."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.support.checks import (
    Check,
    CheckTypes,
    covering_tests,
    formatting,
    lint,
    migrations,
    own_tests,
    schema,
    system_check,
)
from tests.support.environment import TEMPLATE, Run, for_uv
from tests.support.readme import bash
from tests.support.rendering import (
    AUTHS,
    COMBINATIONS,
    VIEW_STYLES,
    Bake,
    Project,
    Projects,
    every_auth,
    every_combination,
    share_types_cache,
    style_for,
)


@every_combination
@pytest.mark.parametrize("check", [lint, formatting, system_check, migrations])
def test_project_passes_its_own_checks(check: Check, project: Project, run: Run) -> None:
    check(run, project.path)


@every_combination
def test_project_passes_its_own_tests(project: Project, run: Run) -> None:
    # No file depends on both answers, so one view style for each strategy covers all files.
    # Measuring coverage doubles the time.
    measured = project.view_style == style_for(project.auth)
    (covering_tests if measured else own_tests)(run, project.path)


def test_tests_of_project_pass_in_random_order_and_in_parallel(bake: Bake, run: Run) -> None:
    folder = bake(auth=AUTHS[0], view_style=style_for(AUTHS[0])).path
    shutil.copy(TEMPLATE / "tests" / "support" / "shuffle.py", folder)
    own_tests(run, folder, "-n2", "-p", "shuffle")


@pytest.mark.parametrize(
    "project",
    [pytest.param(answers, marks=share_types_cache(answers[0])) for answers in COMBINATIONS],
    ids="-".join,
    indirect=True,
)
def test_project_passes_mypy(project: Project, check_types: CheckTypes) -> None:
    check_types(project.path, project.auth)


@every_auth
def test_schema_is_valid_and_equal_in_all_view_styles(
    auth: str, projects: Projects, run: Run
) -> None:
    documents = {schema(run, projects[auth, view_style].path) for view_style in VIEW_STYLES}
    # The same in development, and with PostgreSQL, which is not needed to generate the document
    folder = projects[auth, style_for(auth)].path
    variables = {"DEBUG": "true", "DATABASE_URL": "postgres://127.0.0.1:1/none"}
    documents.add(run(folder, "manage", "spectacular", **variables))
    assert len(documents) == 1
    assert documents.pop().startswith("openapi: 3.")


def test_workflow_compares_committed_document_with_code(bake: Bake, environment: Path) -> None:
    project = bake()
    steps = yaml.safe_load(project.text(".github/workflows/ci.yml"))["jobs"]["test"]["steps"]
    (step,) = (step for step in steps if "hashFiles('openapi.yaml')" in step.get("if", ""))
    env = for_uv(environment) | step["env"]
    (project.path / "openapi.yaml").write_text("outdated", "utf-8")
    assert bash("git init --quiet && git add openapi.yaml", project.path, env).returncode == 0
    outdated = bash(step["run"], project.path, env)
    assert outdated.returncode == 1
    # The message names the command of the README, which the step has run.
    assert "`uv run manage.py spectacular --file openapi.yaml`" in project.text("README.md")
    assert "Run: uv run manage.py spectacular --file openapi.yaml" in outdated.stdout
    assert bash("git add openapi.yaml", project.path, env).returncode == 0
    assert bash(step["run"], project.path, env).returncode == 0


def test_workflow_checks_dependencies_for_vulnerabilities(projects: Projects) -> None:
    """Not a test of projects: they can have another workflow."""
    project = next(iter(projects.values()))
    steps = yaml.safe_load(project.text(".github/workflows/ci.yml"))["jobs"]["audit"]["steps"]
    export, audit = (step["run"] for step in steps[-2:])
    assert export.startswith("uv export ")
    assert export.endswith(" --output-file requirements.txt")
    assert "pip-audit" in audit
    assert audit.endswith(" --strict --disable-pip --requirement requirements.txt")


# The lines of code that mention the example
APP = '    "books",'
URL = '    path("api/v1/", include("books.urls")),'


def remove_line(path: Path, line: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(f"\n{line}\n") == 1, f"{path} has no line {line}"
    path.write_text(text.replace(f"\n{line}\n", "\n"), "utf-8", newline="\n")


@every_combination
def test_only_the_example_and_two_lines_of_code_mention_it(project: Project) -> None:
    """Removing it from one project then shows what removing it from the others would."""
    mentions = {
        path: re.findall("^.*book.*$", content.decode(), re.IGNORECASE | re.MULTILINE)
        for path, content in project.files.items()
        if path.endswith(".py") and not path.startswith(("books/", "tests/books/"))
    }
    assert {path: lines for path, lines in mentions.items() if lines} == {
        "config/settings.py": [APP],
        "config/urls.py": [URL],
    }


@share_types_cache(AUTHS[0])
def test_project_passes_without_the_example(bake: Bake, run: Run, check_types: CheckTypes) -> None:
    auth = AUTHS[0]
    folder = bake(auth=auth, view_style=style_for(auth)).path
    shutil.rmtree(folder / "books")
    shutil.rmtree(folder / "tests" / "books")
    remove_line(folder / "config" / "settings.py", APP)
    remove_line(folder / "config" / "urls.py", URL)

    for check in (lint, formatting, system_check, migrations, own_tests, schema):
        check(run, folder)
    check_types(folder, auth)
