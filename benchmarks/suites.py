"""
Compare the CPU time of the template's tests with that of the rendered projects' own tests.

    uv run python -m benchmarks.suites

The first figure is what it costs to run the tests of every combination once. Everything that the
default tests of the template do in addition is in the second.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from tests.support.checks import own_tests
from tests.support.environment import forks, install
from tests.support.rendering import COMBINATIONS, render

TEMPLATE = Path(__file__).resolve().parent.parent


def cpu_time() -> float:
    """Return the CPU time of all child processes that have ended, in seconds."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_each_suite_once() -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        projects = [render(folder, *answers) for answers in COMBINATIONS]
        environment = install((path / "pyproject.toml").read_text("utf-8") for path in projects)
        before = cpu_time()
        with forks(environment, folder / "output.txt") as run:
            for project in projects:
                own_tests(run, project)
        return cpu_time() - before


def run_default_tests() -> float:
    before = cpu_time()
    subprocess.run([sys.executable, "-m", "pytest"], cwd=TEMPLATE, check=True)
    return cpu_time() - before


def main() -> None:
    suites, tests = run_each_suite_once(), run_default_tests()
    print(f"each suite once, without coverage {suites:5.0f} s")
    print(f"the template's default tests      {tests:5.0f} s")
    print(f"ratio                             {tests / suites:7.1f}")


if __name__ == "__main__":
    main()
