"""Update projects from the template, and switch strategy and view style, with cruft."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.checks import manage, own_tests
from tests.support.environment import ENVIRONMENT, Run, for_uv
from tests.support.readme import blocks
from tests.support.rendering import (
    AUTHS,
    SOURCE,
    VIEW_STYLES,
    Bake,
    copy_template,
    every_auth,
    style_for,
)
from tests.support.resources import add_orders

# What users add to files of the template
ADDITIONS = {
    "books/models.py": "\nSHELVES = 12\n",
    "config/settings.py": "\nSHELVES = 12\n",
    "README.md": "\n## Shelves\n\nWe have 12.\n",
}
# Changes of the template: a file, the text to replace and its replacement
CHANGES = [
    ("README.md", "## Test\n", "## Test\n\nBefore each commit.\n"),
    ("books/models.py", "class Author(", "# An author of books\nclass Author("),
    ("config/settings.py", 'TIME_ZONE = "UTC"\n', 'TIME_ZONE = "UTC"\nUSE_TZ = True\n'),
    ("pyproject.toml", 'version = "0.1.0"\n', 'version = "0.2.0"\n'),
]
FILL = """
from rest_framework.test import APIClient
from accounts.models import User
from books.models import Author, Book
from tests.clients import log_in

author = Author.objects.create(name="Ursula K. Le Guin")
for name in ("ursula", "octavia"):
    user = User.objects.create_user(name, f"{name}@example.com", "correct-horse-battery")
    Book.objects.create(title=name, year_published=1974, author=author, owner=user)
    log_in(APIClient(SERVER_NAME="localhost"), user)
"""
# Rows of a former strategy would prevent deleting a user.
CHECK = """
from accounts.models import User
from books.models import Book

names = ["octavia", "ursula"]
assert sorted(User.objects.values_list("username", flat=True)) == names
assert all(user.check_password("correct-horse-battery") for user in User.objects.all())
assert sorted(Book.objects.values_list("title", "owner__username")) == list(zip(names, names))
User.objects.get(username="ursula").delete()
assert [book.title for book in Book.objects.all()] == ["octavia"]
"""
IDENTITY = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "Ada"), ("EMAIL", "ada@example.com"))
}
# The configuration of the developer must not change the results.
GIT = {**IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
pytestmark = pytest.mark.cruft


def check(*command: str, cwd: Path) -> str:
    """Run a command and return its output."""
    env = {**ENVIRONMENT, **GIT, "HOME": str(cwd.parent)}
    result = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def git(folder: Path, *arguments: str) -> str:
    return check("git", *arguments, cwd=folder)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Work")


def create_repository(folder: Path) -> None:
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)


def cruft(folder: Path, *arguments: str) -> str:
    return check(sys.executable, "-m", "cruft", *arguments, cwd=folder)


def read_tracked(folder: Path) -> dict[str, bytes]:
    """Read the files that git tracks or would track, except for that of cruft."""
    names = git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    paths = {name: folder / name for name in names if name and name != ".cruft.json"}
    return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


def read_database(folder: Path) -> list[str]:
    """Return the tables and rows of a project as SQL."""
    connection = sqlite3.connect(folder / "db.sqlite3")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A repository with the template of the working tree."""
    folder = copy_template(tmp_path / "template")
    create_repository(folder)
    return folder


@pytest.fixture
def paste(tmp_path: Path, environment: Path) -> Callable[[Path, str], int]:
    """A function that runs commands of a README and returns their exit code."""
    uvx = tmp_path / "bin" / "uvx"
    uvx.parent.mkdir()
    uvx.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m "$@"\n', "utf-8")
    uvx.chmod(0o755)
    env = {**for_uv(environment), **GIT, "DEBUG": "true"}
    env["PATH"] = os.pathsep.join([str(uvx.parent), env["PATH"]])

    def paste(folder: Path, script: str) -> int:
        return subprocess.run(["bash", "-c", script], cwd=folder, env=env, check=False).returncode

    return paste


def create(template: Path, folder: Path, auth: str, view_style: str) -> Path:
    answers = json.dumps({"auth": auth, "view_style": view_style})
    folder.mkdir()
    summary = cruft(folder, "create", str(template), "--no-input", "--extra-context", answers)
    assert f"    cd '{folder / 'my_api'}'\n" in summary
    create_repository(folder / "my_api")
    return folder / "my_api"


def edit(folder: Path) -> None:
    """Edit files of the template as a user would."""
    for path, text in ADDITIONS.items():
        with (folder / path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def used_project(template: Path, auth: str, view_style: str, run: Run) -> Path:
    """Create a project with edits, a new app, users, books and credentials."""
    folder = create(template, template.parent / "used", auth, view_style)
    add_orders(folder, run)
    edit(folder)
    for command in (["migrate"], ["shell", "--command", FILL]):
        run(folder, "manage", *command, DEBUG="true")
    commit(folder)
    return folder


def assert_merged(folder: Path, fresh: Path, run: Run) -> None:
    """
    Check that a project differs from a freshly rendered one only by the user's changes.

    The tests of the template's own files need not be run again then.
    """
    manage(run, fresh, "startresource", "orders")
    for app in ("orders", "tests/orders"):
        shutil.rmtree(fresh / app)
        shutil.copytree(folder / app, fresh / app)
    edit(fresh)
    git(fresh, "init", "--quiet")
    assert read_tracked(folder) == read_tracked(fresh)


def switch_command(folder: Path) -> str:
    """Return the commands that switch to another strategy."""
    return blocks((folder / "README.md").read_text("utf-8"), "Update from the template")[1]


@every_auth
def test_cruft_creates_the_same_project_as_cookiecutter(
    auth: str, template: Path, bake: Bake
) -> None:
    folder = create(template, template.parent / "created", auth, VIEW_STYLES[0])
    assert read_tracked(folder) == bake(auth=auth, view_style=VIEW_STYLES[0]).files
    assert (folder / ".cruft.json").exists()
    assert cruft(folder, "diff") == ""


@every_auth
def test_update_merges_changes_of_the_template(
    auth: str, template: Path, run: Run, paste: Callable[[Path, str], int]
) -> None:
    folder = used_project(template, auth, style_for(auth), run)
    for path, old, new in CHANGES:
        file = template / SOURCE.name / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, path
        file.write_text(text.replace(old, new), "utf-8", newline="\n")
    (template / SOURCE.name / "books" / "shelves.py").write_text("SHELVES = 12\n", "utf-8")
    (template / SOURCE.name / ".editorconfig").unlink()
    commit(template)
    readme = (folder / "README.md").read_text("utf-8")
    assert paste(folder, blocks(readme, "Update from the template")[0]) == 0
    fresh = create(template, template.parent / "fresh", auth, style_for(auth))
    assert_merged(folder, fresh, run)
    own_tests(run, folder, "tests/orders")


def neighbors(choices: list[str]) -> list[tuple[str, str]]:
    """Return a sample of the switches between choices: each is left once, and chosen once."""
    return list(pairwise([*choices, choices[0]]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(*pair, id="-".join(pair), marks=pytest.mark.xdist_group(f"cruft-{pair[0]}"))
        for pair in [*neighbors(AUTHS), *neighbors(AUTHS[::-1])]
    ],
)
def test_project_switches_to_another_strategy(
    old: str, new: str, template: Path, bake: Bake, run: Run, paste: Callable[[Path, str], int]
) -> None:
    folder = used_project(template, old, style_for(old), run)
    assert paste(folder, switch_command(folder).replace("NAME", new)) == 0
    own_tests(run, folder, "tests/orders")
    run(folder, "manage", "shell", "--command", CHECK, DEBUG="true")
    assert_merged(folder, bake(auth=new, view_style=style_for(old)).path, run)


@pytest.mark.parametrize(("old", "new"), neighbors(VIEW_STYLES))
def test_project_switches_to_another_view_style(
    old: str, new: str, template: Path, bake: Bake, run: Run, paste: Callable[[Path, str], int]
) -> None:
    auth = AUTHS[VIEW_STYLES.index(old)]
    folder = used_project(template, auth, old, run)
    update = switch_command(folder).splitlines()[0].removesuffix(" \\")
    update = update.replace('{"auth": "NAME"}', json.dumps({"view_style": new}))
    assert new in update
    assert paste(folder, update) == 0
    own_tests(run, folder, "tests/orders")
    run(folder, "manage", "shell", "--command", CHECK, DEBUG="true")
    assert_merged(folder, bake(auth=auth, view_style=new).path, run)


@every_auth
def test_failed_switch_changes_nothing(
    auth: str, template: Path, run: Run, paste: Callable[[Path, str], int]
) -> None:
    folder = used_project(template, auth, style_for(auth), run)
    command = switch_command(folder)
    corrected = command.replace("NAME", AUTHS[AUTHS.index(auth) - 1])

    def assert_fails(script: str) -> None:
        files, database = read_tracked(folder), read_database(folder)
        assert paste(folder, script) != 0
        assert read_tracked(folder) == files
        assert read_database(folder) == database

    assert_fails(command)  # the placeholder is left in
    edit(folder)  # uncommitted changes
    assert_fails(corrected)
    (folder / ".cruft.json").unlink()
    commit(folder)
    assert_fails(corrected)
    run(folder, "manage", "shell", "--command", CHECK, DEBUG="true")
