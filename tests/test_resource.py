"""Add a resource as the project's README says, and run all checks again."""

import re

import pytest

from tests.support.checks import (
    CheckTypes,
    formatting,
    lint,
    manage,
    migrations,
    own_tests,
    schema,
    system_check,
)
from tests.support.environment import Run
from tests.support.rendering import (
    AUTHS,
    COMBINATIONS,
    VIEW_STYLES,
    Bake,
    share_types_cache,
)
from tests.support.resources import add_orders

# Apps and their models. `users` needs a name for its model, because there is a `User` already.
NAMES = {
    "x": "X",
    "a1s": "A1",
    "inventory": "Inventory",
    "names": "Name",
    "pages": "Page",
    "categories": "Category",
    "people": "Person",
    "statuses": "Status",
    "purchase_order_items": "PurchaseOrderItem",
}
# The OpenAPI documents by strategy
documents: dict[str, str] = {}


def one_per_style(auth: str, view_style: str) -> bool:
    """Select the combinations that run by default: each style, with another strategy."""
    return AUTHS.index(auth) == VIEW_STYLES.index(view_style)


@pytest.mark.parametrize(
    ("auth", "view_style"),
    [
        pytest.param(
            *combination,
            id="-".join(combination),
            marks=[
                share_types_cache(combination[0]),
                *([] if one_per_style(*combination) else [pytest.mark.thorough]),
            ],
        )
        for combination in COMBINATIONS
    ],
)
def test_project_passes_with_a_new_resource(
    auth: str, view_style: str, bake: Bake, run: Run, check_types: CheckTypes
) -> None:
    folder = bake(auth=auth, view_style=view_style).path
    add_orders(folder, run)
    for check in (lint, formatting, system_check, migrations):
        check(run, folder)
    # Of the other tests, only those of the whole site depend on this app, in the same way in all
    # strategies.
    whole_site = ["tests/api", "tests/config"] if one_per_style(auth, view_style) else []
    own_tests(run, folder, "tests/orders", *whole_site)
    check_types(folder, auth)
    document = schema(run, folder)
    assert "/api/v1/orders/{id}/" in document
    # All styles of a strategy run in the same worker.
    assert document == documents.setdefault(auth, document)


@pytest.mark.parametrize("view_style", VIEW_STYLES)
def test_new_resource_is_clean_with_any_name(view_style: str, bake: Bake, run: Run) -> None:
    folder = bake(view_style=view_style).path
    # In one process, the commands take less time.
    command = "from django.core.management import call_command as call\n"
    command += f"for app in {[*NAMES]}: call('startresource', app)"
    manage(run, folder, "shell", "--no-imports", "-c", command)
    manage(run, folder, "startresource", "users", "--model", "Customer")
    for check in (lint, formatting, system_check):
        check(run, folder)
    for app, model in NAMES.items():
        models = (folder / app / "models.py").read_text("utf-8")
        assert re.findall(r"^class (\w+)\(models\.Model\):$", models, re.MULTILINE) == [model]
