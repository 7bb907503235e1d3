import runpy

import pytest

from config import settings


@pytest.fixture
def load_settings(monkeypatch):
    """Return a function that runs config/settings.py with the given environment variables."""

    def load_settings(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(settings.__file__)

    return load_settings
