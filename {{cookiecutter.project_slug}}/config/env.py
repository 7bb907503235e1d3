"""Reads the environment, or `.env`. What is missing or malformed stops the start, in one line."""

import logging
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

env = environ.Env()
env.read_env(Path(__file__).resolve().parent.parent / ".env")


def variable(name: str, cast: Callable[[str], T], default: str | None = None) -> T:
    """
    Return the variable `name`, or else the default, read by `cast`.

    An empty variable counts as not set. Exits if it is not set and there is no default, or if
    `cast` raises ValueError.
    """
    value = os.environ.get(name, "").strip() or default
    if value is None:
        sys.exit(f"{name} is not set; README.md says what it is for.")
    try:
        return cast(value)
    except (ValueError, ImproperlyConfigured) as error:
        sys.exit(f"{name} is not valid: {error}")


def boolean(value: str) -> bool:
    """Read `true` or `false`, or what is commonly used for them."""
    if value.lower() not in {"true", "yes", "on", "1", "false", "no", "off", "0"}:
        raise ValueError("give true or false.")
    return value.lower() in env.BOOLEAN_TRUE_STRINGS


def number(value: str) -> int:
    """Read a whole number, 0 or more."""
    if not re.fullmatch("[0-9]{1,9}", value):
        raise ValueError("give a whole number.")
    return int(value)


def names(value: str) -> list[str]:
    """Read a list, separated by commas."""
    return [name.strip() for name in value.split(",") if name.strip()]


def origins(value: str) -> list[str]:
    """Read a list of origins, such as `https://app.example.com`, separated by commas."""
    for origin in names(value):
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            raise ValueError("give origins such as https://app.example.com, without a path.")
    return names(value)


def rate(value: str) -> str | None:
    """Read a throttle's rate, such as `10/min`; `off` is no limit."""
    if not re.fullmatch(r"off|[1-9][0-9]{0,8}/(s|sec|m|min|h|hour|d|day)", value):
        raise ValueError("give a rate such as 10/min, or off.")
    return None if value == "off" else value


def log_level(value: str) -> str:
    """Read the name of a level of Python's logging."""
    if value.upper() not in logging.getLevelNamesMapping():
        raise ValueError("give DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return value.upper()


def database(value: str) -> dict[str, Any]:
    """
    Read a database's URL.

    Connections are kept, and checked before use. A server is given up that is not reached in 3
    seconds, or cannot be reached any more for 5.
    """
    if not value.startswith(("postgres://", "postgresql://", "sqlite://")):
        raise ValueError("give a URL such as postgres://user:password@host:5432/name.")
    config: dict[str, Any] = env.db_url_config(value)
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # Wait for the lock when a transaction starts, rather than fail in its middle.
        options: dict[str, Any] = {"transaction_mode": "IMMEDIATE"}
    else:
        options = {"connect_timeout": 3, "tcp_user_timeout": 5000, "keepalives_idle": 5}
    config["OPTIONS"] = {**options, **config.get("OPTIONS", {})}
    return {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, **config}


def cache(value: str) -> dict[str, Any]:
    """Read a cache's URL. A server that does not answer is given up after a second."""
    if not value.startswith(("locmemcache://", "redis://", "rediss://")):
        raise ValueError("give a URL such as redis://host:6379/0.")
    config: dict[str, Any] = env.cache_url_config(value)
    if "redis" in config["BACKEND"]:
        options = {"socket_connect_timeout": 1, "socket_timeout": 1}
        config["OPTIONS"] = {**options, **config.get("OPTIONS", {})}
    return config
# {% include "auth/" ~ cookiecutter.auth ~ "/env.py" ignore missing %}
