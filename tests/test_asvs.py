"""The table of OWASP ASVS requirements in docs/asvs.md, and the tests that it names."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.support.environment import Run
from tests.support.rendering import (
    AUTHS,
    Project,
    Projects,
    every_combination,
    first_auth,
    style_for,
)

# The requirements of levels 1 and 2 in OWASP ASVS 5.0.0 (https://github.com/OWASP/ASVS, tag
# v5.0.0_release, 5.0/en) in the chapters that concern an API
LEVEL_1 = """
    1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1
    2.1.1 2.2.1 2.2.2 2.3.1
    3.2.1 3.2.2 3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3
    4.1.1 4.4.1
    6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2
    7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2
    8.1.1 8.2.1 8.2.2 8.3.1
    9.1.1 9.1.2 9.1.3 9.2.1
    11.3.1 11.3.2 11.4.1
    13.4.1
    14.2.1 14.3.1
"""
LEVEL_2 = """
    1.1.1 1.1.2 1.2.6 1.2.7 1.2.8 1.2.9 1.3.3 1.3.4 1.3.5 1.3.6 1.3.7 1.3.8 1.3.9 1.3.10 1.3.11
    1.4.1 1.4.2 1.4.3 1.5.2
    2.1.2 2.1.3 2.2.3 2.3.2 2.3.3 2.3.4 2.4.1
    3.3.2 3.3.3 3.3.4 3.4.3 3.4.4 3.4.5 3.4.6 3.5.4 3.5.5 3.7.1 3.7.2
    4.1.2 4.1.3 4.2.1 4.3.1 4.3.2 4.4.2 4.4.3 4.4.4
    6.1.2 6.1.3 6.2.9 6.2.10 6.2.11 6.2.12 6.3.3 6.3.4 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5
    6.6.1 6.6.2 6.6.3 6.8.1 6.8.2 6.8.3 6.8.4
    7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2
    8.1.2 8.2.3 8.4.1
    9.2.2 9.2.3 9.2.4
    11.1.1 11.1.2 11.2.1 11.2.2 11.2.3 11.3.3 11.4.2 11.4.3 11.4.4 11.5.1 11.6.1
    13.1.1 13.2.1 13.2.2 13.2.3 13.2.4 13.2.5 13.3.1 13.3.2 13.4.2 13.4.3 13.4.4 13.4.5
    14.1.1 14.1.2 14.2.2 14.2.3 14.2.4 14.3.2 14.3.3
    16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3
    16.5.1 16.5.2 16.5.3
"""
TO = "\N{EN DASH}"
HEADER = {"| Requirement | Topic | Status |", "|---|---|---|"}
REQUIREMENTS = sorted(
    (LEVEL_1 + LEVEL_2).split(), key=lambda number: [*map(int, number.split("."))]
)


def expand(numbers: str) -> Iterator[str]:
    """Yield each requirement in a list of numbers and ranges, separated by commas."""
    for part in numbers.split(", "):
        first, _, last = part.partition(TO)
        assert first in REQUIREMENTS, f"{first} is not a requirement of level 1 or 2"
        if last:
            assert last in REQUIREMENTS, f"{last} is not a requirement of level 1 or 2"
            chapter = first.partition(".")[0]
            assert last.startswith(f"{chapter}."), f"{part} spans chapters"
            start, end = REQUIREMENTS.index(first), REQUIREMENTS.index(last)
            assert start < end, f"{part} is not a range"
            yield from REQUIREMENTS[start : end + 1]
        else:
            yield first


def rows(project: Project) -> dict[str, str]:
    """Return the numbers and the answer of each row."""
    chapter, found = "", {}
    for line in project.text("docs/asvs.md").splitlines():
        if heading := re.match(r"## (\d+) ", line):
            chapter = heading[1]
        elif line.startswith("|") and line not in HEADER:
            _, numbers, _, answer, _ = map(str.strip, re.split(r"\|", line))
            assert re.match(r"(\d+)\.", numbers), line
            assert numbers.startswith(f"{chapter}."), f"{numbers} is in chapter {chapter}"
            assert numbers not in found, numbers
            found[numbers] = answer
    return found


def named_tests(text: str) -> set[str]:
    return set(re.findall(r"`(test_\w+)`", text))


def is_disabled(function: ast.FunctionDef, module: ast.Module) -> bool:
    """Return whether anything in the test or in the marks of its module could skip it."""
    marks = [
        node
        for node in module.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
    ]
    code = "\n".join(map(ast.unparse, [function, *marks]))
    return bool(re.search(r"\b(skip|skipif|xfail|importorskip)\b", code))


@cache
def enabled_tests(source: bytes) -> list[str]:
    """Return the names of the tests in a module that nothing skips."""
    module = ast.parse(source)
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    return [each.name for each in functions if not is_disabled(each, module)]


def running_tests(project: Project) -> Counter[str]:
    """Return how many modules have a test with each name that nothing skips."""
    return Counter(
        name
        for path, content in project.files.items()
        if re.fullmatch(r"tests/(\w+/)*test_\w+\.py", path)
        for name in enabled_tests(content)
    )


@every_combination
def test_every_requirement_has_one_answer(project: Project) -> None:
    numbers = Counter(number for numbers in rows(project) for number in expand(numbers))
    assert numbers == Counter(REQUIREMENTS)


@every_combination
def test_answers_are_met_yours_or_not_applicable(project: Project) -> None:
    for numbers, answer in rows(project).items():
        assert re.match(r"(met|yours|not applicable): \S", answer), (numbers, answer)
        if answer.startswith("met"):
            assert named_tests(answer), (numbers, answer)


@every_combination
def test_named_tests_run_in_the_project(project: Project) -> None:
    named = named_tests(project.text("docs/asvs.md") + project.text("SECURITY.md"))
    running = running_tests(project)
    assert {name: running[name] for name in sorted(named) if running[name] != 1} == {}


@first_auth
def test_pytest_collects_named_tests(auth: str, projects: Projects, run: Run) -> None:
    project = projects[auth, style_for(auth)]
    output = run(project.path, "pytest", "--collect-only", "-p", "no:cacheprovider")
    collected = set(re.findall(r"::(test_\w+)", output))
    assert named_tests(project.text("docs/asvs.md")) - collected == set()


def test_only_known_requirements_of_level_1_are_left_to_the_owner(projects: Projects) -> None:
    yours = {
        (auth, number)
        for (auth, _), project in projects.items()
        for numbers, answer in rows(project).items()
        if answer.startswith("yours")
        for number in expand(numbers)
        if number in LEVEL_1.split()
    }
    assert yours == {
        # A validator that the contract requires
        *((auth, "6.2.5") for auth in AUTHS),
        # What only a front end can do
        *((auth, "14.3.1") for auth in AUTHS),
        *((auth, number) for auth in AUTHS if auth != "api_key" for number in ("6.2.6", "6.2.7")),
        # How the strategy works
        ("token", "7.2.4"),
        ("djoser", "7.2.4"),
        ("simplejwt", "7.2.4"),
        ("simplejwt", "7.4.1"),
        ("api_key", "7.2.2"),
    }


def test_ranges_are_expanded() -> None:
    assert [*expand(f"1.2.9{TO}1.3.2, 1.5.1")] == ["1.2.9", "1.3.1", "1.3.2", "1.5.1"]


@pytest.mark.parametrize(
    "numbers", ["1.2.10", "5.1.1", f"1.1.1{TO}2.1.1", f"1.1.2{TO}1.1.1", f"1.1.1{TO}1.1.9"]
)
def test_unknown_numbers_are_rejected(numbers: str) -> None:
    with pytest.raises(AssertionError):
        list(expand(numbers))
