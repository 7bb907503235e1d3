import runpy

import pytest

from config import env, settings


@pytest.mark.parametrize("value", [None, "", "  "])
def test_missing_variable_stops_the_start(monkeypatch, value):
    monkeypatch.delenv("SOMETHING", raising=False)
    if value is not None:
        monkeypatch.setenv("SOMETHING", value)
    assert env.variable("SOMETHING", str, "default") == "default"
    with pytest.raises(SystemExit, match=r"^SOMETHING is not set.*$"):
        env.variable("SOMETHING", str)


@pytest.mark.parametrize(
    ("cast", "value"),
    [
        (env.boolean, "perhaps"),
        (env.number, "-1"),
        (env.number, "1.5"),
        (env.number, "9" * 5000),
        (env.origins, "app.example.com"),
        (env.origins, "https://app.example.com/"),
        (env.rate, "10"),
        (env.rate, "0/min"),
        (env.rate, "10/year"),
        (env.log_level, "LOUD"),
        (env.database, "mydatabase"),
        (env.database, "postgres://user:password@host:port/name"),
        (env.cache, "memory"),
    ],
)
def test_malformed_variable_stops_the_start(monkeypatch, cast, value):
    monkeypatch.setenv("SOMETHING", value)
    with pytest.raises(SystemExit, match=r"^SOMETHING is not valid: .*$"):
        env.variable("SOMETHING", cast)


@pytest.mark.parametrize(
    ("cast", "value", "expected"),
    [
        (env.boolean, "TRUE", True),
        (env.boolean, "0", False),
        (env.number, "2", 2),
        (env.names, "a.example.com, b.example.com,", ["a.example.com", "b.example.com"]),
        (env.origins, "https://a.example.com", ["https://a.example.com"]),
        (env.rate, "5/hour", "5/hour"),
        (env.rate, "off", None),
        (env.log_level, "debug", "DEBUG"),
    ],
)
def test_well_formed_variable_is_read(monkeypatch, cast, value, expected):
    monkeypatch.setenv("SOMETHING", value)
    assert env.variable("SOMETHING", cast) == expected


def test_postgresql_connections_are_kept_checked_and_opened_in_time():
    database = env.database("postgres://me:secret@db.example.com:5433/name?sslmode=require")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"]) == ("db.example.com", 5433)
    assert (database["USER"], database["NAME"]) == ("me", "name")
    assert database["OPTIONS"] == {
        "connect_timeout": 3,
        "tcp_user_timeout": 5000,
        "keepalives_idle": 5,
        "sslmode": "require",
    }
    assert database["CONN_MAX_AGE"] > 0
    assert database["CONN_HEALTH_CHECKS"]


def test_redis_is_given_up_in_time():
    cache = env.cache("redis://cache.example.com:6379/0")
    assert cache["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
    assert cache["LOCATION"] == "redis://cache.example.com:6379/0"
    assert cache["OPTIONS"] == {"socket_connect_timeout": 1, "socket_timeout": 1}


def test_errors_are_reported_to_sentry_without_what_may_be_secret(monkeypatch):
    started = []
    monkeypatch.setattr("sentry_sdk.init", lambda **options: started.append(options))
    monkeypatch.setenv("SENTRY_DSN", "https://key@sentry.example.com/1")
    runpy.run_path(settings.__file__)
    (options,) = started
    assert options["dsn"] == "https://key@sentry.example.com/1"
    assert not options["send_default_pii"]
    assert not options["include_local_variables"]
    assert options["max_request_body_size"] == "never"
