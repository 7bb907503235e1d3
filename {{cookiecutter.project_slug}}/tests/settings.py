"""
The settings of the tests: production's, from fixed values.

`DATABASE_URL` and `CACHE_URL` may be given, to test against PostgreSQL and Redis.
"""

import os

os.environ.update(
    DEBUG="false",
    SECRET_KEY="a-secret-key-for-tests-alone-that-protects-nothing-at-all",
    ALLOWED_HOSTS="testserver",
    NUM_PROXIES="0",
    SECURE_SSL_REDIRECT="false",
    CORS_ALLOWED_ORIGINS="",
    CSRF_TRUSTED_ORIGINS="",
    LOGIN_THROTTLE_RATE="10/min",
    ANON_THROTTLE_RATE="100/min",
    USER_THROTTLE_RATE="1000/min",
    LOG_LEVEL="INFO",
    SENTRY_DSN="",
)
# {% include "auth/" ~ cookiecutter.auth ~ "/tests/environment.py" ignore missing %}
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("CACHE_URL", "locmemcache://")

from config.settings import *  # noqa: F403

# Argon2 is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is collected for a test.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
WHITENOISE_AUTOREFRESH = True
