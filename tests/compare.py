"""
Compare the projects of the working tree with those of another git revision.

`python tests/compare.py main` prints each difference, and the projects it affects, as Markdown.
"""

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from functools import partial
from itertools import product
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent
Files = dict[str, str]


def combinations(template: Path) -> set[tuple[str, str]]:
    questions = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    return set(product(questions["auth"], questions["view_style"]))


def export(revision: str, folder: Path) -> Path:
    """Write the template of a revision to a folder and return the folder."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", revision],
        cwd=TEMPLATE,
        stdout=subprocess.PIPE,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def render(template: Path, combination: tuple[str, str]) -> Files:
    """Return the files of a project, or no files if the template does not have it."""
    if combination not in combinations(template):
        return {}
    auth, view_style = combination
    with tempfile.TemporaryDirectory() as folder:
        command = ["-m", "cookiecutter", "--no-input", "--default-config", "-o", folder]
        answers = [f"auth={auth}", f"view_style={view_style}", "project_slug=api"]
        subprocess.run(
            [sys.executable, *command, str(template), *answers],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        project = Path(folder) / "api"
        return {
            path.relative_to(project).as_posix(): path.read_text(encoding="utf-8")
            for path in project.rglob("*")
            if path.is_file()
        }


def describe(path: str, old: Files, new: Files) -> str:
    """Return the difference between two versions of a file, or nothing if they are equal."""
    if old.get(path) == new.get(path):
        return ""
    before, after = (files.get(path, "").splitlines(keepends=True) for files in (old, new))
    source, target = (path if path in files else "/dev/null" for files in (old, new))
    difference = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in unified_diff(before, after, source, target)
    )
    # Empty files have no lines that differ.
    return difference or f"--- {source}\n+++ {target}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", nargs="?", default="main", help="default: main")
    revision: str = parser.parse_args().revision

    changes: dict[tuple[str, str], list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        before = export(revision, Path(folder))
        projects = sorted(combinations(before) | combinations(TEMPLATE))
        olds = pool.map(partial(render, before), projects)
        news = pool.map(partial(render, TEMPLATE), projects)
        for combination, old, new in zip(projects, olds, news, strict=True):
            for path in old.keys() | new.keys():
                if difference := describe(path, old, new):
                    changes[path, difference].append("-".join(combination))

    changed = {name for names in changes.values() for name in names}
    print(f"{len(changed)} of {len(projects)} projects differ from those of {revision}.")
    for (path, difference), names in sorted(changes.items()):
        where = f"all {len(projects)}" if len(names) == len(projects) else ", ".join(names)
        print(f"\n### {path}\n\nIn {where}:\n\n````diff\n{difference}````")


if __name__ == "__main__":
    main()
