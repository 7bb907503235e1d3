"""The template's sources, before anything is rendered from them."""

import ast
from pathlib import Path

import pytest

from tests.conftest import TEMPLATE

FOLDERS = ("{{cookiecutter.project_slug}}", "templates", "hooks", "tests")
SOURCES = sorted(path for folder in FOLDERS for path in (TEMPLATE / folder).rglob("*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATE)))
def test_source_is_python(source: Path) -> None:
    ast.parse(source.read_text("utf-8"))


def test_python_sources_vary_by_comments_alone() -> None:
    """Jinja stays out of Python: what varies is included, by lines that are comments."""
    for source in SOURCES:
        if "{{cookiecutter" in str(source) or "templates" in source.parts:
            text = source.read_text("utf-8")
            assert "{{" not in text, source
            for line in text.splitlines():
                assert "{%" not in line or line.lstrip().startswith("# {% "), (source, line)
