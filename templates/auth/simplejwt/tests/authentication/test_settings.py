import re
import runpy
from datetime import timedelta

import pytest
from django.conf import settings


@pytest.fixture
def run_settings(monkeypatch):
    """Return a function that executes `config/settings.py` with the given signing key."""
    # Do not read the developer's own .env file.
    monkeypatch.setattr("config.env.Env.read_env", lambda *args, **kwargs: None)

    def run_settings(signing_key):
        monkeypatch.delenv("JWT_SIGNING_KEY")
        if signing_key is not None:
            monkeypatch.setenv("JWT_SIGNING_KEY", signing_key)
        return runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))

    return run_settings


@pytest.mark.parametrize("signing_key", [None, "", "x" * 63], ids=["missing", "empty", "short"])
def test_startup_fails_without_signing_key_of_64_characters(run_settings, signing_key):
    with pytest.raises(SystemExit) as error:
        run_settings(signing_key)
    assert re.findall(r"^  (\w+): ", str(error.value), re.MULTILINE) == ["JWT_SIGNING_KEY"]


def test_startup_fails_if_signing_key_is_the_secret_key(run_settings, monkeypatch):
    key = "x" * 64
    monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(SystemExit) as error:
        run_settings(key)
    assert re.findall(r"^  (\w+): ", str(error.value), re.MULTILINE) == ["JWT_SIGNING_KEY"]
    assert key not in str(error.value)


def test_signing_key_of_64_characters_is_accepted(run_settings):
    assert run_settings("x" * 64)["SIMPLE_JWT"]["SIGNING_KEY"] == "x" * 64


def test_access_tokens_last_5_minutes_and_refresh_tokens_7_days(
    access_token, refresh_token, decode
):
    lifetimes = [timedelta(minutes=5), timedelta(days=7)]
    for token, lifetime in zip((access_token, refresh_token), lifetimes, strict=True):
        claims = decode(token)
        assert claims["exp"] - claims["iat"] == lifetime.total_seconds()
