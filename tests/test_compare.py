"""tests/compare.py: the differences between the projects of two revisions."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import ENVIRONMENT, TEMPLATE
from tests.support.rendering import AUTHS, COMBINATIONS, SOURCE, VIEW_STYLES


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, env=ENVIRONMENT, check=True)


@pytest.mark.thorough
def test_comparison_reports_each_change_once(tmp_path: Path) -> None:
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

    number = len(COMBINATIONS)
    assert compare() == f"0 of {number} projects differ from those of HEAD.\n"
    urls = folder / "templates" / "auth" / AUTHS[0] / "authentication" / "urls.py"
    with urls.open("a") as file:
        file.write("SHELVES = 12\n")
    (folder / SOURCE.name / "manage.py").unlink()
    (folder / SOURCE.name / "shelves.py").write_text("SHELVES = 12")
    report = compare()
    assert report.count("\n+SHELVES = 12\n") == 2
    assert "\n+SHELVES = 12\n\\ No newline at end of file\n````\n" in report
    names = ", ".join(sorted(f"{AUTHS[0]}-{view_style}" for view_style in VIEW_STYLES))
    assert f"\n### authentication/urls.py\n\nIn {names}:\n" in report
    assert (
        f"\n### manage.py\n\nIn all {number}:\n\n````diff\n--- manage.py\n+++ /dev/null\n" in report
    )
    assert (
        f"\n### shelves.py\n\nIn all {number}:\n\n````diff\n--- /dev/null\n+++ shelves.py\n"
        in report
    )
