import runpy

import pytest

import config.settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "mail.example.com"),
        ("EMAIL_URL", "https://mail.example.com"),
        ("EMAIL_URL", "smtp://mail.example.com:port"),
        ("FRONTEND_URL", "app.example.com"),
        ("FRONTEND_URL", "ftp://app.example.com"),
    ],
)
def test_startup_fails_if_url_is_invalid(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=rf"\A.*\n  {name}: .+\Z"):
        runpy.run_path(config.settings.__file__)


def test_frontend_url_can_end_with_slash(monkeypatch):
    monkeypatch.setenv("FRONTEND_URL", "https://app.example.com/")
    settings = runpy.run_path(config.settings.__file__)
    assert settings["FRONTEND_URL"] == "https://app.example.com"


@pytest.mark.parametrize("name", ["EMAIL_URL", "DEFAULT_FROM_EMAIL", "FRONTEND_URL"])
def test_mail_settings_are_required_in_production(monkeypatch, name):
    monkeypatch.delenv(name)
    with pytest.raises(SystemExit, match=rf"\A.*\n  {name}: .+\Z"):
        runpy.run_path(config.settings.__file__)
