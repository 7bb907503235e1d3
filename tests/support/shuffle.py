"""A plugin for pytest that runs tests in random order, the same one in all processes."""

from random import Random

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    Random(0).shuffle(items)  # noqa: S311
