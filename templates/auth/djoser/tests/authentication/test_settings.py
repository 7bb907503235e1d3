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
    djoser = runpy.run_path(config.settings.__file__)["DJOSER"]
    assert djoser["EMAIL_FRONTEND_PROTOCOL"] == "https"
    assert djoser["EMAIL_FRONTEND_DOMAIN"] == "app.example.com"
