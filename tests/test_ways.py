"""The ways to render, by the command itself, and the machines to render on."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from tests.conftest import (
    AUTHS,
    ENVIRONMENT,
    TEMPLATE,
    VIEW_STYLES,
    Project,
    Run,
    copy_template,
    every_combination,
    read_files,
)
from tests.test_projects import formatting, lint, migrations, own_tests

OFFLINE = """
import sys

def forbid(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise OSError("The network is unreachable.")

sys.addaudithook(forbid)
"""
ASK = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1')"
WINDOWS = re.compile(
    r'[<>:"\\|?*\x00-\x1f]|[ .]$|^(con|prn|aux|nul|(com|lpt)\d)(\.|$)', re.IGNORECASE
)


def cookiecutter(
    home: Path, template: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command, without a terminal, from a folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "cookiecutter", "--no-input", str(template), *arguments],
        cwd=home,
        env={**ENVIRONMENT, "HOME": str(home), **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder's \N{LATIN SMALL LETTER E WITH ACUTE}"
    folder.mkdir()
    return folder


@pytest.fixture
def team(home: Path) -> Path:
    """A file with a team's defaults."""
    defaults = {"author_name": "\u041c\u044b \N{PARTY POPPER}", "auth": AUTHS[-1]}
    path = home / "team.yaml"
    text = json.dumps({"default_context": defaults}, ensure_ascii=False)
    path.write_text(text, "utf-8")
    return path


def test_defaults_of_a_team_and_replay(
    home: Path, team: Path, projects: dict[tuple[str, str], Project]
) -> None:
    made = cookiecutter(home, TEMPLATE, "--config-file", str(team))
    assert made.returncode == 0, made.stderr
    assert f"auth {AUTHS[-1]}, view style {VIEW_STYLES[0]}." in made.stdout
    files = read_files(home / "my_api")
    plain = projects[AUTHS[-1], VIEW_STYLES[0]].files
    assert files.keys() == plain.keys()
    assert {path for path in files if files[path] != plain[path]} == {"pyproject.toml"}
    assert "\u041c\u044b \N{PARTY POPPER}".encode() in files["pyproject.toml"]

    shutil.rmtree(home / "my_api")
    command = [sys.executable, "-m", "cookiecutter", "--replay", str(TEMPLATE)]
    env = {**ENVIRONMENT, "HOME": str(home)}
    subprocess.run(command, cwd=home, env=env, stdin=subprocess.DEVNULL, check=True)
    assert read_files(home / "my_api") == files


def test_without_a_terminal_the_defaults_do(home: Path) -> None:
    made = cookiecutter(home, TEMPLATE, "--default-config")
    assert made.returncode == 0, made.stderr
    assert made.stdout.isascii()
    command = re.search(r"^    (cd .*)$", made.stdout, re.MULTILINE)
    assert command
    where = subprocess.check_output(["bash", "-c", f"{command[1]} && pwd"], encoding="utf-8")
    assert where.rstrip("\n") == str(home / "my_api")


@pytest.mark.parametrize(
    "auth", [AUTHS[0], *(pytest.param(auth, marks=pytest.mark.thorough) for auth in AUTHS[1:])]
)
def test_project_works_without_the_hooks(auth: str, home: Path, run: Run) -> None:
    arguments = ["--default-config", "--accept-hooks", "no", f"auth={auth}"]
    made = cookiecutter(home, TEMPLATE, *arguments)
    assert made.returncode == 0, made.stderr
    for check in (lint, formatting, migrations, own_tests):
        check(run, home / "my_api")


def test_rendering_needs_no_network(
    home: Path, tmp_path: Path, projects: dict[tuple[str, str], Project]
) -> None:
    # Python runs this first, in Cookiecutter and in the hooks.
    (tmp_path / "sitecustomize.py").write_text(OFFLINE, "utf-8")
    env = {**ENVIRONMENT, "PYTHONPATH": str(tmp_path)}
    asked = subprocess.run([sys.executable, "-c", ASK], env=env, capture_output=True, check=False)
    assert b"The network is unreachable." in asked.stderr

    made = cookiecutter(home, TEMPLATE, "--default-config", PYTHONPATH=str(tmp_path))
    assert made.returncode == 0, made.stderr
    assert read_files(home / "my_api") == projects[AUTHS[0], VIEW_STYLES[0]].files


def test_consoles_of_windows_show_the_summary_and_refusals(home: Path, team: Path) -> None:
    console = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    made = cookiecutter(home, TEMPLATE, "--config-file", str(team), **console)
    assert made.returncode == 0, made.stderr
    assert "Next:" in made.stdout
    team.write_text(json.dumps({"default_context": {"author_email": "\u041c\u044b"}}), "utf-8")
    shutil.rmtree(home / "my_api")
    refused = cookiecutter(home, TEMPLATE, "--config-file", str(team), **console)
    assert refused.returncode != 0
    assert "author_email cannot be '\\u041c\\u044b'." in refused.stderr
    assert not (home / "my_api").exists()


def test_checkout_with_crlf_renders_the_same(
    home: Path, projects: dict[tuple[str, str], Project]
) -> None:
    """Git for Windows writes CRLF where it is not told better."""
    checkout = copy_template(home / "checkout")
    for path, content in read_files(checkout).items():
        (checkout / path).write_bytes(content.replace(b"\n", b"\r\n"))
    made = cookiecutter(home, checkout, "--default-config")
    assert made.returncode == 0, made.stderr
    assert read_files(home / "my_api") == projects[AUTHS[0], VIEW_STYLES[0]].files


def assert_portable(paths: set[str]) -> None:
    assert [name for name, n in Counter(path.lower() for path in paths).items() if n > 1] == []
    for path in paths:
        assert path.isascii()
        assert len(path) < 120, path
        assert not [part for part in PurePosixPath(path).parts if WINDOWS.search(part)], path


@every_combination
def test_names_of_files_suit_every_system(project: Project) -> None:
    folders = {str(folder) for path in project.files for folder in PurePosixPath(path).parents}
    assert_portable(set(project.files) | (folders - {"."}))
    assert not [path for path in project.path.rglob("*") if path.is_symlink()]


def test_names_of_sources_suit_every_system() -> None:
    for part in ("hooks", "templates", "{{cookiecutter.project_slug}}"):
        assert_portable({path for path in read_files(TEMPLATE / part) if "__pycache__" not in path})


@every_combination
def test_no_command_needs_the_mode_of_a_file(project: Project) -> None:
    for path, content in project.files.items():
        assert not re.search(rb"(^|[\s`])\./\w", content), path


def test_files_are_read_with_an_encoding(projects: dict[tuple[str, str], Project]) -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--preview"]
    folders = [project.path for project in projects.values()]
    command = [*ruff, "--select", "PLW1514", str(TEMPLATE / "hooks"), *map(str, folders)]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout
