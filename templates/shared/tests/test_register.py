from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User

URL = "/api/v1/auth/register/"


# {% include "shared/tests/register_tests.py" %}
