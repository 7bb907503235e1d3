"""What the hooks do with answers, before and after rendering."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from cookiecutter.exceptions import FailedHookException, OutputDirExistsException
from cookiecutter.generate import generate_context, generate_files
from cookiecutter.main import cookiecutter
from cookiecutter.prompt import prompt_for_config
from pytest_cookies.plugin import Cookies

from tests.conftest import (
    QUESTIONS,
    TEMPLATE,
    Bake,
    Project,
    copy_template,
    read_files,
    try_to_bake,
)
from tests.test_ways import cookiecutter as run_cookiecutter

HOSTILE = "\"\"\" ''' '); import os; os.system('touch PWNED') # \\ \\' \\\" \\u0027 $(touch PWNED) `touch PWNED` <b>&</b> %s ${HOME} \N{PARTY POPPER}"  # noqa: E501


def left_by(tmp_path: Path) -> list[str]:
    """Return what stands in the folders that the fixture `cookies` renders into."""
    return [path.name for folder in (tmp_path / "cookies").iterdir() for path in folder.iterdir()]


def default_answers() -> dict[str, Any]:
    """Return the context of a template, as Cookiecutter calls it."""
    context: dict[str, Any] = generate_context(str(TEMPLATE / "cookiecutter.json"))
    context["cookiecutter"] = prompt_for_config(context, no_input=True)
    return context


def refuse(cookies: Cookies, question: str, answer: str, tmp_path: Path) -> None:
    result = try_to_bake(cookies, **{question: answer})
    assert result.exception is not None, answer
    assert result.exit_code != 0
    assert left_by(tmp_path) == []


@pytest.mark.parametrize(
    "slug",
    [
        *("My_API", "my api", "2048", "_api", "api_", "my__api", "my-_api", "api.v1", "caf\xe9"),
        *("../api", "a/b", "a/b/c", "a" * 61, "-", " ", "my_api\n", "~", "$(ls)", "a\\b"),
        *("con", "nul", "com1", "lpt9", "aux", "prn"),
        *("django", "djangorestframework", "gunicorn", "drf_spectacular", "sqlparse"),
    ],
)
def test_bad_slug_is_refused(
    slug: str, cookies: Cookies, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    refuse(cookies, "project_slug", slug, tmp_path)
    messages = [line for line in capfd.readouterr().err.splitlines() if "cannot be" in line]
    assert len(messages) == 1
    assert messages[0].startswith("project_slug cannot be '")
    assert messages[0].isascii()


@pytest.mark.parametrize("question", ["project_name", "description", "author_name"])
@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\0", "\x1b", "\x85", "\u2028", "\u202e"])
def test_control_characters_are_refused(
    question: str, character: str, cookies: Cookies, tmp_path: Path
) -> None:
    refuse(cookies, question, f"a{character}b", tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "you",
        "you@",
        "@example.com",
        "a b@example.com",
        'a"b@example.com',
        "a@b\nc.d",
        "a@b",
        "a@b..c",
        "a@-b.c",
        "a@b_c.d",
    ],
)
def test_bad_email_address_is_refused(address: str, cookies: Cookies, tmp_path: Path) -> None:
    refuse(cookies, "author_email", address, tmp_path)


@pytest.mark.parametrize("question", ["project_name", "author_name"])
def test_name_is_needed(question: str, cookies: Cookies, tmp_path: Path) -> None:
    refuse(cookies, question, " ", tmp_path)


def test_no_dependency_can_be_a_slug(
    projects: dict[tuple[str, str], Project], cookies: Cookies, tmp_path: Path
) -> None:
    """If a name is missing: add it to hooks/pre_gen_project.py."""
    metadata = [tomllib.loads(p.files["pyproject.toml"].decode()) for p in projects.values()]
    needs = {need for data in metadata for need in data["project"]["dependencies"]}
    needs |= {need for data in metadata for need in data["dependency-groups"]["dev"]}
    names = {re.split(r"[^A-Za-z0-9._-]", need)[0].lower() for need in needs}
    assert "django" in names
    for name in sorted(names):
        refuse(cookies, "project_slug", name, tmp_path)


@pytest.mark.parametrize("slug", ["a", "my-api", "my_api_2", "class", "json", "tests", "x" * 60])
def test_good_slug_is_the_folder(slug: str, bake: Bake) -> None:
    assert bake(project_slug=slug).path.name == slug


def test_slug_stays_text_in_yaml(bake: Bake) -> None:
    compose = yaml.safe_load(bake(project_slug="null").files["compose.yaml"])
    assert compose["services"]["web"]["image"] == "null"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My API", "my_api"),
        ("  Bob & Eve -- shop ", "bob_eve_shop"),
        ("2048 scores", "api_2048_scores"),
        ("\N{PARTY POPPER}", "api"),
        ("Caf\xe9", "cafe"),
        ("\u041f\u0440\u0438\u0432\u0435\u0442", "privet"),
        ("\u4f60\u597d", "ni_hao"),
        ("very " * 40, "very_" * 11 + "very"),
    ],
)
def test_slug_comes_from_the_name(name: str, slug: str, bake: Bake) -> None:
    assert bake(project_name=name).path.name == slug


def test_existing_folder_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "my_api"
    folder.mkdir()
    (folder / "README.md").write_text("mine", "utf-8")
    with pytest.raises(OutputDirExistsException):
        cookiecutter(str(TEMPLATE), no_input=True, default_config=True, output_dir=str(tmp_path))
    bad: dict[str, Any] = {"project_slug": "my_api", "author_email": "nobody"}
    with pytest.raises(FailedHookException):
        cookiecutter(
            str(TEMPLATE),
            no_input=True,
            default_config=True,
            output_dir=str(tmp_path),
            overwrite_if_exists=True,
            extra_context=bad,
        )
    assert read_files(tmp_path) == {"my_api/README.md": b"mine"}


def test_folders_that_stood_there_stay(cookies: Cookies, tmp_path: Path) -> None:
    """A slash in a slug makes folders, which go; those that were there before do not."""
    result = try_to_bake(cookies)
    folder = result.project_path.parent
    shutil.rmtree(result.project_path)
    (folder / "mine").mkdir()
    os.utime(folder, (1, 1))
    for slug in ("mine/api", "mine/new/api"):
        with pytest.raises((FailedHookException, FileNotFoundError)):
            cookiecutter(
                str(TEMPLATE),
                no_input=True,
                default_config=True,
                output_dir=str(folder),
                extra_context={"project_slug": slug},
            )
        assert [path.name for path in folder.rglob("*")] == ["mine"]


@pytest.mark.parametrize("question", [name for name in QUESTIONS if not name.startswith("_")])
@pytest.mark.parametrize("answer", [None, False])
def test_answer_that_is_no_text_is_refused(
    question: str, answer: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """YAML reads `No` and `~` as these, in a file of defaults."""
    context = default_answers()
    context["cookiecutter"][question] = answer
    with pytest.raises(FailedHookException):
        generate_files(str(TEMPLATE), context, output_dir=str(tmp_path))
    assert f"{question} cannot be {answer}. Write it in quotes" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("question", "answer"), [("auth", "kerberos"), ("auth", "token/"), ("view_style", "functions")]
)
def test_choice_that_is_none_is_refused(
    question: str, answer: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Cookiecutter replays whatever it is told to."""
    context = default_answers()
    context["cookiecutter"][question] = answer
    record, output = tmp_path / "record.json", tmp_path / "output"
    record.write_text(json.dumps(context), "utf-8")
    with pytest.raises(FailedHookException):
        cookiecutter(str(TEMPLATE), replay=str(record), default_config=True, output_dir=str(output))
    assert f"{question} cannot be '{answer}'. It can be " in capfd.readouterr().err
    assert list(output.iterdir()) == []


def test_project_stays_when_nobody_reads_the_summary(tmp_path: Path) -> None:
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
    answers = dict.fromkeys(("project_name", "description", "author_name"), HOSTILE)
    project = bake(**answers, project_slug="hostile")
    summary = capfd.readouterr().out
    assert summary.isascii()
    command = re.search(r"^    (cookiecutter .*)$", summary, re.MULTILINE)
    assert command

    # What is shown as a command does the same again.
    for shell in ("bash", "sh"):
        subprocess.run([shell, "-c", command[1]], cwd=tmp_path, check=True, capture_output=True)
        assert read_files(tmp_path / "hostile") == project.files
        assert [path.name for path in tmp_path.iterdir()] == ["hostile"]
        shutil.rmtree(tmp_path / "hostile")
    for folder in (TEMPLATE, tmp_path, project.path.parent):
        assert not list(folder.rglob("PWNED"))
    title = tomllib.loads(project.files["pyproject.toml"].decode())["project"]["description"]
    assert title == HOSTILE


@pytest.mark.parametrize("failing", [None, "pre_gen_project.py", "post_gen_project.py"])
def test_nothing_from_the_temporary_folder_is_executed(failing: str | None, tmp_path: Path) -> None:
    """Hooks run from there, so that Python would look for modules there first."""
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


def test_summary_says_what_comes_next(bake: Bake, capfd: pytest.CaptureFixture[str]) -> None:
    project = bake()
    summary = capfd.readouterr().out
    assert f"auth {project.auth}, view style {project.view_style}." in summary
    assert f"    cd {project.path}\n" in summary
    assert "uv run manage.py runserver" in summary


def test_summary_names_the_template_from_anywhere(tmp_path: Path) -> None:
    script = 'cd "$1" && cookiecutter . --no-input --default-config -o "$2"'
    command = ["bash", "-c", script, "-", str(TEMPLATE), str(tmp_path)]
    output = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    assert f"    cookiecutter {TEMPLATE} --no-input " in output


def test_rendering_over_itself_changes_nothing(bake: Bake) -> None:
    """Other tools than Cookiecutter tell the hooks less, and run them over and over."""
    project = bake()
    folder = str(project.path.parent)
    generate_files(str(TEMPLATE), default_answers(), output_dir=folder, overwrite_if_exists=True)
    assert read_files(project.path) == project.files


def test_unknown_questions_are_refused_by_the_tests(bake: Bake) -> None:
    with pytest.raises(AssertionError, match="auht"):
        bake(auht=QUESTIONS["auth"][0])


def test_hooks_are_ascii() -> None:
    for path in (TEMPLATE / "hooks").glob("*.py"):
        assert path.read_bytes().isascii()
