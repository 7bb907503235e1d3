"""Free text arrives unharmed wherever it is shown, and changes nothing else."""

import json
import tomllib

import pytest
from markdown_it import MarkdownIt

from tests.conftest import AUTHS, QUESTIONS, VIEW_STYLES, Bake, Project, Run
from tests.test_projects import formatting, lint, manage, own_tests, schema, types

FREE_TEXT = ("project_name", "description", "author_name")
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
# Every part of the above in one
WORST = " ".join(text.strip() for text in HOSTILE)[:-20]


def lines(project: Project, path: str) -> list[str]:
    return project.files[path].decode().split("\n")


def shown(markdown: str, kind: str) -> str:
    """Return the text of the first heading or paragraph, which must be no more than text."""
    tokens = MarkdownIt().parse(markdown)
    first = next(i for i, token in enumerate(tokens) if token.type == f"{kind}_open")
    parts = tokens[first + 1].children or []
    assert {part.type for part in parts} <= {"text", "text_special"}
    return "".join(part.content for part in parts)


@pytest.mark.parametrize("text", [*HOSTILE, WORST])
def test_text_is_shown_as_it_is(text: str, bake: Bake) -> None:
    plain = bake(project_slug="my_api")
    hostile = bake(**dict.fromkeys(FREE_TEXT, text), project_slug="my_api")

    assert plain.files.keys() == hostile.files.keys()
    changed = {path for path in plain.files if plain.files[path] != hostile.files[path]}
    assert changed == {"README.md", "pyproject.toml"}
    for path in changed:
        for before, after in zip(lines(plain, path), lines(hostile, path), strict=True):
            assert before == after or any(QUESTIONS[name] in before for name in FREE_TEXT), after

    metadata = tomllib.loads(hostile.files["pyproject.toml"].decode())
    assert metadata["tool"]["api"]["title"] == text
    assert metadata["project"]["description"] == text
    assert metadata["project"]["authors"][0]["name"] == text
    for kind in ("heading", "paragraph"):
        assert shown(hostile.files["README.md"].decode(), kind) == text.strip()


# What a browser shows: nothing but the title's text may stand in the page.
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


@pytest.mark.parametrize(
    "auth",
    [
        pytest.param(
            auth,
            marks=[
                pytest.mark.xdist_group(f"types-{auth}"),
                *([pytest.mark.thorough] if auth != AUTHS[0] else []),
            ],
        )
        for auth in AUTHS
    ],
)
def test_project_of_a_hostile_name_passes(
    auth: str, bake: Bake, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    answers = dict.fromkeys(FREE_TEXT, WORST)
    style = VIEW_STYLES[AUTHS.index(auth) % len(VIEW_STYLES)]
    folder = bake(**answers, project_slug="hostile", auth=auth, view_style=style).path
    for check in (lint, formatting, own_tests):
        check(run, folder)
    types(run, folder, tmp_path_factory.getbasetemp() / f"mypy-{auth}")
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
