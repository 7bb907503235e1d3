"""
Make small random changes (mutants) in the code of projects, and check that their tests fail.

    uv run python -m tests.mutation --sample 500
    uv run python -m tests.mutation token viewsets config/settings.py

Prints each mutant that survives, because no test fails, and the score of each file. Mutants that
may survive are listed with the reason in `tests/mutation.toml`; they are not made. The exit code
is 1 if the score of a project is below `--minimum`.
"""

import json
import os
import random
import re
import shutil
import sys
import tempfile
import tomllib
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.support.changes import Change, changes
from tests.support.environment import install
from tests.support.mutants import Idle, killer, own_tests, runners
from tests.support.rendering import AUTHS, VIEW_STYLES, render, style_for

# Code that the tests do not run, and the tests themselves
EXCLUDED = re.compile(r"tests/|conftest\.py|manage\.py|gunicorn\.conf\.py|.*/migrations/")

# The number of mutants that one process tests
BATCH = 50


@dataclass(frozen=True)
class Accepted:
    """Mutants that may survive: those whose path and changed lines match."""

    path: str
    change: str
    reason: str

    def matches(self, path: str, text: str) -> bool:
        return bool(re.fullmatch(self.path, path) and re.search(self.change, text))


def accepted() -> list[Accepted]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return [Accepted(**entry) for entry in table["accepted"]]


def code(project: Path, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and the source of each module below the path."""
    for file in sorted(project.rglob("*.py")):
        name = file.relative_to(project).as_posix()
        if name.startswith(path) and not EXCLUDED.match(name):
            yield name, file.read_text("utf-8")


class Coverage:
    """Which tests run which lines of a project. The tests must pass."""

    def __init__(self, project: Path, idle: Idle) -> None:
        run = idle.get()
        run(project, "pytest", "--cov", "--cov-context=test", "--cov-report=", "tests")
        run(project, "coverage", "json", "--show-contexts", "-o", f"{project}.json")
        idle.put(run)
        self.files = json.loads(Path(f"{project}.json").read_text("utf-8"))["files"]

    def contexts(self, change: Change) -> list[str]:
        """Return "<test>|<phase>" for all runs of the changed lines; it is empty for imports."""
        contexts = self.files.get(change.path, {}).get("contexts", {})
        return [context for line in change.lines for context in contexts.get(str(line), [""])]

    def tests(self, change: Change) -> list[str]:
        """Return the tests that run the changed lines, first those in the folder of the file."""
        names = Counter(re.split(r"[|\[]", context)[0] for context in self.contexts(change))
        own = own_tests(change.path)[0]
        return sorted(names, key=lambda name: (not name.startswith(own), names[name]))


class Projects:
    """Run the tests of projects against mutants."""

    def __init__(self, folders: list[Path], idle: Idle, pool: ThreadPoolExecutor) -> None:
        self.idle = idle
        covered = pool.map(lambda folder: Coverage(folder, idle), folders)
        self.coverage = dict(zip(folders, covered, strict=True))
        # For each file, how often each test module failed with one of its changes
        self.killers: dict[str, Counter[str]] = defaultdict(Counter)

    def is_quick(self, project: Path, change: Change) -> bool:
        """Return whether the change is in a function that only tests run, not imports."""
        tests = self.coverage[project].tests(change)
        return change.in_function and change.path != "config/settings.py" and all(tests)

    def kill_quickly(self, project: Path, changes: list[Change]) -> list[str | None]:
        """Return the test that fails with each change, or an empty string if it is not known."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(project, Path(folder) / "project"))
            shutil.copy(Path(__file__).parent / "support" / "functions.py", copy)
            file = Path(folder) / "mutants.json"
            coverage = self.coverage[project]
            jobs = [
                {
                    "path": change.path,
                    "source": change.source,
                    "tests": coverage.tests(change),
                    "in_setup": any("|setup" in each for each in coverage.contexts(change)),
                }
                for change in changes
            ]
            file.write_text(json.dumps(jobs), "utf-8")
            run = self.idle.get()
            run(copy, "pytest", "-p", "functions", "--tb=no", "tests", MUTANTS=str(file))
            self.idle.put(run)
            results: list[str | None] = json.loads(file.read_text("utf-8"))
        return results

    def kill(self, project: Path, change: Change) -> str | None:
        """Return the test that fails in a new process. Run the likely tests first, then all."""
        killers = self.killers[change.path]
        covering = [test.partition("::")[0] for test in self.coverage[project].tests(change)]
        paths = (path.relative_to(project) for path in sorted(project.glob("tests/**/test_*.py")))
        modules = [path.as_posix() for path in paths]
        own = own_tests(change.path)[0]
        likely = [name for name in modules if name in covering or name.startswith(f"{own}/")]
        likely.extend(name for name in killers if name in modules and name not in likely)
        likely.sort(key=lambda name: -killers[name])
        others = [name for name in modules if name not in likely]
        test = killer(project, change.path, change.source, self.idle, [likely, others])
        if test:
            killers[test.partition("::")[0]] += 1
        return test


def results(
    projects: Projects, runs: list[tuple[Path, Change]], pool: ThreadPoolExecutor
) -> Iterator[tuple[tuple[Path, Change], str | None]]:
    """Yield each mutant and the test that fails with it, or None if it survives."""
    batches: dict[tuple[Path, int], list[Change]] = defaultdict(list)
    slow = []
    for number, (project, change) in enumerate(runs):
        if projects.is_quick(project, change):
            batches[project, number // BATCH].append(change)
        else:
            slow.append((project, change))
    results = pool.map(lambda key: projects.kill_quickly(key[0], batches[key]), batches)
    for ((project, _), batch), tests in zip(batches.items(), results, strict=True):
        for change, test in zip(batch, tests, strict=True):
            if test == "":
                slow.append((project, change))
            else:
                yield (project, change), test
    yield from zip(slow, pool.map(lambda run: projects.kill(*run), slow), strict=True)


def main() -> int:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("auth", nargs="?", choices=AUTHS, help="default: every strategy")
    parser.add_argument("view_style", nargs="?", choices=VIEW_STYLES)
    parser.add_argument("path", nargs="?", default="", help="a file or folder of the project")
    parser.add_argument("--sample", type=int, metavar="SIZE", help="make SIZE random mutants")
    parser.add_argument("--seed", type=int, default=0, help="choose another sample")
    parser.add_argument("--minimum", type=float, default=97, help="percentage (default: 97)")
    options = parser.parse_args()
    workers = os.cpu_count() or 1
    auths = [options.auth] if options.auth else AUTHS
    killed: Counter[tuple[str, str]] = Counter()
    made: Counter[tuple[str, str]] = Counter()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        projects = [render(folder, auth, options.view_style or style_for(auth)) for auth in auths]
        environment = install((p / "pyproject.toml").read_text("utf-8") for p in projects)
        idle = stack.enter_context(runners(environment, folder, workers))
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        entries = accepted()
        runs = [
            (project, change)
            for project in projects
            for file in code(project, options.path)
            for change in changes(*file)
            if not any(entry.matches(change.path, change.text) for entry in entries)
        ]
        print(f"{len(runs)} mutants")
        if options.sample:
            runs = random.Random(options.seed).sample(runs, min(options.sample, len(runs)))  # noqa: S311
        for (project, change), test in results(Projects(projects, idle, pool), runs, pool):
            made[project.name, change.path] += 1
            killed[project.name, change.path] += test is not None
            if test is None:
                place = f"{project.name}/{change.path}:{change.lines[0]}"
                print(f"SURVIVED {place}: {change.text}", flush=True)
    print(f"\n{'killed':>8}{'made':>6}{'score':>7}")
    for key in sorted(made):
        print(row(" ".join(key), killed[key], made[key]))
    enough = True
    for project in projects:
        total = sum(made[key] for key in made if key[0] == project.name)
        score = sum(killed[key] for key in made if key[0] == project.name)
        print(row(project.name, score, total))
        enough &= 100 * score >= options.minimum * total
    return int(not enough)


def row(name: str, killed: int, made: int) -> str:
    return f"{killed:8}{made:6}{100 * killed / max(made, 1):6.1f}%  {name}"


if __name__ == "__main__":
    sys.exit(main())
