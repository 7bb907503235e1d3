"""Projects follow the template, and switch strategy and view style, by the real cruft."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import pytest

from tests.conftest import AUTHS, ENVIRONMENT, VIEW_STYLES, Bake, Run, copy_template, every_auth
from tests.test_projects import own_tests
from tests.test_resource import add_orders, register_orders

ENDS = {
    "books/models.py": "\nSHELVES = 12\n",
    "config/settings.py": "\nSHELVES = 12\n",
    "README.md": "\n## Shelves\n\nWe have 12.\n",
}
# What the template may change one day: a file of it, what stands there, and what will.
SOURCE = "{{cookiecutter.project_slug}}"
CHANGES = [
    ("README.md", "## Test it\n", "## Test it\n\nBefore each commit.\n"),
    ("books/models.py", "class Author(", "# Whoever has written a book\nclass Author("),
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
LOOK = """
from accounts.models import User
from books.models import Book

names = ["octavia", "ursula"]
assert sorted(User.objects.values_list("username", flat=True)) == names
assert all(user.check_password("correct-horse-battery") for user in User.objects.all())
assert sorted(Book.objects.values_list("title", "owner__username")) == list(zip(names, names))
User.objects.get(username="ursula").delete()
assert [book.title for book in Book.objects.all()] == ["octavia"]
"""
pytestmark = pytest.mark.cruft


def check(*command: str, cwd: Path) -> str:
    """Run a command without the developer's configuration; return what it has printed."""
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    env = ENVIRONMENT | git | {"HOME": str(cwd.parent)}
    result = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    return check("git", *identity, *arguments, cwd=folder)


def commit(folder: Path, *, new: bool = False) -> None:
    """Commit all that stands in the folder."""
    if new:
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Work")


def cruft(folder: Path, *arguments: str) -> str:
    return check(sys.executable, "-m", "cruft", *arguments, cwd=folder)


def read_tracked(folder: Path) -> dict[str, bytes]:
    """Read what git keeps, or would, but for cruft's own notes."""
    names = git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    paths = {name: folder / name for name in names if name and name != ".cruft.json"}
    return {name: path.read_bytes() for name, path in paths.items() if path.exists()}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A repository of the template, as it stands here."""
    folder = copy_template(tmp_path / "template")
    commit(folder, new=True)
    return folder


def create(template: Path, folder: Path, auth: str, view_style: str) -> Path:
    answers = json.dumps({"auth": auth, "view_style": view_style})
    folder.mkdir()
    summary = cruft(folder, "create", str(template), "--no-input", "--extra-context", answers)
    assert f"    cd {folder / 'my_api'}\n" in summary
    commit(folder / "my_api", new=True)
    return folder / "my_api"


def edit(folder: Path) -> None:
    """Change what stands in a project as its users do."""
    for path, end in ENDS.items():
        with (folder / path).open("a", encoding="utf-8", newline="\n") as file:
            file.write(end)


@every_auth
def test_cruft_makes_what_cookiecutter_makes(auth: str, template: Path, bake: Bake) -> None:
    folder = create(template, template.parent / "made", auth, VIEW_STYLES[0])
    assert read_tracked(folder) == bake(auth=auth, view_style=VIEW_STYLES[0]).files
    assert (folder / ".cruft.json").exists()
    assert cruft(folder, "diff") == ""


def used_project(template: Path, auth: str, view_style: str, run: Run) -> Path:
    """Make a project that has edits, a new app, users, books, and what proves who calls."""
    folder = create(template, template.parent / "used", auth, view_style)
    add_orders(folder, run)
    edit(folder)
    for command in (["migrate"], ["shell", "--command", FILL]):
        run(folder, "manage", *command, DEBUG="true")
    commit(folder)
    return folder


def assert_merged(folder: Path, fresh: Path) -> None:
    """See that nothing but the user's edits differs from a project rendered afresh."""
    shutil.copytree(folder / "orders", fresh / "orders")
    register_orders(fresh)
    edit(fresh)
    git(fresh, "init", "--quiet")
    assert read_tracked(folder) == read_tracked(fresh)


@every_auth
def test_project_takes_what_has_changed(auth: str, template: Path, run: Run) -> None:
    view_style = VIEW_STYLES[AUTHS.index(auth) % len(VIEW_STYLES)]
    folder = used_project(template, auth, view_style, run)
    for path, old, new in CHANGES:
        file = template / SOURCE / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, path
        file.write_text(text.replace(old, new), "utf-8", newline="\n")
    (template / SOURCE / "books" / "shelves.py").write_text("SHELVES = 12\n", "utf-8")
    (template / SOURCE / "app_template" / "admin.py-tpl").unlink()
    commit(template)
    cruft(folder, "update", "--skip-apply-ask")
    assert_merged(folder, create(template, template.parent / "fresh", auth, view_style))
    own_tests(run, folder)


def manage(run: Run, folder: Path, commands: list[str]) -> None:
    """Run commands of the README that begin with `uv run manage.py`."""
    for command in commands:
        run(folder, "manage", *shlex.split(command)[3:], DEBUG="true")


def switch(folder: Path, run: Run, **answers: str) -> None:
    """Do what the README says."""
    readme = (folder / "README.md").read_text("utf-8")
    found = re.search(r"^## Follow the template.*?^```sh\n(.*?)^```$", readme, re.M | re.S)
    assert found
    lines = [line for line in found[1].splitlines() if not line.startswith("# ")]
    (update,) = (line for line in lines if line.startswith("uvx cruft "))
    before, after = lines[: lines.index(update)], lines[lines.index(update) + 1 :]
    if "auth" in answers:
        manage(run, folder, before)
    arguments = shlex.split(update)[2:]
    assert json.loads(arguments[-1]) == {"auth": "NAME"}
    cruft(folder, *arguments[:-1], json.dumps(answers))
    manage(run, folder, after)
    own_tests(run, folder)
    run(folder, "manage", "shell", "--command", LOOK, DEBUG="true")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(*pair, id="-".join(pair), marks=pytest.mark.xdist_group(f"cruft-{pair[0]}"))
        for pair in permutations(AUTHS, 2)
    ],
)
def test_project_switches_strategy(
    old: str, new: str, template: Path, bake: Bake, run: Run
) -> None:
    # Each strategy with another style, for variety
    view_style = VIEW_STYLES[AUTHS.index(old) % len(VIEW_STYLES)]
    folder = used_project(template, old, view_style, run)
    switch(folder, run, auth=new)
    assert_merged(folder, bake(auth=new, view_style=view_style).path)


@pytest.mark.parametrize(("old", "new"), list(permutations(VIEW_STYLES, 2)))
def test_project_switches_view_style(
    old: str, new: str, template: Path, bake: Bake, run: Run
) -> None:
    auth = AUTHS[VIEW_STYLES.index(old)]
    folder = used_project(template, auth, old, run)
    switch(folder, run, view_style=new)
    assert_merged(folder, bake(auth=auth, view_style=new).path)
