"""Ways to run the `cookiecutter` command, on different systems."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from tests.support.checks import formatting, lint, migrations, own_tests
from tests.support.environment import ENVIRONMENT, TEMPLATE, Run
from tests.support.rendering import (
    AUTHS,
    SOURCE,
    VIEW_STYLES,
    Project,
    Projects,
    copy_template,
    every_combination,
    first_auth,
    read_files,
    run_cookiecutter,
)

OFFLINE = """
import sys

def forbid(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise OSError("The network is unreachable.")

sys.addaudithook(forbid)
"""
REQUEST = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1')"
WINDOWS = re.compile(
    r'[<>:"\\|?*\x00-\x1f]|[ .]$|^(con|prn|aux|nul|(com|lpt)\d)(\.|$)', re.IGNORECASE
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder's \N{LATIN SMALL LETTER E WITH ACUTE}"
    folder.mkdir()
    return folder


@pytest.fixture
def team(home: Path) -> Path:
    """A file with the default answers of a team."""
    defaults = {"author_name": "\u041c\u044b \N{PARTY POPPER}", "auth": AUTHS[-1]}
    path = home / "team.yaml"
    text = json.dumps({"default_context": defaults}, ensure_ascii=False)
    path.write_text(text, "utf-8")
    return path


def test_config_file_and_replay_provide_answers(home: Path, team: Path, projects: Projects) -> None:
    made = run_cookiecutter(home, TEMPLATE, "--config-file", str(team))
    assert made.returncode == 0, made.stderr
    assert f"(auth: {AUTHS[-1]}, view style: {VIEW_STYLES[0]})." in made.stdout
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


def test_defaults_render_without_a_terminal(home: Path) -> None:
    made = run_cookiecutter(home, TEMPLATE, "--default-config")
    assert made.returncode == 0, made.stderr
    command = re.search(r"^    (cd .*)$", made.stdout, re.MULTILINE)
    assert command
    where = subprocess.check_output(["bash", "-c", f"{command[1]} && pwd"], encoding="utf-8")
    assert where.rstrip("\n") == str(home / "my_api")


@first_auth
def test_project_passes_without_the_hooks(auth: str, home: Path, run: Run) -> None:
    arguments = ["--default-config", "--accept-hooks", "no", f"auth={auth}"]
    made = run_cookiecutter(home, TEMPLATE, *arguments)
    assert made.returncode == 0, made.stderr
    for check in (lint, formatting, migrations):
        check(run, home / "my_api")
    # The hook would remove empty files, most of which are in this folder.
    own_tests(run, home / "my_api", "tests/authentication")


def test_rendering_needs_no_network(home: Path, tmp_path: Path, projects: Projects) -> None:
    # Python imports this module at startup, in Cookiecutter and in the hooks.
    (tmp_path / "sitecustomize.py").write_text(OFFLINE, "utf-8")
    env = {**ENVIRONMENT, "PYTHONPATH": str(tmp_path)}
    requested = subprocess.run(
        [sys.executable, "-c", REQUEST], env=env, capture_output=True, check=False
    )
    assert b"The network is unreachable." in requested.stderr

    made = run_cookiecutter(home, TEMPLATE, "--default-config", PYTHONPATH=str(tmp_path))
    assert made.returncode == 0, made.stderr
    assert read_files(home / "my_api") == projects[AUTHS[0], VIEW_STYLES[0]].files


def test_windows_console_shows_the_summary_and_errors(home: Path, team: Path) -> None:
    console = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    made = run_cookiecutter(home, TEMPLATE, "--config-file", str(team), **console)
    assert made.returncode == 0, made.stderr
    assert "\nNext, " in made.stdout
    team.write_text(json.dumps({"default_context": {"author_email": "\u041c\u044b"}}), "utf-8")
    shutil.rmtree(home / "my_api")
    rejected = run_cookiecutter(home, TEMPLATE, "--config-file", str(team), **console)
    assert rejected.returncode != 0
    assert "Invalid author_email '\\u041c\\u044b'. " in rejected.stderr
    assert not (home / "my_api").exists()


def test_windows_checkout_renders_the_same(home: Path, projects: Projects) -> None:
    """Git for Windows converts line endings to CRLF by default, except as .gitattributes says."""
    template = copy_template(home / "template")
    shutil.copy(TEMPLATE / ".gitattributes", template)
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message=Work"]):
        subprocess.run([*git, *command], cwd=template, check=True)
    clone = [*git, "-c", "core.autocrlf=true", "clone", "--quiet", str(template), "checkout"]
    subprocess.run(clone, cwd=home, check=True)
    made = run_cookiecutter(home, home / "checkout", "--default-config")
    assert made.returncode == 0, made.stderr
    assert read_files(home / "my_api") == projects[AUTHS[0], VIEW_STYLES[0]].files


def assert_portable(paths: set[str]) -> None:
    assert [name for name, n in Counter(path.lower() for path in paths).items() if n > 1] == []
    for path in paths:
        assert path.isascii()
        assert len(path) < 120, path
        assert not [part for part in PurePosixPath(path).parts if WINDOWS.search(part)], path


@every_combination
def test_file_names_are_portable(project: Project) -> None:
    folders = {str(folder) for path in project.files for folder in PurePosixPath(path).parents}
    assert_portable(set(project.files) | (folders - {"."}))
    assert not [path for path in project.path.rglob("*") if path.is_symlink()]


def test_source_names_are_portable() -> None:
    for part in ("hooks", "templates", SOURCE.name):
        assert_portable({path for path in read_files(TEMPLATE / part) if "__pycache__" not in path})


@every_combination
def test_no_command_requires_an_executable_file(project: Project) -> None:
    for path, content in project.files.items():
        # Except for volumes of compose.yaml, such as ./nginx.conf:/etc/nginx/nginx.conf
        assert not re.search(rb"(^|[\s`])\./\w[\w./-]*(?![\w./:-])", content), path


def test_code_opens_files_with_an_encoding(projects: Projects) -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--preview"]
    folders = [project.path for project in projects.values()]
    command = [*ruff, "--select", "PLW1514", str(TEMPLATE / "hooks"), *map(str, folders)]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout
