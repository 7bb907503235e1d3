"""Add a resource as the project's README says."""

import shlex
from pathlib import Path

from tests.support.environment import Run
from tests.support.readme import blocks


def modules(block: str) -> list[list[str]]:
    """Return the commands of a block as modules with arguments."""
    commands = [command for line in block.splitlines() for command in line.split(" && ")]
    return [
        shlex.split(command.replace("uv run ", "").replace("manage.py", "manage"))
        for command in commands
    ]


def add_orders(folder: Path, run: Run) -> None:
    """Run the commands of the README, except for the tests."""
    readme = (folder / "README.md").read_text("utf-8")
    (block,) = blocks(readme, "Add a resource")
    *commands, last = modules(block)
    assert commands[0] == ["manage", "startresource", "orders"]
    assert last == ["pytest"]
    for command in commands:
        run(folder, *command, DJANGO_SETTINGS_MODULE="tests.settings")
