"""The sources under templates/ and `{{cookiecutter.project_slug}}/`, before rendering."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

from tests.support.environment import TEMPLATE
from tests.support.rendering import (
    AUTHS,
    SOURCE,
    VIEW_STYLES,
    Projects,
    assert_choices_are_complete,
    is_fragment,
    read_files,
)

TEMPLATES = TEMPLATE / "templates"
FOLDERS = ("auth", "views", "shared")
PYTHON = sorted(
    path for folder in (SOURCE, TEMPLATES, TEMPLATE / "hooks") for path in folder.rglob("*.py")
)
INCLUDE = re.compile(r'# {% (?:from|include) \[?(".+?")\]?(?: import [\w, ]+| ignore missing)? %}')
# These contain answers as Python literals.
WITH_ANSWERS = ("/settings.py", "/hooks/pre_gen_project.py", "/hooks/post_gen_project.py")


def answer_folders() -> list[Path]:
    """Return the folders whose files have the paths they get in the project."""
    return [
        *(TEMPLATES / "auth" / auth for auth in AUTHS),
        *(TEMPLATES / "views" / view_style for view_style in VIEW_STYLES),
        TEMPLATES / "shared",
    ]


def modules(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder that are complete files of the project."""
    return {path: text for path, text in read_files(folder).items() if not is_fragment(path)}


def included(text: str) -> set[str]:
    """Return the paths below templates/ that a source may include."""
    paths = set()
    for expression in ", ".join(INCLUDE.findall(text)).split(", "):
        for auth in AUTHS:
            for view_style in VIEW_STYLES:
                path = expression.replace('" ~ cookiecutter.auth ~ "', auth)
                path = path.replace('" ~ cookiecutter.view_style ~ "', view_style).strip('"')
                if (TEMPLATES / path).is_file():
                    paths.add(path)
    return paths


def hops(text: str) -> int:
    """Return the length of the longest chain of includes from a source."""
    return max(
        (1 + hops((TEMPLATES / path).read_text("utf-8")) for path in included(text)), default=0
    )


@pytest.mark.parametrize("source", PYTHON, ids=lambda path: str(path.relative_to(TEMPLATE)))
def test_python_source_is_valid_python(source: Path) -> None:
    ast.parse(source.read_text("utf-8"))


def test_python_sources_contain_jinja_only_as_includes() -> None:
    for source in PYTHON:
        for line in source.read_text("utf-8").splitlines():
            assert "{%" not in line or INCLUDE.fullmatch(line.strip()), (source, line)
            if "{{" in line:
                assert source.as_posix().endswith(WITH_ANSWERS), (source, line)


@pytest.mark.parametrize("folder", answer_folders(), ids=lambda path: path.name)
def test_source_has_the_path_of_the_file_in_the_project(folder: Path) -> None:
    assert modules(folder)
    assert [path for path in modules(folder) if not (SOURCE / path).is_file()] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_selector_includes_its_own_path(folder: str) -> None:
    for source in (SOURCE, *(TEMPLATES / "auth" / auth for auth in AUTHS)):
        for path, content in modules(source).items():
            for target in included(content.decode()):
                if target.startswith(f"{folder}/") and not is_fragment(target):
                    own = path if folder == "shared" else f"*/{path}"
                    assert PurePosixPath(target).match(f"{folder}/{own}"), (path, target)


def test_include_chains_have_at_most_two_hops() -> None:
    chains = {path: hops(content.decode()) for path, content in read_files(SOURCE).items()}
    assert {path for path, length in chains.items() if length > 2} == set()
    assert set(chains.values()) == {0, 1, 2}


def test_every_source_is_included() -> None:
    texts = [
        content.decode()
        for folder in (SOURCE, TEMPLATES)
        for path, content in read_files(folder).items()
        if not path.endswith(".pyc")
    ]
    used = set().union(*map(included, texts))
    # The tests run what is in these folders; it is not rendered.
    unused = re.compile("/(__pycache__|_clients)/")
    assert {path for path in read_files(TEMPLATES) if not unused.search(path)} == used


def test_copied_sources_contain_no_jinja() -> None:
    patterns = json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8"))[
        "_copy_without_render"
    ]
    sources = read_files(SOURCE)
    for pattern in patterns:
        copied = {path for path in sources if fnmatch(path, pattern)}
        assert copied, pattern
        # GitHub's expressions are ${{ ... }}.
        assert not [path for path in copied if re.search(rb"(?<!\$){{|# {[%#]", sources[path])]
    # Cookiecutter deletes a copied folder before it copies it again.
    folders = {str(folder) for path in sources for folder in PurePosixPath(path).parents}
    assert not [folder for folder in folders for p in patterns if fnmatch(folder, p)]


def test_no_source_is_a_copy_of_another() -> None:
    """What two answers share belongs in templates/shared/."""
    copies = defaultdict(list)
    for path, content in read_files(TEMPLATES).items():
        lines = [line for line in content.splitlines() if not line.startswith(b"# {% ")]
        # An include would not be shorter than a single line.
        if len(lines) > 1:
            copies[content].append(path)
    assert [paths for paths in copies.values() if len(paths) > 1] == []


def test_python_sources_pass_the_rules_of_the_project(projects: Projects, tmp_path: Path) -> None:
    """Copy each folder beside the configuration and the packages of a project, and run ruff."""
    project = next(iter(projects.values()))
    packages = {path.split("/")[0] for path in project.files if path.endswith("/__init__.py")}
    for folder in answer_folders():
        copy = tmp_path / "-".join(folder.relative_to(TEMPLATES).parts)
        ignore = shutil.ignore_patterns("_fragments", "_clients", "__pycache__")
        shutil.copytree(folder, copy, ignore=ignore)
        (copy / "pyproject.toml").write_bytes(project.files["pyproject.toml"])
        for package in packages:
            (copy / package).mkdir(exist_ok=True)
    first_party = f"lint.isort.known-first-party = {json.dumps(sorted(packages))}"
    for command in (["check", "--config", first_party], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", str(tmp_path)]
        result = subprocess.run(ruff, capture_output=True, encoding="utf-8", check=False)
        assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("question", ["auth", "view_style"])
def test_every_choice_has_a_folder_a_prompt_and_a_row_in_the_readme(question: str) -> None:
    assert_choices_are_complete(TEMPLATE, question)
