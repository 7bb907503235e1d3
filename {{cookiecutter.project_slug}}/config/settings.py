# {% from "shared/_fragments/text.jinja" import python_string %}
"""Settings for development and production. README.md documents the environment variables."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sentry_sdk
from corsheaders.defaults import default_headers
from environs import validate

from config.env import Env, is_rate

PROJECT_NAME = {{ python_string(cookiecutter.project_name, ends_assignment=True) }}
BASE_DIR = Path(__file__).resolve().parent.parent

# Environment

env = Env(BASE_DIR / ".env")
DEBUG = env.bool("DEBUG", False)


def in_development(default: Any) -> Any:
    """Return `default` if DEBUG is on, otherwise `...`, which makes the variable required."""
    return default if DEBUG else ...


SECRET_KEY = env.str("SECRET_KEY", in_development("insecure-development-key"))
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", in_development(""))
DATABASE = env.database_url(
    "DATABASE_URL", in_development(f"sqlite:///{quote((BASE_DIR / 'db.sqlite3').as_posix())}")
)
DATABASE_TIMEOUT = env.int("DATABASE_TIMEOUT", 5, validate=validate.Range(0, 3600))
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 1, validate=validate.Range(1))
# Several processes must share the cache, because it counts requests for throttles.
CACHE_URL = env.cache_url("CACHE_URL", "locmem://" if WEB_CONCURRENCY == 1 else ...)
NUM_PROXIES = env.int("NUM_PROXIES", 0, validate=validate.Range(0, 100))
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", not DEBUG)
CORS_ALLOWED_ORIGINS = env.origins("CORS_ALLOWED_ORIGINS", "")
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS", "", wildcards=True)
LOGIN_THROTTLE_RATE = env.str("LOGIN_THROTTLE_RATE", "10/min", validate=is_rate)
ACCOUNT_THROTTLE_RATE = env.str("ACCOUNT_THROTTLE_RATE", "100/hour", validate=is_rate)
ANON_THROTTLE_RATE = env.str("ANON_THROTTLE_RATE", "100/min", validate=is_rate)
USER_THROTTLE_RATE = env.str("USER_THROTTLE_RATE", "1000/min", validate=is_rate)
# {% include "auth/" ~ cookiecutter.auth ~ "/_fragments/environment.py" ignore missing %}
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
SENTRY_DSN = env.dsn("SENTRY_DSN", "")
env.seal()

# Application

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "api",
    "accounts",
    "authentication",
    "books",
]
MIDDLEWARE = [
    "api.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "api.middleware.CSPMiddleware",
    "api.middleware.exempt_health_checks",
    "api.middleware.require_https",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "api.middleware.forbid_caching",
    "api.middleware.read_body",
    "api.middleware.ignore_malformed_session_key",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# The project has one language: English. Looking up translations takes time in every request.
USE_I18N = False
# Clients convert times to the time zones of their users.
TIME_ZONE = "UTC"

# Database and cache

DATABASES = {"default": DATABASE}
if DATABASE["ENGINE"] == "django.db.backends.postgresql":
    timeout, given = f"-c statement_timeout={DATABASE_TIMEOUT}s", DATABASE["OPTIONS"].get("options")
    DATABASE["OPTIONS"]["options"] = f"{timeout} {given}" if given else timeout
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if CACHE_URL.startswith("redis"):
    CACHES: dict[str, Any] = {
        "default": {
            # Django's own backend takes two round trips to increment a counter.
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": CACHE_URL,
            "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 1},  # seconds
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            # With the default of 300, a few hundred clients would evict the counters of throttles.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    # Each process has its own cache, so a cached session would survive a logout in another one.
    SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Security

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NUM_PROXIES else None
# Browsers ignore a header with a decimal point.
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# HSTS preloading affects the whole domain, so its owner has to opt in.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# Health checks use plain HTTP, and `require_https` rejects it in the API.
SECURE_REDIRECT_EXEMPT = ["^health/", "^api/v"]
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
# Browsers accept cookies with this prefix only from this host over HTTPS.
COOKIE_PREFIX = "__Host-" if SECURE_SSL_REDIRECT else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
# By default, Django stores messages of the admin in a cookie without this prefix.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        # Swagger UI sets inline styles.
        "style-src": ["'self'", "'unsafe-inline'"],
        # The logout link of the browsable API has an inline event handler.
        **({"script-src-attr": ["'unsafe-inline'"]} if DEBUG else {}),
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
CORS_ALLOW_HEADERS = [*default_headers, "x-request-id"]
CORS_EXPOSE_HEADERS = ["Retry-After", "X-Request-ID"]

# Users and passwords

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.ThrottledBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "api.audit.LogPasswordChange"},
]

# API

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": [
        "api.renderers.JSONRenderer",
        *(["rest_framework.renderers.BrowsableAPIRenderer"] if DEBUG else []),
    ],
    "DEFAULT_METADATA_CLASS": "api.metadata.NoMetadata",
    "DEFAULT_PAGINATION_CLASS": "api.pagination.PageNumberPagination",
    "PAGE_SIZE": 20,
    "DEFAULT_SCHEMA_CLASS": "api.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "api.throttling.AnonRateThrottle",
        "api.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        scope: None if rate == "off" else rate
        for scope, rate in {
            "login": LOGIN_THROTTLE_RATE,
            "account": ACCOUNT_THROTTLE_RATE,
            "anon": ANON_THROTTLE_RATE,
            "user": USER_THROTTLE_RATE,
        }.items()
    },
    # The renderer formats times, which is faster than formatting each of them in a serializer.
    "DATETIME_FORMAT": None,
    "EXCEPTION_HANDLER": "api.exceptions.exception_handler",
    "NUM_PROXIES": NUM_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": PROJECT_NAME,
    "DESCRIPTION": {{ python_string(cookiecutter.description) }},
    "VERSION": "0.1.0",
    "LICENSE": {
        "name": "All rights reserved",
        "url": "https://choosealicense.com/no-permission/",
    },
    "SERVERS": [{"url": "/"}],
    "TAGS": [{"name": "auth", "description": "Obtain, change and revoke credentials."}],
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]+/",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.openapi.complete_document",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Authentication

# {% include "auth/" ~ cookiecutter.auth ~ "/_fragments/settings.py" %}

# Logging

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "api.middleware.RequestIDFilter"},
        "secrets": {"()": "api.middleware.SecretsFilter"},
    },
    "formatters": {
        "readable": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.orjson.OrjsonFormatter",
            "format": "{asctime}{levelname}{name}{message}{request_id}",
            "style": "{",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "secrets"],
            "formatter": "readable" if DEBUG else "json",
        }
    },
    "loggers": {
        "django": {"handlers": []},  # the root logger handles its records
        # The request log has a line for every request; these add tracebacks of errors.
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
        # Gunicorn warns about every response to HEAD, because Django lets the server remove the body.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # The audit log does not depend on LOG_LEVEL.
        "security": {"level": "INFO"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
if SENTRY_DSN:

    def remove_request(event: Any, hint: Any) -> Any:
        """Keep only the method and the URL of the request, which has no query string."""
        request = event.pop("request", {})
        event["request"] = {key: request[key] for key in request.keys() & {"method", "url"}}
        return event

    # Headers, bodies, local variables and breadcrumbs (such as commands of Redis) can contain secrets.
    sentry_sdk.init(
        dsn=SENTRY_DSN,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        before_send=remove_request,
    )
