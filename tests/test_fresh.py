"""Install and run projects in environments of their own, as their README says."""

import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
import yaml

from tests.support.environment import ENVIRONMENT, requirements
from tests.support.production import BEHIND_PROXY, get, production
from tests.support.readme import SERVE, blocks, prepare
from tests.support.rendering import AUTHS, VIEW_STYLES, Bake, Project, every_auth
from tests.support.services import answers, free_port, running

pytestmark = pytest.mark.fresh


def bash(script: str, folder: Path, env: dict[str, str]) -> None:
    subprocess.run(["bash", "-euxc", script], cwd=folder, env=env, check=True)


@every_auth
def test_commands_of_the_readme_need_only_uv(auth: str, bake: Bake, tmp_path: Path) -> None:
    folder = tmp_path / "a folder" / "my_api"
    shutil.copytree(bake(auth=auth, view_style=VIEW_STYLES[0]).path, folder)
    project = Project(folder, auth, VIEW_STYLES[0])
    readme = project.text("README.md")
    env = {**ENVIRONMENT, "UV_PYTHON": sys.executable}

    bash(f"{prepare(readme)} && uv run manage.py check", folder, env)
    test = blocks(readme, "Test")[0]  # passes with a .env file, too
    if auth != AUTHS[0]:
        # A missing dependency shows when tests are collected, and in those of the strategy.
        test = test.replace("uv run pytest\n", "uv run pytest tests/authentication\n")
    bash(test, folder, env)
    (folder / ".env").unlink()

    *commands, serve = blocks(readme, "Deploy")[0].splitlines()
    env |= production(project)
    env |= {"DATABASE_URL": "sqlite:///db.sqlite3", "CACHE_URL": "", "NUM_PROXIES": "1"}
    bash("\n".join(commands), folder, env)
    port = free_port()
    server = [*serve.split(), "--bind", f"127.0.0.1:{port}"]
    with running(server, partial(answers, port), cwd=folder, env=env):
        _, page = get(port, "/api/docs/", **BEHIND_PROXY)
    assert b"swagger" in page


@pytest.mark.parametrize("auth", [AUTHS[0], AUTHS[-1]])  # the fewest and the most dependencies
def test_commands_of_the_readme_work_with_pip(auth: str, bake: Bake) -> None:
    folder = bake(auth=auth).path
    install = blocks((folder / "README.md").read_text("utf-8"), "Run")[1].strip()
    serve = SERVE.replace("uv run", "python")
    assert install.endswith(serve)
    checks = " && ruff check && ruff format --check && mypy && pytest tests/api"
    bash(install.removesuffix(serve) + checks, folder, ENVIRONMENT)


@every_auth
def test_workflow_audits_every_dependency(auth: str, bake: Bake) -> None:
    project = bake(auth=auth)
    steps = yaml.safe_load(project.text(".github/workflows/ci.yml"))["jobs"]["audit"]["steps"]
    export, audit = (step["run"] for step in steps if step.get("run", "").startswith("uv"))
    env = {**ENVIRONMENT, "UV_PYTHON": sys.executable}
    bash(export, project.path, env)
    # A dry run does not ask the vulnerability database.
    output = subprocess.run(
        ["bash", "-euc", f"{audit} --dry-run"],
        cwd=project.path,
        env=env,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    ).stderr
    audited = re.search(r"would have audited (\d+) packages", output)
    assert audited, output
    dependencies = requirements(project.text("pyproject.toml"))
    assert int(audited[1]) > len(dependencies)
    exported = (project.path / "requirements.txt").read_text("utf-8").splitlines()
    for dependency in dependencies:
        name = re.split(r"[^\w-]", dependency)[0]
        assert any(line.startswith(f"{name}==") for line in exported), name
