import pytest

from config import env


# {% include "shared/tests/days_tests.py" %}
