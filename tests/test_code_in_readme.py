"""The code and the pictures in the README of the template."""

import re

import pytest

from tests.support.environment import TEMPLATE
from tests.support.rendering import AUTHS, VIEW_STYLES, Projects

README = TEMPLATE / "README.md"
# The name of a view style, and a block of code below it
CELL = re.compile(r"(?<=<td>\n\n)`(\w+)`\n\n```python\n(.*?)\n```(?=\n\n</td>)", re.DOTALL)


def author_views(source: str) -> str:
    """Return the code that serves authors: what is between the imports and the first book."""
    code = re.split(r"\n\n\n", source)[1:]
    books = next(
        i for i, part in enumerate(code) if re.search(r"^(class|def) \w*book", part, re.I | re.M)
    )
    return "\n\n\n".join(code[:books])


def test_code_of_each_view_style_is_that_of_projects(
    projects: Projects, request: pytest.FixtureRequest
) -> None:
    readme = README.read_text("utf-8")
    expected = {
        style: author_views(projects[AUTHS[0], style].text("books/views.py"))
        for style in VIEW_STYLES
    }
    if request.config.getoption("update_docs"):
        readme = CELL.sub(lambda cell: cell[0].replace(cell[2], expected[cell[1]]), readme)
        README.write_text(readme, "utf-8")
    assert dict(CELL.findall(readme)) == expected, "Run pytest with --update-docs."


def test_pictures_exist() -> None:
    pictures = re.findall(r'src="(docs/\w+\.png)"', README.read_text("utf-8"))
    assert set(pictures) == {f"docs/{path.name}" for path in (TEMPLATE / "docs").iterdir()}
    for picture in pictures:
        assert 0 < (TEMPLATE / picture).stat().st_size < 150_000
