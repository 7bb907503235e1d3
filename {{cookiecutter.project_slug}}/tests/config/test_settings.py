import logging
import re
import runpy
import shutil
from pathlib import Path

import pytest
from dotenv import dotenv_values

TEST_ENV = dotenv_values(Path(__file__).parents[1] / "test.env")
REQUIRED = {
    "SECRET_KEY": "signs-sessions-and-links-in-production",
    "ALLOWED_HOSTS": "api.example.com, www.example.com,",
    "DATABASE_URL": "postgresql://me:secret@db.example.com:5433/name?sslmode=require",
}
# None of them is the default.
OPTIONAL = {
    "CACHE_URL": "rediss://me:secret@cache.example.com:6380/2",
    "DATABASE_TIMEOUT": "7",
    "WEB_CONCURRENCY": "2",
    "NUM_PROXIES": "2",
    "SECURE_SSL_REDIRECT": "false",
    "CORS_ALLOWED_ORIGINS": "https://cors.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://*.example.com, http://localhost:3000,",
    "LOGIN_THROTTLE_RATE": "1/s",
    "ACCOUNT_THROTTLE_RATE": "2/day",
    "ANON_THROTTLE_RATE": "3/hour",
    "USER_THROTTLE_RATE": "off",
    "LOG_LEVEL": "warning",
    "SENTRY_DSN": "https://key@sentry.example.com/1",
}
CLEARED = {"DEBUG": "", **dict.fromkeys(OPTIONAL, "")}


@pytest.fixture
def production(load_settings):
    """Return the settings with no variables except the required ones."""
    return load_settings(**CLEARED, **REQUIRED)


@pytest.fixture
def development(load_settings):
    """Return the settings with no variables except DEBUG."""
    return load_settings(**CLEARED | dict.fromkeys(TEST_ENV | REQUIRED, "") | {"DEBUG": "TRUE"})


@pytest.fixture
def sentry_calls(monkeypatch):
    calls = []
    monkeypatch.setattr("sentry_sdk.init", lambda **options: calls.append(options["dsn"]))
    return calls


def names(error):
    """Return the variables that an error names."""
    header, *lines = str(error.value).splitlines()
    assert "README.md" in header
    return {line.split(":")[0].strip() for line in lines}


def test_variables_of_dotenv_file_reach_their_settings(
    settings, tmp_path, monkeypatch, sentry_calls
):
    variables = TEST_ENV | {"DEBUG": "false"} | REQUIRED | OPTIONAL
    lines = [f"{name}={value}\n" for name, value in variables.items()]
    (tmp_path / ".env").write_text("".join(lines))
    (tmp_path / "config").mkdir()
    path = shutil.copy(settings.BASE_DIR / "config/settings.py", tmp_path / "config")
    for name in variables:
        monkeypatch.delenv(name)
    loaded = runpy.run_path(path)

    assert loaded["DEBUG"] is False
    assert loaded["SECRET_KEY"] == REQUIRED["SECRET_KEY"]
    assert loaded["ALLOWED_HOSTS"] == ["api.example.com", "www.example.com"]
    database = loaded["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"]) == ("db.example.com", 5433)
    assert (database["USER"], database["PASSWORD"], database["NAME"]) == ("me", "secret", "name")
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["OPTIONS"]["options"] == "-c statement_timeout=7s"
    cache = loaded["CACHES"]["default"]
    assert cache["BACKEND"] == "django_redis.cache.RedisCache"
    assert cache["LOCATION"] == OPTIONAL["CACHE_URL"]
    assert loaded["REST_FRAMEWORK"]["NUM_PROXIES"] == 2
    assert loaded["SECURE_SSL_REDIRECT"] is False
    assert loaded["CORS_ALLOWED_ORIGINS"] == ["https://cors.example.com"]
    assert loaded["CSRF_TRUSTED_ORIGINS"] == ["https://*.example.com", "http://localhost:3000"]
    rates = {"login": "1/s", "account": "2/day", "anon": "3/hour", "user": None}
    assert loaded["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"] == rates
    assert loaded["LOGGING"]["root"]["level"] == logging.WARNING
    assert sentry_calls == [OPTIONAL["SENTRY_DSN"]]


def test_startup_names_all_missing_variables(load_settings):
    with pytest.raises(SystemExit) as error:
        load_settings(**dict.fromkeys(TEST_ENV | REQUIRED | OPTIONAL, ""))
    assert names(error) >= REQUIRED.keys()
    assert not names(error) & OPTIONAL.keys()


@pytest.mark.parametrize(
    "invalid",
    [
        dict.fromkeys(["DEBUG", "DATABASE_URL", *OPTIONAL], "hunter2"),
        {
            "DATABASE_URL": "postgres://user:hunter2@host:port/name",
            "DATABASE_TIMEOUT": "1.5",
            "NUM_PROXIES": "9" * 5000,
            "ALLOWED_HOSTS": "hunter2.example.com:443",
            "CACHE_URL": "redis://:hunter2/3@host:6379/0",
            "CORS_ALLOWED_ORIGINS": "https://*.hunter2.example.com",
            "CSRF_TRUSTED_ORIGINS": "https://hunter2.example.com/",
            "LOG_LEVEL": "hunter2",
        },
        {
            "WEB_CONCURRENCY": "0",
            "CACHE_URL": "redis://host:0/0",
            "DATABASE_TIMEOUT": "-1",
            "NUM_PROXIES": "-1",
            "ANON_THROTTLE_RATE": "0/min",
        },
        {"DATABASE_TIMEOUT": "3601", "NUM_PROXIES": "101", "ANON_THROTTLE_RATE": "1/year"},
    ],
    ids=["malformed", "almost valid", "too small", "too large"],
)
def test_startup_names_all_invalid_variables_but_not_their_values(load_settings, invalid):
    with pytest.raises(SystemExit) as error:
        load_settings(**{"SECRET_KEY": "hunter2", "ALLOWED_HOSTS": "hunter2"} | invalid)
    assert names(error) == invalid.keys()
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(("timeout", "proxies"), [("0", "0"), ("3600", "100")])
def test_number_can_be_at_its_limit(load_settings, timeout, proxies):
    loaded = load_settings(DATABASE_TIMEOUT=timeout, NUM_PROXIES=proxies)
    assert loaded["DATABASE_TIMEOUT"] == int(timeout)
    assert loaded["NUM_PROXIES"] == int(proxies)


def test_production_has_secure_defaults(sentry_calls, production):
    assert production["DEBUG"] is False
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_PROXY_SSL_HEADER"] is None
    assert production["CORS_ALLOWED_ORIGINS"] == production["CSRF_TRUSTED_ORIGINS"] == []
    assert production["LOGGING"]["root"]["level"] == logging.INFO
    assert production["LOGGING"]["handlers"]["console"]["formatter"] == "json"
    assert production["PASSWORD_HASHERS"] == [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    api = production["REST_FRAMEWORK"]
    assert api["DEFAULT_RENDERER_CLASSES"] == ["api.renderers.JSONRenderer"]
    assert api["DEFAULT_PERMISSION_CLASSES"] == ["rest_framework.permissions.IsAuthenticated"]
    assert api["NUM_PROXIES"] == 0
    assert not sentry_calls


def test_throttle_rate_has_default(production):
    rates = {"login": "10/min", "account": "100/hour", "anon": "100/min", "user": "1000/min"}
    assert production["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"] == rates


def test_postgresql_connections_are_persistent_and_time_out(production):
    database = production["DATABASES"]["default"]
    assert database["OPTIONS"] == {
        "connect_timeout": 3,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 5,
        "server_side_binding": True,
        "prepare_threshold": 5,
        "options": "-c statement_timeout=5s",
        "sslmode": "require",
    }
    assert database["CONN_MAX_AGE"] == 60
    # `close_dead_connection` does the same without a round trip.
    assert not database["CONN_HEALTH_CHECKS"]


def test_database_url_can_change_options(load_settings):
    url = f"{REQUIRED['DATABASE_URL']}&connect_timeout=9&options=-c%20search_path%3Dapp"
    options = load_settings(DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]
    assert options["connect_timeout"] == 9
    assert options["options"] == "-c statement_timeout=5s -c search_path=app"


def test_cache_and_sessions_of_one_process_are_in_memory_and_database(production):
    assert production["CACHE_URL"] == "locmem://"
    cache = production["CACHES"]["default"]
    assert cache["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"
    assert cache["OPTIONS"]["MAX_ENTRIES"] == 100_000
    assert production["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"


def test_cache_url_is_required_with_several_processes(load_settings):
    with pytest.raises(SystemExit) as error:
        load_settings(**CLEARED | REQUIRED | {"WEB_CONCURRENCY": "2"})
    assert names(error) == {"CACHE_URL"}


def test_sessions_are_cached_in_redis_whose_connections_time_out(load_settings):
    loaded = load_settings(CACHE_URL="redis://cache.example.com:6379/0")
    assert loaded["CACHES"]["default"]["LOCATION"] == "redis://cache.example.com:6379/0"
    timeouts = {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 1}
    assert loaded["CACHES"]["default"]["OPTIONS"] == timeouts
    assert loaded["SESSION_ENGINE"] == "django.contrib.sessions.backends.cached_db"


def test_passwords_are_checked_by_all_validators_of_django(production):
    paths = [validator["NAME"] for validator in production["AUTH_PASSWORD_VALIDATORS"]]
    assert {path.rpartition(".")[2] for path in paths} >= {
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    }


def test_development_needs_no_variable_except_debug(development):
    assert development["DEBUG"] is True
    assert development["SECRET_KEY"]
    assert development["ALLOWED_HOSTS"] == []  # with DEBUG, Django accepts localhost
    assert development["SECURE_SSL_REDIRECT"] is False
    database = development["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(development["BASE_DIR"] / "db.sqlite3")
    # Transactions wait for the write lock.
    assert database["OPTIONS"] == {"transaction_mode": "IMMEDIATE"}
    assert development["LOGGING"]["handlers"]["console"]["formatter"] == "readable"


def test_readable_log_has_time_level_logger_and_message(development):
    options = development["LOGGING"]["formatters"]["readable"]
    formatter = logging.Formatter(options["format"], style=options["style"])
    record = logging.makeLogRecord({"name": "api", "levelname": "WARNING", "msg": "Message"})
    assert re.fullmatch(r"[\d-]{10} [\d:,]{12} WARNING api: Message", formatter.format(record))


@pytest.mark.parametrize(
    ("debug", "redirect", "expected", "prefix"),
    [("false", "false", False, ""), ("true", "true", True, "__Host-")],
)
def test_https_can_be_turned_off_in_production_and_on_in_development(
    load_settings, debug, redirect, expected, prefix
):
    loaded = load_settings(DEBUG=debug, SECURE_SSL_REDIRECT=redirect)
    assert loaded["SECURE_SSL_REDIRECT"] is expected
    assert loaded["SESSION_COOKIE_SECURE"] is loaded["CSRF_COOKIE_SECURE"] is expected
    assert loaded["SESSION_COOKIE_NAME"] == f"{prefix}sessionid"
    assert loaded["CSRF_COOKIE_NAME"] == f"{prefix}csrftoken"
    assert bool(loaded["SECURE_HSTS_SECONDS"]) is expected
