import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache

from accounts.models import User

URL = "/api/v1/auth/login/"


# {% include "shared/tests/login_tests.py" %}
