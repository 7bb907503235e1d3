import logging
import os
import runpy

import pytest
from django.urls import reverse

from config import wsgi

REQUIRED = ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"]
POSTGRESQL = "postgres://me:secret@db.example.com:5433/name?sslmode=require"
REDIS = "redis://cache.example.com:6379/0"


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", ["", "  "])
def test_missing_variable_stops_startup(load_settings, name, value):
    with pytest.raises(SystemExit, match=f"\n  {name}: .*not set.$"):
        load_settings(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("SECURE_SSL_REDIRECT", "perhaps"),
        ("NUM_PROXIES", "-1"),
        ("NUM_PROXIES", "1.5"),
        ("NUM_PROXIES", "101"),
        pytest.param("NUM_PROXIES", "9" * 5000, id="NUM_PROXIES-5000 digits"),
        ("CORS_ALLOWED_ORIGINS", "app.example.com"),
        ("CORS_ALLOWED_ORIGINS", "https://app.example.com/"),
        ("CSRF_TRUSTED_ORIGINS", "app.example.com"),
        ("CSRF_TRUSTED_ORIGINS", "https://app.example.com/"),
        ("DATABASE_TIMEOUT", "-1"),
        ("DATABASE_TIMEOUT", "1.5"),
        ("DATABASE_TIMEOUT", "3601"),
        ("LOGIN_THROTTLE_RATE", "10"),
        ("ACCOUNT_THROTTLE_RATE", "10/minute"),
        ("ANON_THROTTLE_RATE", "0/min"),
        ("USER_THROTTLE_RATE", "10/year"),
        ("LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "mydatabase"),
        ("DATABASE_URL", "postgres://user:password@host:port/name"),
        ("CACHE_URL", "memory"),
        ("SENTRY_DSN", "sentry.example.com"),
    ],
)
def test_invalid_variable_stops_startup(load_settings, name, value):
    with pytest.raises(SystemExit, match=f"^.*\n  {name}: .+$"):
        load_settings(**{name: value})


def test_startup_names_all_invalid_variables_but_not_their_values(load_settings):
    invalid = {
        "DEBUG": "hunter2",
        "DATABASE_URL": "postgres://user:hunter2@host:port/name",
        "CACHE_URL": "hunter2",
        "NUM_PROXIES": "hunter2",
        "SECURE_SSL_REDIRECT": "hunter2",
        "CORS_ALLOWED_ORIGINS": "hunter2",
        "CSRF_TRUSTED_ORIGINS": "hunter2",
        "DATABASE_TIMEOUT": "hunter2",
        "LOGIN_THROTTLE_RATE": "hunter2",
        "ACCOUNT_THROTTLE_RATE": "hunter2",
        "ANON_THROTTLE_RATE": "hunter2",
        "USER_THROTTLE_RATE": "hunter2",
        "LOG_LEVEL": "hunter2",
        "SENTRY_DSN": "hunter2",
    }
    with pytest.raises(SystemExit) as error:
        load_settings(SECRET_KEY="hunter2", ALLOWED_HOSTS="hunter2", **invalid)
    _, *lines = str(error.value).splitlines()
    assert {line.split(":")[0].strip() for line in lines} == invalid.keys()
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DEBUG", "TRUE", True),
        ("DEBUG", "0", False),
        ("DEBUG", "", False),
        ("NUM_PROXIES", "2", 2),
        ("ALLOWED_HOSTS", "a.example.com, b.example.com,", ["a.example.com", "b.example.com"]),
        ("CORS_ALLOWED_ORIGINS", "https://a.example.com", ["https://a.example.com"]),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example.com", ["https://a.example.com"]),
        ("LOG_LEVEL", "debug", logging.DEBUG),
        ("LOG_LEVEL", "", logging.INFO),
    ],
)
def test_valid_variable_is_read(load_settings, name, value, expected):
    assert load_settings(**{name: value})[name] == expected


def test_log_level_applies_to_root_logger(load_settings):
    assert load_settings(LOG_LEVEL="debug")["LOGGING"]["root"]["level"] == logging.DEBUG


def test_development_needs_no_variable_except_debug(load_settings):
    settings = load_settings(DEBUG="true", CACHE_URL="", **dict.fromkeys(REQUIRED, ""))
    assert settings["SECRET_KEY"]
    assert settings["DATABASES"]["default"]["NAME"] == str(settings["BASE_DIR"] / "db.sqlite3")


@pytest.mark.parametrize("debug", [True, False])
def test_debug_enables_browsable_api_and_readable_log(load_settings, debug):
    settings = load_settings(DEBUG=str(debug))
    renderers = settings["REST_FRAMEWORK"]["DEFAULT_RENDERER_CLASSES"]
    assert ("rest_framework.renderers.BrowsableAPIRenderer" in renderers) is debug
    formatter = settings["LOGGING"]["handlers"]["console"]["formatter"]
    assert formatter == ("readable" if debug else "json")


@pytest.mark.parametrize(
    ("debug", "redirect", "expected"),
    [("false", "", True), ("true", "", False), ("false", "false", False), ("true", "true", True)],
)
def test_https_is_enforced_in_production_by_default(load_settings, debug, redirect, expected):
    settings = load_settings(DEBUG=debug, SECURE_SSL_REDIRECT=redirect)
    assert settings["SECURE_SSL_REDIRECT"] is expected
    assert settings["SESSION_COOKIE_SECURE"] is expected
    assert settings["CSRF_COOKIE_SECURE"] is expected
    assert bool(settings["SECURE_HSTS_SECONDS"]) is expected


def test_browsers_understand_hsts_header(load_settings, settings, api_client):
    seconds = load_settings(SECURE_SSL_REDIRECT="")["SECURE_HSTS_SECONDS"]
    assert isinstance(seconds, int)
    settings.SECURE_HSTS_SECONDS = seconds
    response = api_client.get(reverse("docs"), secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    ("number", "header"), [("0", None), ("1", ("HTTP_X_FORWARDED_PROTO", "https"))]
)
def test_protocol_header_is_trusted_only_behind_proxy(load_settings, number, header):
    settings = load_settings(NUM_PROXIES=number)
    assert settings["SECURE_PROXY_SSL_HEADER"] == header
    assert settings["REST_FRAMEWORK"]["NUM_PROXIES"] == int(number)


@pytest.mark.parametrize("scope", ["login", "account", "anon", "user"])
@pytest.mark.parametrize(("value", "expected"), [("5/hour", "5/hour"), ("off", None)])
def test_throttle_rate_is_set_or_turned_off(load_settings, scope, value, expected):
    settings = load_settings(**{f"{scope.upper()}_THROTTLE_RATE": value})
    assert settings["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"][scope] == expected


@pytest.mark.parametrize(
    ("scope", "rate"), [("login", "10/min"), ("anon", "100/min"), ("user", "1000/min")]
)
def test_throttle_rate_has_default(load_settings, scope, rate):
    settings = load_settings(**{f"{scope.upper()}_THROTTLE_RATE": ""})
    assert settings["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"][scope] == rate


def test_postgresql_connections_are_persistent_and_time_out(load_settings):
    database = load_settings(DATABASE_URL=POSTGRESQL)["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"]) == ("db.example.com", 5433)
    assert (database["USER"], database["PASSWORD"], database["NAME"]) == ("me", "secret", "name")
    assert database["OPTIONS"] == {
        "connect_timeout": 3,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 5,
        "options": "-c statement_timeout=5s",
        "sslmode": "require",
    }
    assert database["CONN_MAX_AGE"] > 0
    assert database["CONN_HEALTH_CHECKS"]


def test_database_url_overrides_default_options(load_settings):
    database = load_settings(DATABASE_URL=f"{POSTGRESQL}&connect_timeout=9")["DATABASES"]["default"]
    assert database["OPTIONS"]["connect_timeout"] == 9


@pytest.mark.parametrize(
    ("value", "expected"), [("", "5s"), ("30", "30s"), ("0", "0s")], ids=["default", "30", "off"]
)
def test_queries_time_out(load_settings, value, expected):
    databases = load_settings(DATABASE_URL=POSTGRESQL, DATABASE_TIMEOUT=value)["DATABASES"]
    assert databases["default"]["OPTIONS"]["options"] == f"-c statement_timeout={expected}"


def test_database_url_can_add_options(load_settings):
    url = f"{POSTGRESQL}&options=-c%20search_path%3Dapp"
    options = load_settings(DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]["options"]
    assert options == "-c statement_timeout=5s -c search_path=app"


def test_sqlite_transactions_wait_for_write_lock(load_settings):
    database = load_settings(DATABASE_URL="sqlite:///db.sqlite3")["DATABASES"]["default"]
    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.sqlite3", "db.sqlite3")
    assert database["OPTIONS"] == {"transaction_mode": "IMMEDIATE"}


@pytest.mark.parametrize("scheme", ["redis", "rediss"])
def test_redis_connections_time_out(load_settings, scheme):
    url = REDIS.replace("redis", scheme, 1)
    cache = load_settings(CACHE_URL=url)["CACHES"]["default"]
    assert cache["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert cache["LOCATION"] == url
    assert cache["OPTIONS"] == {"socket_connect_timeout": 1, "socket_timeout": 1}


@pytest.mark.parametrize("url", ["locmem://", ""])
def test_cache_is_in_memory_by_default(load_settings, url):
    cache = load_settings(CACHE_URL=url)["CACHES"]["default"]
    assert cache["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache"
    assert cache["OPTIONS"]["MAX_ENTRIES"] >= 100_000


@pytest.mark.parametrize(("url", "engine"), [("locmem://", "db"), (REDIS, "cached_db")])
def test_sessions_are_cached_only_in_shared_cache(load_settings, url, engine):
    settings = load_settings(CACHE_URL=url)
    assert settings["SESSION_ENGINE"] == f"django.contrib.sessions.backends.{engine}"


def test_sentry_is_disabled_by_default(load_settings, monkeypatch):
    calls = []
    monkeypatch.setattr("sentry_sdk.init", lambda **options: calls.append(options))
    load_settings(SENTRY_DSN="")
    assert not calls


def test_passwords_are_checked_by_all_validators_of_django(load_settings):
    paths = [validator["NAME"] for validator in load_settings()["AUTH_PASSWORD_VALIDATORS"]]
    assert {path.rpartition(".")[2] for path in paths} >= {
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    }


def test_passwords_are_hashed_with_argon2(load_settings):
    hasher, *_ = load_settings()["PASSWORD_HASHERS"]
    assert hasher == "django.contrib.auth.hashers.Argon2PasswordHasher"


@pytest.mark.parametrize(("redirect", "prefix"), [("true", "__Host-"), ("false", "")])
def test_cookies_are_bound_to_host_over_https(load_settings, redirect, prefix):
    settings = load_settings(SECURE_SSL_REDIRECT=redirect)
    assert settings["SESSION_COOKIE_NAME"] == f"{prefix}sessionid"
    assert settings["CSRF_COOKIE_NAME"] == f"{prefix}csrftoken"
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is bool(prefix)


def test_debug_is_off_by_default(load_settings):
    assert load_settings(DEBUG="")["DEBUG"] is False


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


def test_wsgi_application_matches_settings(settings):
    assert callable(wsgi.application)
    assert settings.WSGI_APPLICATION == "config.wsgi.application"


def test_image_contains_neither_source_control_metadata_nor_secrets(settings):
    excluded = (settings.BASE_DIR / ".dockerignore").read_text().splitlines()
    assert {".git/", ".env"} <= set(excluded)
