"""All settings. The environment, or `.env`, has what differs by machine; see README.md."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sentry_sdk

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT_NAME: str = PYPROJECT["tool"]["api"]["title"]

DEBUG = env.variable("DEBUG", env.boolean, "false")


def in_development(value: str) -> str | None:
    """Return `value` as a default with DEBUG on; else no default: the variable must be set."""
    return value if DEBUG else None


# Application
SECRET_KEY = env.variable("SECRET_KEY", str, in_development("insecure-and-for-development-only"))
ALLOWED_HOSTS = env.variable("ALLOWED_HOSTS", env.names, in_development(""))
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
    "accounts",
    "authentication",
    "books",
]
MIDDLEWARE = [
    "config.middleware.request_log",
    "config.middleware.health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.middleware.limit_body",
    "config.middleware.plain_session_key",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
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

# Database and cache
SQLITE_URL = f"sqlite:///{quote((BASE_DIR / 'db.sqlite3').as_posix())}"
DATABASES = {"default": env.variable("DATABASE_URL", env.database, in_development(SQLITE_URL))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.variable("CACHE_URL", env.cache, "locmemcache://")}
# A cache of each process by itself would not know of a logout in another one.
SESSION_ENGINE = (
    "django.contrib.sessions.backends.cached_db"
    if "redis" in CACHES["default"]["BACKEND"]
    else "django.contrib.sessions.backends.db"
)

# Static files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # In development nothing is collected: files are served as they are.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Every page asks for the names that have a hash.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Language and time
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"

# Security
NUM_PROXIES = env.variable("NUM_PROXIES", env.number, "0")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NUM_PROXIES else None
SECURE_SSL_REDIRECT = env.variable("SECURE_SSL_REDIRECT", env.boolean, str(not DEBUG))
SECURE_HSTS_SECONDS = timedelta(days=365).total_seconds() if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Preloading is for the owner of the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        # Swagger UI sets styles from its script.
        "style-src": ["'self'", "'unsafe-inline'"],
        # The browsable API logs out by a handler that stands in its HTML.
        **({"script-src-attr": ["'unsafe-inline'"]} if DEBUG else {}),
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
CSRF_TRUSTED_ORIGINS = env.variable("CSRF_TRUSTED_ORIGINS", env.origins, "")
CORS_ALLOWED_ORIGINS = env.variable("CORS_ALLOWED_ORIGINS", env.origins, "")
CORS_EXPOSE_HEADERS = ["Retry-After", "X-Request-ID"]

# Users and passwords
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# API
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["config.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        *(["rest_framework.renderers.BrowsableAPIRenderer"] if DEBUG else []),
    ],
    "DEFAULT_METADATA_CLASS": "config.metadata.NoMetadata",
    "DEFAULT_PAGINATION_CLASS": "config.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "login": env.variable("LOGIN_THROTTLE_RATE", env.rate, "10/min"),
        "anon": env.variable("ANON_THROTTLE_RATE", env.rate, "100/min"),
        "user": env.variable("USER_THROTTLE_RATE", env.rate, "1000/min"),
    },
    "EXCEPTION_HANDLER": "config.exceptions.exception_handler",
    "NUM_PROXIES": NUM_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": PROJECT_NAME,
    "DESCRIPTION": PYPROJECT["project"]["description"],
    "VERSION": PYPROJECT["project"]["version"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Authentication
# {% include "auth/" ~ cookiecutter.auth ~ "/settings.py" %}

# Logging
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.middleware.RequestIDFilter"}},
    "formatters": {
        "readable": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}{request_id}",
            "style": "{",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "readable" if DEBUG else "json",
        }
    },
    "loggers": {
        # A request has its line already; an error adds its traceback.
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
    },
    "root": {"handlers": ["console"], "level": env.variable("LOG_LEVEL", env.log_level, "INFO")},
}
SENTRY_DSN = env.variable("SENTRY_DSN", str, "")
if SENTRY_DSN:
    # What callers send, and what variables hold, may be secret.
    sentry_sdk.init(
        dsn=SENTRY_DSN,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
    )
