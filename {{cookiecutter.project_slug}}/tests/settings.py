"""
Settings for tests: the production settings with fixed values.

Set DATABASE_URL and CACHE_URL to run the tests with PostgreSQL and Redis.
"""

import os
from pathlib import Path

from dotenv import load_dotenv

# Override the shell and .env, so that neither changes the result of a test.
load_dotenv(Path(__file__).with_name("test.env"), override=True)
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")
os.environ.setdefault("CACHE_URL", "locmem://")

from config.settings import *  # noqa: E402, F403

# Argon2 is slow by design.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are not collected for tests.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
WHITENOISE_AUTOREFRESH = True
