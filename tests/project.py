"""
Render one combination and run a command in the project.

    uv run python -m tests.project token viewsets runserver
    uv run python -m tests.project token viewsets pytest -k login

The command is `pytest`, `ruff`, `mypy` or one of `manage.py`. The project is in `.cache/projects/`;
its database is kept when it is rendered again.
"""

import shutil
import subprocess
import sys
import tempfile
from argparse import REMAINDER, ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from tests.support.environment import TEMPLATE, in_environment, install
from tests.support.rendering import AUTHS, VIEW_STYLES, render

FOLDER = TEMPLATE / ".cache" / "projects"
TOOLS = {"mypy", "pytest", "ruff"}


def install_dependencies() -> Path:
    """Install the dependencies of all strategies, as the tests do."""
    with tempfile.TemporaryDirectory() as folder:
        projects = [render(Path(folder), auth, VIEW_STYLES[0]) for auth in AUTHS]
        return install((path / "pyproject.toml").read_text("utf-8") for path in projects)


def main() -> int:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("auth", choices=AUTHS)
    parser.add_argument("view_style", choices=VIEW_STYLES)
    parser.add_argument("command", nargs=REMAINDER, help="default: runserver")
    options = parser.parse_args()
    environment = install_dependencies()
    name = f"{options.auth}_{options.view_style}"
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    project = render(FOLDER, options.auth, options.view_style)

    command = options.command or ["runserver"]
    if command[0] in TOOLS:
        env = in_environment(environment, {})
        commands = [["python", "-m", *command]]
    else:
        database = f"sqlite:///{FOLDER}/{name}.sqlite3"
        env = in_environment(environment, {"DEBUG": "true", "DATABASE_URL": database})
        commands = [["python", "manage.py", *each] for each in (["migrate", "-v0"], command)]
    try:
        return max(subprocess.call(each, cwd=project, env=env) for each in commands)
    except KeyboardInterrupt:  # stops the server
        return 0


if __name__ == "__main__":
    sys.exit(main())
