"""Projects in environments of their own, as their README says: no dependency can be missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ENVIRONMENT, VIEW_STYLES, Bake, every_auth, uv

# The command of the project's README, but for the server
SERVE = "cp .env.example .env && uv run manage.py migrate && uv run manage.py check"
pytestmark = pytest.mark.fresh


@every_auth
def test_project_needs_nothing_but_uv(auth: str, bake: Bake, tmp_path: Path) -> None:
    folder = tmp_path / "a folder" / "my_api"
    shutil.copytree(bake(auth=auth, view_style=VIEW_STYLES[0]).path, folder)
    uv("sync", "--python", sys.executable, cwd=folder)
    assert " passed in " in uv("run", "python", "-m", "pytest", cwd=folder)
    uv("run", "ruff", "check", cwd=folder)
    uv("run", "mypy", cwd=folder)
    subprocess.run(
        ["sh", "-c", SERVE],
        cwd=folder,
        env=ENVIRONMENT,
        check=True,
    )
    assert " passed in " in uv("run", "python", "-m", "pytest", cwd=folder)
