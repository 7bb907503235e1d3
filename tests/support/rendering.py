"""Render projects from the template."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import pytest
from cookiecutter.generate import generate_context
from cookiecutter.prompt import prompt_for_config
from pytest_cookies.plugin import Cookies, Result

from tests.support.environment import ENVIRONMENT, TEMPLATE

# The folder that becomes the project
SOURCE = TEMPLATE / "{{cookiecutter.project_slug}}"
QUESTIONS: dict[str, Any] = json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8"))
AUTHS: list[str] = QUESTIONS["auth"]
VIEW_STYLES: list[str] = QUESTIONS["view_style"]
COMBINATIONS = list(product(AUTHS, VIEW_STYLES))
FREE_TEXT = ("project_name", "description", "author_name")

every_combination = pytest.mark.parametrize("project", COMBINATIONS, ids="-".join, indirect=True)
every_auth = pytest.mark.parametrize("auth", AUTHS)
# The first strategy by default, the others with `-m thorough`
first_auth = pytest.mark.parametrize(
    "auth", [AUTHS[0], *(pytest.param(auth, marks=pytest.mark.thorough) for auth in AUTHS[1:])]
)


@dataclass
class Project:
    """A rendered project."""

    path: Path
    auth: str
    view_style: str
    # Read at once, because running a project leaves caches in its folder.
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.files = read_files(self.path)

    def text(self, path: str) -> str:
        return self.files[path].decode()


Projects = dict[tuple[str, str], Project]


class Bake(Protocol):
    def __call__(self, **answers: str) -> Project: ...


def style_for(auth: str) -> str:
    """Return a view style for a test of every strategy, so that such a test covers all styles."""
    return VIEW_STYLES[AUTHS.index(auth) % len(VIEW_STYLES)]


def share_types_cache(auth: str) -> pytest.MarkDecorator:
    """Run tests that check the types of a strategy's projects in the same worker."""
    return pytest.mark.xdist_group(f"types-{auth}")


def read_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_fragment(path: str) -> bool:
    """Return whether a source below templates/ is not a complete file of the project."""
    return not {"_fragments", "_clients"}.isdisjoint(PurePosixPath(path).parts)


def try_to_bake(cookies: Cookies, **answers: str) -> Result:
    """Render a project. Cookiecutter ignores answers to unknown questions; this rejects them."""
    assert answers.keys() <= {name for name in QUESTIONS if not name.startswith("_")}, answers
    return cookies.bake(extra_context=answers, template=str(TEMPLATE))


def render(folder: Path, auth: str, view_style: str, template: Path = TEMPLATE) -> Path:
    """Render a project into a subfolder named after its answers, and return the subfolder."""
    project = folder / f"{auth}_{view_style}"
    answers = [f"auth={auth}", f"view_style={view_style}", f"project_slug={project.name}"]
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "--default-config"]
    subprocess.run(
        [*command, "--output-dir", str(folder), str(template), *answers],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return project


def default_context() -> dict[str, Any]:
    """Return the template's context, as Cookiecutter calls it, with the default answers."""
    context: dict[str, Any] = generate_context(str(TEMPLATE / "cookiecutter.json"))
    context["cookiecutter"] = prompt_for_config(context, no_input=True)
    return context


def copy_template(folder: Path) -> Path:
    """Copy what Cookiecutter reads of the template to a new folder, and return the folder."""
    for part in ("hooks", "templates", SOURCE.name):
        ignore = shutil.ignore_patterns("__pycache__", ".*_cache")
        shutil.copytree(TEMPLATE / part, folder / part, ignore=ignore)
    shutil.copy(TEMPLATE / "cookiecutter.json", folder)
    return folder


def assert_choices_are_complete(template: Path, question: str) -> None:
    """Check that every choice has a folder below templates/, a prompt and a row in README.md."""
    questions = json.loads((template / "cookiecutter.json").read_text("utf-8"))
    folder = template / "templates" / {"auth": "auth", "view_style": "views"}[question]
    assert sorted(questions[question]) == sorted(path.name for path in folder.iterdir())
    assert list(questions["__prompts__"][question]) == ["__prompt__", *questions[question]]
    readme = (template / "README.md").read_text("utf-8")
    for choice in questions[question]:
        assert f"\n| `{choice}` | " in readme, choice


def run_cookiecutter(
    home: Path, template: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the `cookiecutter` command without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "cookiecutter", "--no-input", str(template), *arguments],
        cwd=home,
        env={**ENVIRONMENT, "HOME": str(home), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding=variables.get("PYTHONIOENCODING", "utf-8"),
        check=False,
    )
