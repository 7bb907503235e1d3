"""Validation of answers."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from cookiecutter.exceptions import FailedHookException
from cookiecutter.generate import generate_files
from cookiecutter.main import cookiecutter
from pytest_cookies.plugin import Cookies

from tests.support.environment import TEMPLATE, requirements
from tests.support.rendering import (
    FREE_TEXT,
    QUESTIONS,
    Bake,
    Projects,
    default_context,
    try_to_bake,
)


def left_by(tmp_path: Path) -> list[str]:
    """Return the names in the folders that the fixture `cookies` renders into."""
    return [path.name for folder in (tmp_path / "cookies").iterdir() for path in folder.iterdir()]


def assert_rejected(cookies: Cookies, question: str, answer: str, tmp_path: Path) -> None:
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
def test_invalid_slug_is_rejected(
    slug: str, cookies: Cookies, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert_rejected(cookies, "project_slug", slug, tmp_path)
    errors = capfd.readouterr().err.splitlines()
    messages = [line for line in errors if line.startswith("Invalid ")]
    assert len(messages) == 1
    assert messages[0].startswith(f"Invalid project_slug {ascii(slug)[:60]}. ")
    assert re.search(r"\b[Uu]se ", messages[0])
    assert messages[0].isascii()


@pytest.mark.parametrize("question", FREE_TEXT)
@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\0", "\x1b", "\x85", "\u2028", "\u202e"])
def test_control_characters_are_rejected(
    question: str, character: str, cookies: Cookies, tmp_path: Path
) -> None:
    assert_rejected(cookies, question, f"a{character}b", tmp_path)


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
def test_invalid_email_address_is_rejected(address: str, cookies: Cookies, tmp_path: Path) -> None:
    assert_rejected(cookies, "author_email", address, tmp_path)


@pytest.mark.parametrize("question", ["project_name", "author_name"])
def test_blank_name_is_rejected(question: str, cookies: Cookies, tmp_path: Path) -> None:
    assert_rejected(cookies, question, " ", tmp_path)


def test_every_dependency_is_rejected_as_a_slug(
    projects: Projects, cookies: Cookies, tmp_path: Path
) -> None:
    """If a name is missing, add it to hooks/pre_gen_project.py."""
    dependencies = {
        requirement
        for project in projects.values()
        for requirement in requirements(project.text("pyproject.toml"))
    }
    names = {re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower() for requirement in dependencies}
    assert "django" in names
    for name in sorted(names):
        assert_rejected(cookies, "project_slug", name, tmp_path)


def test_every_invalid_answer_is_named_at_once(
    cookies: Cookies, capfd: pytest.CaptureFixture[str]
) -> None:
    try_to_bake(cookies, project_slug="My_API", author_name=" ", author_email="you")
    assert re.findall(r"^Invalid (\w+) ", capfd.readouterr().err, re.MULTILINE) == [
        "project_slug",
        "author_name",
        "author_email",
    ]


@pytest.mark.parametrize("slug", ["a", "my-api", "my_api_2", "class", "json", "tests", "x" * 60])
def test_valid_slug_is_the_name_of_the_folder(slug: str, bake: Bake) -> None:
    assert bake(project_slug=slug).path.name == slug


def test_slug_is_a_string_in_yaml(bake: Bake) -> None:
    compose = yaml.safe_load(bake(project_slug="null").text("compose.yaml"))
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
def test_slug_is_derived_from_the_name(name: str, slug: str, bake: Bake) -> None:
    assert bake(project_name=name).path.name == slug


@pytest.mark.parametrize("question", [name for name in QUESTIONS if not name.startswith("_")])
@pytest.mark.parametrize("answer", [None, False])
def test_answer_that_is_not_text_is_rejected(
    question: str, answer: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """In a file of defaults, YAML reads `~` and `No` as these values."""
    context = default_context()
    context["cookiecutter"][question] = answer
    with pytest.raises(FailedHookException):
        generate_files(str(TEMPLATE), context, output_dir=str(tmp_path))
    message = f"Invalid {question} {answer}. Use text; quote it in YAML.\n"
    assert message in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [("auth", "kerberos"), ("auth", "token/"), ("view_style", "controllers")],
)
def test_unknown_choice_is_rejected_in_a_replay(
    question: str, answer: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Cookiecutter does not validate the choices of a replay."""
    context = default_context()
    context["cookiecutter"][question] = answer
    record, output = tmp_path / "record.json", tmp_path / "output"
    record.write_text(json.dumps(context), "utf-8")
    with pytest.raises(FailedHookException):
        cookiecutter(str(TEMPLATE), replay=str(record), default_config=True, output_dir=str(output))
    choices = ", ".join(sorted(QUESTIONS[question]))
    message = f"Invalid {question} '{answer}'. Use one of: {choices}.\n"
    assert message in capfd.readouterr().err
    assert list(output.iterdir()) == []
