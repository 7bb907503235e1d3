import gc

import pytest
from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from api.throttling import reserved
from tests.clients import log_in


def pytest_collection_finish():
    """Exempt what has been imported from garbage collection, which saves a tenth of the time."""
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """Use a file for the SQLite database: in memory, concurrent writes fail."""
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(path)
        # Do not wait until the disk has written the data.
        connection.settings_dict["OPTIONS"]["init_command"] = "PRAGMA synchronous=OFF"


@pytest.fixture(autouse=True)
def empty_cache():
    """Reset the counters of throttles before each test."""
    cache.clear()
    reserved.clear()


@pytest.fixture
def password():
    return "correct-horse-battery"


@pytest.fixture
def new_password():
    return "staple-battery-horse"


@pytest.fixture
def user(db, password):
    return User.objects.create_user("ursula", "ursula@example.com", password)


@pytest.fixture
def other_user(db, password):
    return User.objects.create_user("octavia", "octavia@example.com", password)


@pytest.fixture
def staff(db, password):
    return User.objects.create_user("stefan", "stefan@example.com", password, is_staff=True)


@pytest.fixture
def api_client():
    """Return a client without credentials."""
    return APIClient()


@pytest.fixture
def login_as():
    """Return a function that returns a client authenticated as the given user."""

    def login_as(user):
        client = APIClient(enforce_csrf_checks=True)
        log_in(client, user)
        return client

    return login_as


@pytest.fixture
def user_client(login_as, user):
    return login_as(user)
