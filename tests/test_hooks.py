"""Hooks: the summary, existing folders and safety."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cookiecutter.exceptions import FailedHookException, OutputDirExistsException
from cookiecutter.generate import generate_files
from cookiecutter.main import cookiecutter

from tests.support.environment import TEMPLATE
from tests.support.rendering import (
    FREE_TEXT,
    QUESTIONS,
    Bake,
    copy_template,
    default_context,
    read_files,
    run_cookiecutter,
)

HOSTILE = "\"\"\" ''' '); import os; os.system('touch PWNED') # \\ \\' \\\" \\u0027 $(touch PWNED) `touch PWNED` <b>&</b> %s ${HOME} \N{PARTY POPPER}"  # noqa: E501


def test_existing_folder_is_not_changed(tmp_path: Path) -> None:
    folder = tmp_path / "my_api"
    folder.mkdir()
    (folder / "README.md").write_text("existing", "utf-8")
    with pytest.raises(OutputDirExistsException):
        cookiecutter(str(TEMPLATE), no_input=True, default_config=True, output_dir=str(tmp_path))
    invalid: dict[str, Any] = {"project_slug": "my_api", "author_email": "nobody"}
    with pytest.raises(FailedHookException):
        cookiecutter(
            str(TEMPLATE),
            no_input=True,
            default_config=True,
            output_dir=str(tmp_path),
            overwrite_if_exists=True,
            extra_context=invalid,
        )
    assert read_files(tmp_path) == {"my_api/README.md": b"existing"}


@pytest.mark.parametrize("slug", ["existing/api", "existing/new/api"])
def test_slug_with_slashes_leaves_no_folders_and_keeps_files(slug: str, tmp_path: Path) -> None:
    file = tmp_path / "existing" / "README.md"
    file.parent.mkdir()
    file.write_text("existing", "utf-8")
    # Cookiecutter cannot remove a folder that the hook has removed.
    with pytest.raises((FailedHookException, FileNotFoundError)):
        cookiecutter(
            str(TEMPLATE),
            no_input=True,
            default_config=True,
            output_dir=str(tmp_path),
            extra_context={"project_slug": slug},
        )
    assert sorted(tmp_path.rglob("*")) == [file.parent, file]


def test_project_is_kept_if_the_output_is_closed(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = ["cookiecutter", str(TEMPLATE), "--no-input", "--default-config", "-o", str(tmp_path)]
    with os.fdopen(writer, "w") as stdout:
        subprocess.run(command, check=True, stdout=stdout, stderr=subprocess.PIPE)
    assert (tmp_path / "my_api" / "README.md").exists()


def test_no_answer_is_executed(
    bake: Bake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = dict.fromkeys(FREE_TEXT, HOSTILE)
    project = bake(**answers, project_slug="hostile")
    summary = capfd.readouterr().out
    command = re.search(r"^    uvx (cookiecutter .*)$", summary, re.MULTILINE)
    assert command

    # The command in the summary renders the same project.
    for shell in ("bash", "sh"):
        subprocess.run([shell, "-c", command[1]], cwd=tmp_path, check=True, capture_output=True)
        assert read_files(tmp_path / "hostile") == project.files
        assert [path.name for path in tmp_path.iterdir()] == ["hostile"]
        shutil.rmtree(tmp_path / "hostile")
    for folder in (TEMPLATE, tmp_path, project.path.parent):
        assert not list(folder.rglob("PWNED"))
    metadata = tomllib.loads(project.text("pyproject.toml"))
    assert metadata["project"]["description"] == HOSTILE


@pytest.mark.parametrize("failing", [None, "pre_gen_project.py", "post_gen_project.py"])
def test_modules_in_the_temporary_folder_are_not_imported(
    failing: str | None, tmp_path: Path
) -> None:
    """Hooks run in that folder, so Python would look for modules there first."""
    template = copy_template(tmp_path / "template")
    shared, proof = tmp_path / "shared", tmp_path / "proof"
    if failing:
        with (template / "hooks" / failing).open("a") as hook:
            hook.write("\nraise RuntimeError\n")
    shared.mkdir()
    for module in sys.stdlib_module_names:
        (shared / f"{module}.py").write_text(f"open({str(proof)!r}, 'w').close()")
    temporary = {"TMPDIR": str(shared), "TEMP": str(shared)}
    made = run_cookiecutter(tmp_path, template, "--default-config", **temporary)
    assert not proof.exists()
    assert (made.returncode == 0) == (failing is None), made.stderr


def test_summary_contains_the_next_steps(bake: Bake, capfd: pytest.CaptureFixture[str]) -> None:
    project = bake()
    summary = capfd.readouterr().out
    answers = f"(auth: {project.auth}, view style: {project.view_style})"
    assert f"Created {project.path.name} {answers}.\n" in summary
    assert f"    cd '{project.path}'\n" in summary
    assert "uv run manage.py runserver" in summary


def test_summary_contains_the_absolute_path_of_the_template(tmp_path: Path) -> None:
    script = 'cd "$1" && cookiecutter . --no-input --default-config -o "$2"'
    command = ["bash", "-c", script, "-", str(TEMPLATE), str(tmp_path)]
    output = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    assert f"    uvx cookiecutter '{TEMPLATE}' --no-input " in output


def test_rendering_into_the_project_again_changes_nothing(bake: Bake) -> None:
    """Other tools pass fewer private variables to the hooks and run them repeatedly."""
    project = bake()
    (project.path / ".git" / "refs" / "heads").mkdir(parents=True)
    for path in ("media/.gitkeep", "authentication/py.typed", "orders/__init__.py"):
        (project.path / path).parent.mkdir(exist_ok=True)
        (project.path / path).touch()
    package = project.path / "authentication" / "package"
    package.mkdir()
    (package / "__init__.py").write_text("VALUE = 1\n", "utf-8")
    before = sorted(project.path.rglob("*"))
    folder = str(project.path.parent)
    generate_files(str(TEMPLATE), default_context(), output_dir=folder, overwrite_if_exists=True)
    assert sorted(project.path.rglob("*")) == before
    assert project.files.items() <= read_files(project.path).items()


def test_tests_cannot_answer_unknown_questions(bake: Bake) -> None:
    with pytest.raises(AssertionError, match="auht"):
        bake(auht=QUESTIONS["auth"][0])


def test_hooks_are_ascii() -> None:
    for path in (TEMPLATE / "hooks").glob("*.py"):
        assert path.read_bytes().isascii()
