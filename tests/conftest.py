"""Fixtures for the tests of the template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_cookies.plugin import Cookies

from tests.support import checks
from tests.support.checks import CheckTypes
from tests.support.environment import Run, forks, install
from tests.support.rendering import COMBINATIONS, Bake, Project, Projects, try_to_bake


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-docs",
        action="store_true",
        help="update the code in README.md, and the pictures in docs/ with -m browser",
    )


@pytest.fixture(scope="session")
def bake(cookies_session: Cookies) -> Bake:
    """Render a new project."""

    def bake(**answers: str) -> Project:
        result = try_to_bake(cookies_session, **answers)
        assert result.exception is None, result.exception
        assert result.exit_code == 0
        rendered = result.context
        return Project(result.project_path, rendered["auth"], rendered["view_style"])

    return bake


@pytest.fixture(scope="session")
def projects(bake: Bake) -> Projects:
    """Every combination, rendered once per worker. Tests must not change these projects."""
    return {
        (auth, view_style): bake(auth=auth, view_style=view_style)
        for auth, view_style in COMBINATIONS
    }


@pytest.fixture
def project(projects: Projects, request: pytest.FixtureRequest) -> Project:
    """The project of the combination that `every_combination` passes."""
    return projects[request.param]


@pytest.fixture(scope="session")
def environment(projects: Projects) -> Path:
    """The folder of a virtual environment with the dependencies of all projects."""
    return install(project.text("pyproject.toml") for project in projects.values())


@pytest.fixture(scope="session")
def run(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Run a module such as `pytest` in a project and return its output. Failures fail the test."""
    with forks(environment, tmp_path_factory.mktemp("forks") / "output.txt") as run:
        yield run


@pytest.fixture(scope="session")
def check_types(run: Run, tmp_path_factory: pytest.TempPathFactory) -> CheckTypes:
    """Run mypy in a project, with one cache per strategy."""

    def check_types(folder: Path, auth: str) -> None:
        checks.types(run, folder, tmp_path_factory.getbasetemp() / f"mypy-{auth}")

    return check_types
