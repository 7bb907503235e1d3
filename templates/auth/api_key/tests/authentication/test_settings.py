import re
import runpy
from datetime import timedelta

import pytest
from django.conf import settings


@pytest.fixture
def run_settings(monkeypatch):
    """Return a function that executes `config/settings.py` with the given days."""
    # Do not read the developer's own .env file.
    monkeypatch.setattr("config.env.Env.read_env", lambda *args, **kwargs: None)

    def run_settings(days):
        monkeypatch.setenv("API_KEY_TTL_DAYS", days)
        return runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))

    return run_settings


@pytest.mark.parametrize("days", ["0", "36501", "1.5", "-1", "a month"])
def test_startup_fails_with_invalid_number_of_days(run_settings, days):
    with pytest.raises(SystemExit) as error:
        run_settings(days)
    assert re.findall(r"^  (\w+): ", str(error.value), re.MULTILINE) == ["API_KEY_TTL_DAYS"]


@pytest.mark.parametrize(("days", "expected"), [("", 365), ("1", 1), ("36500", 36500)])
def test_keys_expire_after_configured_days(run_settings, days, expected):
    assert run_settings(days)["API_KEY_TTL"] == timedelta(days=expected)
