import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts.models import User
from tests.clients import log_in


@pytest.fixture(autouse=True)
def empty_cache():
    """Throttles count in the cache; each test starts from nothing."""
    cache.clear()


@pytest.fixture
def password():
    return "correct-horse-battery"


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
    """An anonymous caller."""
    return APIClient()


@pytest.fixture
def login_as():
    """Make a caller who proves to be the given user."""

    def login_as(user):
        client = APIClient(enforce_csrf_checks=True)
        log_in(client, user)
        return client

    return login_as


@pytest.fixture
def user_client(login_as, user):
    return login_as(user)
