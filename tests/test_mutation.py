"""Tests of the mutants that `python -m tests.mutation` makes."""

import pytest

from tests.mutation import accepted, code
from tests.support.changes import changes
from tests.support.rendering import AUTHS, Projects, style_for


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a == 1", ["pass", "x = ((a) != (1))", "x = a == 2"]),
        ("x: int\ny: int = not a", ["pass", "y: int = a"]),
        ('x = ["a", b]', ["pass", "x = ['XXa', b]", "x = [b]", 'x = ["a"]']),
        ("x = {**a, b: c}", ["pass", "x = {**a, }"]),
        ("x = f(a, b=c)", ["pass", "x = f(a)"]),
        ("if a:\n    f()", ["if not (a):", "pass"]),
        ("for a in b:\n    del a", ["for a in ():", "pass"]),
        ("@a\nclass A:\n    'Text'", ["@(lambda decorated: decorated)"]),
        ("def f(a):\n    return a", ["return None"]),
        ("try:\n    f()\nexcept E:\n    raise", ["pass", "except ():", "pass"]),
        ('x = cast("int", f"{a} b")', ["pass"]),
    ],
)
def test_changes_of_source(source: str, expected: list[str]) -> None:
    found = [change.text.partition(" -> ")[2] for change in changes("a.py", source)]
    assert sorted(found) == sorted(expected)


def test_change_replaces_only_its_lines() -> None:
    source = "a = 'é'\nb = f(\n    1,\n)\nc = 2\n"
    assert [change.source for change in changes("a.py", source) if change.text == "1, -> 2,"] == [
        "a = 'é'\nb = f(\n    2,\n)\nc = 2\n"
    ]


def test_each_accepted_mutant_exists(projects: Projects) -> None:
    # An entry for code that has changed is no longer needed.
    files = {
        (path, source)
        for auth in AUTHS
        for path, source in code(projects[auth, style_for(auth)].path)
    }
    made = {(change.path, change.text) for file in files for change in changes(*file)}
    for entry in accepted():
        assert any(entry.matches(path, text) for path, text in made), entry
