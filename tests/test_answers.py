"""Free text in answers: shown as it is wherever it appears, without other effects."""

import ast
import json
import tomllib

import pytest
from markdown_it import MarkdownIt

from tests.support.checks import CheckTypes, formatting, lint, manage, own_tests, schema
from tests.support.environment import Run
from tests.support.rendering import (
    AUTHS,
    FREE_TEXT,
    QUESTIONS,
    VIEW_STYLES,
    Bake,
    Project,
    Projects,
    every_auth,
    share_types_cache,
    style_for,
)

HOSTILE = [
    'It\'s "quoted" `so` \u201cor\u201d so',
    "\"\"\" ''' \"\" '' \\' \\\"",
    r"C:\new\table\u0041 \\ \N{BULLET} \x00 \1 ends with \ ".strip(),
    "<script>alert('1')</script> <!-- &amp; --> </title> <b>&lt;</b>",
    "$(touch PWNED) `touch PWNED` ${HOME} $HOME; touch PWNED && | > PWNED",
    "%s %(name)s %d %% {0} {name} {} {% if %} {# no #} {%- raw -%} {#",
    "- a: [b, {c: d}] & *e !f | > @g `h # i",
    'key = "value" # comment ]]',
    "[[tool.api]] title = ''",
    "# **bold** _em_ ~~no~~ [a](b) ![c](d) | e | <https://f.example> *g* 1. $h$",
    "1. First",
    "12) twelfth",
    "+ plus",
    "---",
    "> quoted",
    "\N{PARTY POPPER}\N{FAMILY}\N{ZERO WIDTH JOINER}\N{WOMAN} \U0001f1e9\U0001f1f0",
    "\u041f\u0440\u0438\u0432\u0435\u0442, \u4f60\u597d, "
    "\u0645\u0631\u062d\u0628\u0627, \u05e9\u05dc\u05d5\u05dd, e\u0301",
    "long " * 39 + "names",
    "    four spaces before",
]
# Lengths that a formatter treats differently: the line fits, fits only in parentheses, or never.
LENGTHS = ["x" * 82, "x" * 84, "x" * 94, "x" * 95, "\u4f60" * 41, "\u4f60" * 44, "e\u0301" * 50]
# A part of everything above
WORST = " ".join(text.strip() for text in HOSTILE)[:-20]


def lines(project: Project, path: str) -> list[str]:
    return project.text(path).split("\n")


def shown(markdown: str, kind: str) -> str:
    """Return the text of the first heading or paragraph, which must consist of text only."""
    tokens = MarkdownIt().parse(markdown)
    first = next(i for i, token in enumerate(tokens) if token.type == f"{kind}_open")
    parts = tokens[first + 1].children or []
    assert {part.type for part in parts} <= {"text", "text_special"}
    return "".join(part.content for part in parts)


def title_and_description(settings: str) -> tuple[str, str]:
    """Return the name and the description of a project from its settings."""
    values = {}
    for node in ast.walk(ast.parse(settings)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = node.value
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                values[ast.literal_eval(key) if isinstance(key, ast.Constant) else ""] = value
    assert ast.unparse(values["TITLE"]) == "PROJECT_NAME"
    return ast.literal_eval(values["PROJECT_NAME"]), ast.literal_eval(values["DESCRIPTION"])


@pytest.mark.parametrize(
    "text", [*HOSTILE, *LENGTHS, WORST], ids=lambda text: f"{len(text)}-{ascii(text)[1:20]}"
)
def test_text_is_rendered_unchanged(text: str, projects: Projects, bake: Bake, run: Run) -> None:
    plain = projects[AUTHS[0], VIEW_STYLES[0]]
    hostile = bake(**dict.fromkeys(FREE_TEXT, text), project_slug="my_api")

    assert plain.files.keys() == hostile.files.keys()
    changed = {path for path in plain.files if plain.files[path] != hostile.files[path]}
    assert changed == {"README.md", "config/settings.py", "pyproject.toml"}
    for path in changed:
        for before, after in zip(lines(plain, path), lines(hostile, path), strict=True):
            assert before == after or any(QUESTIONS[name] in before for name in FREE_TEXT), after

    metadata = tomllib.loads(hostile.text("pyproject.toml"))
    assert metadata["project"]["description"] == text
    assert metadata["project"]["authors"][0]["name"] == text
    for kind in ("heading", "paragraph"):
        assert shown(hostile.text("README.md"), kind) == text.strip()
    assert title_and_description(hostile.text("config/settings.py")) == (text, text)
    run(hostile.path, "ruff", "check", "--no-cache", "config/settings.py")
    run(hostile.path, "ruff", "format", "--check", "--no-cache", "config/settings.py")


# In a browser, only the text of the title may appear in the page.
PAGES = """
import html, json, os, re
from django.test import Client

name = json.loads(os.environ["NAME"])
for path in ("/api/docs/", "/admin/login/"):
    page = Client().get(path).content.decode()
    title = re.search("<title>(.*?)</title>", page, re.DOTALL)[1]
    assert name in html.unescape(title), (path, title)
    assert not re.search("[<>]", title), (path, title)
    assert name not in page, path
"""


@every_auth
def test_hostile_text_changes_the_same_lines_in_every_strategy(
    auth: str, projects: Projects, bake: Bake
) -> None:
    """One strategy is then enough to show that projects with such a text pass their checks."""
    plain = projects[auth, VIEW_STYLES[0]]
    hostile = bake(**dict.fromkeys(FREE_TEXT, WORST), project_slug="my_api", auth=auth)
    first = projects[AUTHS[0], VIEW_STYLES[0]]
    first_hostile = bake(**dict.fromkeys(FREE_TEXT, WORST), project_slug="my_api")
    assert changed_lines(plain, hostile) == changed_lines(first, first_hostile)


def changed_lines(before: Project, after: Project) -> dict[str, list[tuple[str, str]]]:
    """Return the lines that differ, by path."""
    return {
        path: [
            pair
            for pair in zip(lines(before, path), lines(after, path), strict=True)
            if pair[0] != pair[1]
        ]
        for path in before.files
        if before.files[path] != after.files[path]
    }


@share_types_cache(AUTHS[0])
def test_project_with_hostile_text_passes(bake: Bake, run: Run, check_types: CheckTypes) -> None:
    auth = AUTHS[0]
    answers = dict.fromkeys(FREE_TEXT, WORST)
    folder = bake(**answers, project_slug="hostile", auth=auth, view_style=style_for(auth)).path
    for check in (lint, formatting):
        check(run, folder)
    own_tests(run, folder, "tests/api", "tests/authentication", "tests/config")
    check_types(folder, auth)
    schema(run, folder)
    document = json.loads(manage(run, folder, "spectacular", "--format", "openapi-json"))
    assert document["info"]["title"] == WORST
    assert document["info"]["description"] == WORST
    run(
        folder,
        *("manage", "shell", "--command", PAGES),
        DJANGO_SETTINGS_MODULE="tests.settings",
        NAME=json.dumps(WORST),
    )
