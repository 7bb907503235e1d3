"""Projects in environments of their own, as their README says: no dependency can be missing."""

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ENVIRONMENT, VIEW_STYLES, Bake, Project, every_auth
from tests.services import answers, free_port, running
from tests.test_production import BEHIND_PROXY, get, production
from tests.test_readme import SERVE, commands

pytestmark = pytest.mark.fresh


@every_auth
def test_readme_needs_nothing_but_uv(auth: str, bake: Bake, tmp_path: Path) -> None:
    folder = tmp_path / "a folder" / "my_api"
    shutil.copytree(bake(auth=auth, view_style=VIEW_STYLES[0]).path, folder)
    project = Project(folder, auth, VIEW_STYLES[0])
    readme = project.files["README.md"].decode()
    env = {**ENVIRONMENT, "UV_PYTHON": sys.executable}

    def bash(script: str) -> None:
        subprocess.run(["bash", "-euxc", script], cwd=folder, env=env, check=True)

    bash(commands(readme, "Test it"))
    bash(commands(readme, "Run it").replace(SERVE, " && uv run manage.py check"))
    bash("uv run pytest")  # whatever .env has
    (folder / ".env").unlink()

    *prepare, serve = commands(readme, "Deploy").splitlines()
    env |= production(project)
    env |= {"DATABASE_URL": "sqlite:///db.sqlite3", "CACHE_URL": "", "NUM_PROXIES": "1"}
    bash("\n".join(prepare))
    port = free_port()
    server = [*serve.split(), "--bind", f"127.0.0.1:{port}"]
    with running(server, partial(answers, port), cwd=folder, env=env):
        _, page = get(port, "/api/docs/", **BEHIND_PROXY)
    assert b"swagger" in page
