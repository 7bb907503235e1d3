"""The command that compares what is rendered with that of another revision."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import AUTHS, ENVIRONMENT, TEMPLATE, VIEW_STYLES

SOURCE = "{{cookiecutter.project_slug}}"


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=ENVIRONMENT, check=True)


@pytest.mark.thorough
def test_comparison_shows_each_change_once(tmp_path: Path) -> None:
    folder = tmp_path / "template"
    ignore = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(TEMPLATE, folder, ignore=ignore)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=Before")

    def compare() -> str:
        command = [sys.executable, "tests/compare.py", "HEAD"]
        return subprocess.run(
            command, cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf-8"
        ).stdout

    assert compare() == "0 of 15 projects differ from those of HEAD.\n".replace(
        "15", str(len(AUTHS) * len(VIEW_STYLES))
    )
    with (folder / "templates" / "auth" / AUTHS[0] / "urls.py").open("a") as file:
        file.write("SHELVES = 12\n")
    (folder / SOURCE / "manage.py").unlink()
    (folder / SOURCE / "shelves.py").write_text("SHELVES = 12")
    report = compare()
    assert report.count("\n+SHELVES = 12\n") == 2
    assert "\n+SHELVES = 12\n\\ No newline at end of file\n````\n" in report
    names = ", ".join(sorted(f"{AUTHS[0]}-{view_style}" for view_style in VIEW_STYLES))
    assert f"\n### authentication/urls.py\n\nIn {names}:\n" in report
    assert "\n### manage.py\n\nIn all 15:\n\n````diff\n--- manage.py\n+++ /dev/null\n" in report
    assert "\n### shelves.py\n\nIn all 15:\n\n````diff\n--- /dev/null\n+++ shelves.py\n" in report
