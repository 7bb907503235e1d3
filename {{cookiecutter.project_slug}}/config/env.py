import re
import sys
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
import environs
from environs import EnvValidationError, ValidationError, validate
from sentry_sdk.utils import BadDsn, Dsn


class Env(environs.Env):
    """
    Read variables from the environment or, if they are not in it, from a `.env` file.

    An empty variable counts as not set. Errors are collected until `seal()` is called.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(eager=False)
        self.read_env(path, recurse=False)
        self.add_parser("hosts", parse_hosts)
        self.add_parser("origins", parse_origins)
        self.add_parser("database_url", parse_database_url)
        self.add_parser("cache_url", parse_cache_url)
        self.add_parser("web_url", parse_web_url)
        self.add_parser("email_url", parse_email_url)
        self.add_parser("dsn", parse_dsn)

    def _get_value(self, env_key: str, default: Any) -> Any:
        value = super()._get_value(env_key, default)
        if isinstance(value, str):
            value = value.strip() or default
        return value

    def seal(self) -> None:
        """Exit if a variable is missing or invalid; name all of them, but not their values."""
        try:
            super().seal()
        except EnvValidationError as error:
            errors = cast(dict[str, list[str]], error.error_messages)
            lines = [f"  {name}: {' '.join(messages)}" for name, messages in errors.items()]
            sys.exit("\n".join(["Missing or invalid variables (see README.md):", *lines]))


is_rate = validate.Regexp(
    r"(off|[1-9][0-9]{0,8}/(s|sec|m|min|h|hour|d|day))\Z",
    error="Use a rate such as 10/min, or off.",
)


def parse_names(value: str) -> list[str]:
    """Return the items of a comma-separated list."""
    return [name.strip() for name in value.split(",") if name.strip()]


def parse_hosts(value: str) -> list[str]:
    """Return the items of a comma-separated list of host names."""
    hosts = parse_names(value)
    if not all(re.fullmatch(r"[^/:\s]+|\[[^/\s]+\]", host) for host in hosts):
        raise ValidationError("Use names such as api.example.com, without scheme and port.")
    return hosts


def parse_origins(value: str, wildcards: bool = False) -> list[str]:
    """Return the items of a comma-separated list of origins, such as https://*.example.com."""
    origins = parse_names(value)
    pattern = r"https?://[^/\s]+" if wildcards else r"https?://[^/*\s]+"
    if not all(re.fullmatch(pattern, origin) for origin in origins):
        raise ValidationError("Use origins such as https://app.example.com, without a path.")
    return origins


def parse_database_url(url: str) -> dict[str, Any]:
    """Return Django's settings for the URL of a SQLite or PostgreSQL database."""
    error = ValidationError("Use a URL such as postgres://user:password@host:5432/name.")
    scheme = url.partition("://")[0]
    if scheme == "sqlite":
        # Wait for the write lock when a transaction starts instead of failing in the middle of it.
        options: dict[str, Any] = {"transaction_mode": "IMMEDIATE"}
    elif scheme in {"postgres", "postgresql"}:
        # Give up on a server after 3 seconds without a connection, or 5 without a response.
        options = {"connect_timeout": 3, "tcp_user_timeout": 5000, "keepalives_idle": 5}
        # Prepare queries that are repeated: PostgreSQL plans them once per connection.
        options |= {"server_side_binding": True, "prepare_threshold": 5}
    else:
        raise error
    try:
        config = dj_database_url.parse(url, conn_max_age=60)
    except ValueError:
        raise error from None
    return {**config, "OPTIONS": options | config.get("OPTIONS", {})}


def parse_cache_url(url: str) -> str:
    """Return the URL of a Redis server, or `locmem://` for the memory of the process."""
    error = ValidationError("Use a URL such as redis://host:6379/0.")
    try:
        parts = urlsplit(url)
        is_redis = parts.scheme in {"redis", "rediss"} and parts.hostname and parts.port != 0
    except ValueError:  # the port is not a number
        raise error from None
    if url != "locmem://" and not is_redis:
        raise error
    return url


def parse_email_url(url: str) -> dict[str, Any]:
    """Return Django's `EMAIL_*` settings for the URL of a mail server."""
    error = ValidationError("Use a URL such as submission://user:password@host:587.")
    scheme = url.partition("://")[0]
    if scheme not in {"smtp", "submission", "console", "memory"}:
        raise error
    try:
        config: dict[str, Any] = dj_email_url.parse(url)
    except ValueError:
        raise error from None
    if scheme in {"smtp", "submission"} and not config["EMAIL_HOST"]:
        raise error
    return config


def parse_web_url(url: str) -> str:
    """Return a URL without a slash at the end, or an empty string if there is none."""
    if url and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", url):
        raise ValidationError("Use a URL such as https://app.example.com, without a query.")
    return url.rstrip("/")


def parse_dsn(dsn: str) -> str:
    """Return the DSN of a Sentry project, or an empty string if there is none."""
    try:
        return dsn and str(Dsn(dsn))
    except BadDsn:
        raise ValidationError("Use a DSN such as https://key@sentry.example.com/1.") from None
