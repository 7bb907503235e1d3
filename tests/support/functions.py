"""
A plugin for pytest: change functions and run tests in forks of a process that has collected them.

This takes a tenth of the time of a new process for each change. The environment variable MUTANTS is
the path of a JSON file with a list of mutants. The plugin replaces each of them with the test that
fails: null if all tests pass, or an empty string if the function could not be replaced.
"""

import gc
import importlib
import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

# The time that a test can take, in seconds: mutants can cause endless loops.
TIMEOUT = 30


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of all functions and classes in a module."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes(constant)


def replace_functions(path: Path, source: str) -> None:
    """Replace the code of functions that already exist. Raise ValueError if it is not possible."""
    old = codes(compile(path.read_text("utf-8"), path, "exec"))
    new = codes(compile(source, path, "exec"))
    changed = {
        # A function that no longer calls super() keeps its closure, which contains the class.
        code: other if other.co_freevars else other.replace(co_freevars=code.co_freevars)
        for code, other in zip(old, new, strict=True)
        if code != other
    }
    for function in gc.get_objects():
        if type(function) is FunctionType and function.__code__ in changed:
            function.__code__ = changed[function.__code__]


def passes(item: pytest.Item) -> bool:
    """Run a test, and keep the fixtures of the session."""
    reports = runtestprotocol(item, log=False, nextitem=item.session)  # type: ignore[arg-type]
    return not any(report.failed for report in reports)


def run_tests(session: pytest.Session, mutant: dict[str, Any], result: Path) -> None:
    """Write the first test that fails. Transactional tests, which empty the database, run last."""
    from django.db import connection

    database = Path(connection.settings_dict["NAME"])
    connection.settings_dict["NAME"] = str(shutil.copy(database, f"{database}-{os.getpid()}"))
    path = session.config.rootpath / mutant["path"]
    try:
        replace_functions(path, mutant["source"])
    except ValueError:
        return
    ranks = {test: rank for rank, test in enumerate(mutant["tests"])}
    if mutant["in_setup"]:
        # Coverage knows only the first of the tests that share a fixture of the session.
        items = [item for item in session.items if "document" in fixtures(item)]
        ranks |= {name(item): len(ranks) for item in items if name(item) not in ranks}
    items = [item for item in session.items if name(item) in ranks]
    items.sort(key=lambda item: (is_transactional(item), ranks[name(item)]))
    for item in items:
        # If the test ends the process or does not end, it fails.
        result.write_text(json.dumps(item.nodeid), "utf-8")
        signal.alarm(TIMEOUT)
        if not passes(item):
            return
    result.write_text("null", "utf-8")


def is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return marker is not None or "live_server" in fixtures(item)


def name(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def in_fork(session: pytest.Session, mutant: dict[str, Any]) -> Any:
    """Return the test that fails, None, or an empty string if no test could run."""
    result = Path(os.environ["MUTANTS"]).with_suffix(".result")
    result.write_text('""', "utf-8")
    process = os.fork()
    if process:
        os.waitpid(process, 0)
        return json.loads(result.read_text("utf-8"))
    try:
        run_tests(session, mutant, result)
    finally:
        os._exit(0)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    from django.db import connections

    gc.unfreeze()
    # One test creates the database, which each fork copies.
    assert passes(next(item for item in session.items if "user" in fixtures(item)))
    connections.close_all()
    file = Path(os.environ["MUTANTS"])
    mutants = json.loads(file.read_text("utf-8"))
    for path in {mutant["path"] for mutant in mutants}:
        importlib.import_module(path.removesuffix(".py").replace("/", "."))
    file.write_text(json.dumps([in_fork(session, mutant) for mutant in mutants]), "utf-8")
    return True
