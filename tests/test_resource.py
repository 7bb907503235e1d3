"""A resource added as the project's README says, and everything run again."""

import re
from pathlib import Path

import pytest

from tests.conftest import AUTHS, COMBINATIONS, VIEW_STYLES, Bake, Run
from tests.test_projects import (
    formatting,
    lint,
    manage,
    migrations,
    own_tests,
    schema,
    system_check,
    types,
)

# The OpenAPI document of each strategy's projects, by strategy
documents: dict[str, str] = {}


def insert_after(path: Path, line: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(f"\n{line}\n") == 1, f"{path} has no line {line}"
    path.write_text(text.replace(f"\n{line}\n", f"\n{line}\n{new}\n"), "utf-8", newline="\n")


def commands(block: str) -> list[list[str]]:
    """Read the README's commands as modules with arguments."""
    lines = block.replace("uv run ", "").replace("manage.py", "manage").split(" && ")
    return [line.split() for line in lines]


def blocks(folder: Path) -> list[str]:
    """Return what the README says to run and to write, to add a resource."""
    readme = (folder / "README.md").read_text("utf-8")
    section = re.search(r"^## Add a resource.*?(?=^## )", readme, re.DOTALL | re.MULTILINE)
    assert section
    code = re.findall(r"```sh\n(.*?)\n```|`([^`]+)`", section[0], re.DOTALL)
    written = [block or inline for block, inline in code]
    return [text for text in written if text.startswith(("uv run ", '"orders"', "path("))]


def register_orders(folder: Path) -> None:
    _, app, path, _ = blocks(folder)
    insert_after(folder / "config" / "settings.py", '    "books",', f"    {app}")
    books = '    path("api/v1/", include("books.urls")),'
    insert_after(folder / "config" / "urls.py", books, f"    {path}")


def add_orders(folder: Path, run: Run) -> None:
    """Do what the README says, up to the tests."""
    start, _, _, finish = blocks(folder)
    for command in commands(start):
        run(folder, *command, DJANGO_SETTINGS_MODULE="tests.settings")
    register_orders(folder)
    *prepare, test = commands(finish)
    assert test == ["pytest"]
    for command in prepare:
        run(folder, *command, DJANGO_SETTINGS_MODULE="tests.settings")


def one_of_each(auth: str, view_style: str) -> bool:
    """Pick what runs by default: each style, with another strategy for variety."""
    return AUTHS.index(auth) == VIEW_STYLES.index(view_style)


@pytest.mark.parametrize(
    ("auth", "view_style"),
    [
        pytest.param(
            *combination,
            id="-".join(combination),
            marks=[
                pytest.mark.xdist_group(f"types-{combination[0]}"),
                *([] if one_of_each(*combination) else [pytest.mark.thorough]),
            ],
        )
        for combination in COMBINATIONS
    ],
)
def test_resource_can_be_added(
    auth: str, view_style: str, bake: Bake, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = bake(auth=auth, view_style=view_style).path
    add_orders(folder, run)
    assert " passed" in run(folder, "pytest", "orders")
    for check in (lint, formatting, system_check, migrations, own_tests):
        check(run, folder)
    types(run, folder, tmp_path_factory.getbasetemp() / f"mypy-{auth}")
    document = schema(run, folder)
    assert "/api/v1/orders/{id}/" in document
    # Those of the other styles come to the same worker.
    assert document == documents.setdefault(auth, document)


@pytest.mark.parametrize("view_style", VIEW_STYLES)
def test_added_resource_is_clean_whatever_its_name(view_style: str, bake: Bake, run: Run) -> None:
    folder = bake(view_style=view_style).path
    for name in ("x", "a1s", "inventory", "names", "pages", "users", "purchase_order_items"):
        manage(run, folder, "startapp", name, "--template", "app_template")
    for check in (lint, formatting):
        check(run, folder)
    assert "class PurchaseOrderItem(" in (folder / "purchase_order_items" / "models.py").read_text(
        "utf-8"
    )
