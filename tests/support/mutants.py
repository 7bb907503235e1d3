"""Run the tests of projects in which one file was changed."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.support.environment import Run, forks

Idle = SimpleQueue[Run]

# Looking for plugins takes time. TIMEOUT ends tests that a mutant keeps from ending, in seconds.
VARIABLES = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TIMEOUT": "300"}


@contextmanager
def runners(environment: Path, folder: Path, number: int) -> Iterator[Idle]:
    """Yield a queue of interpreters that run tests."""
    with ExitStack() as stack:
        idle: Idle = SimpleQueue()
        for each in range(number):
            idle.put(stack.enter_context(forks(environment, folder / f"output-{each}")))
        yield idle


def failing_test(project: Path, idle: Idle, tests: Sequence[str] = ("tests",)) -> str | None:
    """Return the first test of the project that fails, or None if all pass."""
    options = ("-x", "--tb=no", "-p", "no:cacheprovider", "-p", "pytest_django.plugin")
    # Runs that share pytest's default folder for temporary files can disturb each other.
    folder = f"--basetemp={project}.tmp"
    run = idle.get()
    try:
        run(project, "pytest", *options, folder, *tests, **VARIABLES)
    except AssertionError as error:
        found = re.search(r"^(?:FAILED|ERROR) (\S+)", str(error), re.MULTILINE)
        return found[1] if found else f"no test: {str(error).splitlines()[-1:]}"
    finally:
        idle.put(run)
    return None


def own_tests(path: str) -> list[str]:
    """Return the folder of the tests that detect most changes of a file. They take less time."""
    return [f"tests/{path.partition('/')[0]}"]


def killer(
    project: Path, path: str, source: str, idle: Idle, selections: Sequence[Sequence[str]]
) -> str | None:
    """
    Return the test that fails if the source of a file is replaced, or None if all pass.

    Run one selection of tests after the other until a test fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(project, copy)
        (copy / path).write_text(source, "utf-8")
        for tests in selections:
            existing = [test for test in tests if (copy / test.partition("::")[0]).exists()]
            if existing and (found := failing_test(copy, idle, existing)):
                return found
    return None
