import pytest
from environs import ValidationError

from config.env import (
    Env,
    is_rate,
    parse_cache_url,
    parse_database_url,
    parse_dsn,
    parse_email_url,
    parse_hosts,
    parse_names,
    parse_origins,
    parse_web_url,
)

NAME = "TEST_VARIABLE"


@pytest.fixture
def env(tmp_path):
    return Env(tmp_path / ".env")


@pytest.mark.parametrize("value", [None, "", "  "])
def test_default_replaces_missing_or_empty_variable(env, monkeypatch, value):
    if value is not None:
        monkeypatch.setenv(NAME, value)
    assert env.str(NAME, "default") == "default"
    assert env.int(NAME, 3) == 3
    assert env.bool(NAME, True) is True
    assert env.list(NAME, ["default"]) == ["default"]
    env.seal()


@pytest.mark.parametrize("value", [None, "", "  "])
def test_required_variable_must_not_be_missing_or_empty(env, monkeypatch, value):
    if value is not None:
        monkeypatch.setenv(NAME, value)
    env.str(NAME)
    with pytest.raises(SystemExit, match=f"\n  {NAME}: Environment variable not set.$"):
        env.seal()


def test_whitespace_around_value_is_removed(env, monkeypatch):
    monkeypatch.setenv(NAME, " value ")
    assert env.str(NAME) == "value"


@pytest.mark.parametrize("default", [True, False, ...])
@pytest.mark.parametrize("value", ["perhaps", "2", "truee", "none"])
def test_invalid_boolean_is_not_read_as_false(env, monkeypatch, value, default):
    monkeypatch.setenv(NAME, value)
    env.bool(NAME, default)
    with pytest.raises(SystemExit, match=NAME):
        env.seal()


def test_seal_reports_all_errors_at_once(env, monkeypatch):
    monkeypatch.setenv("TEST_BOOLEAN", "perhaps")
    monkeypatch.setenv("TEST_NUMBER", "many")
    monkeypatch.setenv("TEST_VALID", "1")
    env.bool("TEST_BOOLEAN")
    env.int("TEST_NUMBER")
    env.int("TEST_VALID")
    env.str("TEST_MISSING")
    with pytest.raises(SystemExit) as error:
        env.seal()
    header, *lines = str(error.value).splitlines()
    assert header.endswith("(see README.md):")
    assert [line.partition(":")[0] for line in lines] == [
        "  TEST_BOOLEAN",
        "  TEST_NUMBER",
        "  TEST_MISSING",
    ]


def test_variable_is_read_from_dotenv_file(tmp_path):
    (tmp_path / ".env").write_text(f'# Comment\n{NAME}="from file"\n')
    assert Env(tmp_path / ".env").str(NAME) == "from file"


@pytest.mark.parametrize(("value", "expected"), [("from shell", "from shell"), ("", "default")])
def test_environment_takes_precedence_over_dotenv_file(tmp_path, monkeypatch, value, expected):
    (tmp_path / ".env").write_text(f"{NAME}=from-file\n")
    monkeypatch.setenv(NAME, value)
    assert Env(tmp_path / ".env").str(NAME, "default") == expected


def test_dotenv_file_of_parent_folder_is_not_read(tmp_path):
    (tmp_path / ".env").write_text(f"{NAME}=from-parent\n")
    (tmp_path / "project").mkdir()
    assert Env(tmp_path / "project" / ".env").str(NAME, "default") == "default"


@pytest.mark.parametrize(
    ("validate", "value"),
    [
        (parse_database_url, "postgres://user:password@host:5432/name"),
        (is_rate, "off"),
        (is_rate, "1/s"),
        (is_rate, "5/hour"),
        (is_rate, "1000/min"),
    ],
)
def test_validator_accepts_valid_value(validate, value):
    validate(value)


@pytest.mark.parametrize(
    ("parse", "value", "expected"),
    [
        (parse_names, "", []),
        (parse_names, "a.example.com, b.example.com,", ["a.example.com", "b.example.com"]),
        (parse_hosts, "", []),
        (parse_hosts, "*, .example.com, [::1],", ["*", ".example.com", "[::1]"]),
        (parse_origins, "", []),
        (
            parse_origins,
            "https://a.example.com, http://localhost:3000,",
            ["https://a.example.com", "http://localhost:3000"],
        ),
        (parse_cache_url, "locmem://", "locmem://"),
        (parse_cache_url, "redis://host:6379/0", "redis://host:6379/0"),
        (parse_cache_url, "rediss://user:password@host", "rediss://user:password@host"),
        (parse_web_url, "https://app.example.com", "https://app.example.com"),
        (parse_web_url, "http://localhost:3000/X/", "http://localhost:3000/X"),
        (parse_dsn, "", ""),
        (parse_dsn, "https://key@sentry.example.com/1", "https://key@sentry.example.com/1"),
    ],
)
def test_parser_returns_value(parse, value, expected):
    assert parse(value) == expected


@pytest.mark.parametrize(
    ("validate", "value"),
    [
        (parse_cache_url, "memory"),
        (parse_cache_url, "redis://"),
        (parse_cache_url, "redis://host:port/0"),
        (parse_cache_url, "redis://host:0/0"),
        (parse_cache_url, "memcached://host:11211"),
        (is_rate, "10"),
        (is_rate, "0/min"),
        (is_rate, "-1/min"),
        (is_rate, "10/year"),
        (is_rate, "10/minutes"),
        (is_rate, "10/min\n"),
        (is_rate, "9999999999/s"),
        (parse_web_url, "app.example.com"),
        (parse_web_url, "ftp://app.example.com"),
        (parse_web_url, "https://"),
        (parse_web_url, "https://app.example.com/a b"),
        (parse_web_url, "https://app.example.com?a=b"),
        (parse_web_url, "https://app.example.com/#/a"),
        (parse_hosts, "https://api.example.com"),
        (parse_hosts, "www.example.com,api.example.com:443"),
        (parse_hosts, "[::1]:8000"),
        (parse_origins, "app.example.com"),
        (parse_origins, "https://app.example.com/"),
        (parse_origins, "https://*.example.com"),
        (parse_origins, "https://a.example.com,https://b.example.com/path"),
        (parse_database_url, "mydatabase"),
        (parse_database_url, "mysql://host/name"),
        (parse_database_url, "postgres://user:password@host:port/name"),
        (parse_dsn, "sentry.example.com"),
        (parse_dsn, "https://sentry.example.com/1"),
    ],
)
def test_validator_rejects_invalid_value(validate, value):
    with pytest.raises(ValidationError):
        validate(value)


def test_email_url_sets_mail_server(env, monkeypatch):
    monkeypatch.setenv(NAME, "submission://me:secret@mail.example.com:587")
    config = env.email_url(NAME)
    assert config["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (config["EMAIL_HOST"], config["EMAIL_PORT"]) == ("mail.example.com", 587)
    assert (config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"]) == ("me", "secret")
    assert config["EMAIL_USE_TLS"]


@pytest.mark.parametrize(
    ("url", "backend"),
    [("smtp://host", "smtp"), ("console://", "console"), ("memory://", "locmem")],
)
def test_email_url_sets_backend(url, backend):
    path = f"django.core.mail.backends.{backend}.EmailBackend"
    assert parse_email_url(url)["EMAIL_BACKEND"] == path


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "carrier-pigeon://host",
        "smtp",
        "submission://:587",
        "smtp://me:secret@host:port",
    ],
)
def test_invalid_email_url_is_rejected_without_being_printed(env, monkeypatch, url):
    monkeypatch.setenv(NAME, url)
    env.email_url(NAME)
    with pytest.raises(SystemExit, match=f"\n  {NAME}: Use a URL") as error:
        env.seal()
    assert url not in str(error.value)
    assert "secret" not in str(error.value)
