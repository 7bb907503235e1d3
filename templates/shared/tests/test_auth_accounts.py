from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from tests.clients import offer_stale_credentials

LOGIN_URL = "/api/v1/auth/login/"
REGISTER_URL = "/api/v1/auth/register/"
PASSWORD_URL = "/api/v1/auth/password/"
NEW = "staple-battery-horse"


# {% include "shared/tests/login_tests.py" %}


# {% include "shared/tests/register_tests.py" %}


# {% include "shared/tests/password_tests.py" %}
