import os
import runpy

import pytest


@pytest.fixture
def run_manage(settings, monkeypatch):
    """Return a function that runs manage.py without a command and returns the environment."""
    environments = []
    monkeypatch.setattr(
        "django.core.management.execute_from_command_line",
        lambda argv: environments.append(dict(os.environ)),
    )

    def run_manage():
        runpy.run_path(str(settings.BASE_DIR / "manage.py"), run_name="__main__")
        return environments.pop()

    return run_manage


def test_queries_of_commands_do_not_time_out(run_manage, monkeypatch):
    monkeypatch.setenv("DATABASE_TIMEOUT", "5")
    assert run_manage()["DATABASE_TIMEOUT"] == "0"
