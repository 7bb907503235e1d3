import pytest
from django.core.mail.backends import smtp


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
def test_startup_fails_if_url_is_invalid(load_settings, name, value):
    with pytest.raises(SystemExit, match=rf"\A.*\n  {name}: .+\Z"):
        load_settings(**{name: value})


def test_frontend_url_can_end_with_slash(load_settings):
    settings = load_settings(FRONTEND_URL="https://app.example.com/")
    assert settings["FRONTEND_URL"] == "https://app.example.com"


def test_mail_settings_are_read(load_settings):
    settings = load_settings(
        EMAIL_URL="submission://me:secret@mail.example.com:1587",
        DEFAULT_FROM_EMAIL="reset@example.com",
        FRONTEND_URL="https://front.example.com",
    )
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example.com", 1587)
    assert settings["DEFAULT_FROM_EMAIL"] == "reset@example.com"
    assert settings["FRONTEND_URL"] == "https://front.example.com"


def test_connection_to_mail_server_times_out():
    assert smtp.EmailBackend().timeout == 10


@pytest.mark.parametrize("name", ["EMAIL_URL", "DEFAULT_FROM_EMAIL", "FRONTEND_URL"])
def test_mail_settings_are_required_in_production(load_settings, name):
    with pytest.raises(SystemExit, match=rf"\A.*\n  {name}: .+\Z"):
        load_settings(**{name: ""})


def test_emails_are_printed_in_development(load_settings):
    settings = load_settings(DEBUG="true", EMAIL_URL="", DEFAULT_FROM_EMAIL="", FRONTEND_URL="")
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert settings["DEFAULT_FROM_EMAIL"] == "webmaster@localhost"
    assert settings["FRONTEND_URL"] == "http://localhost:3000"
