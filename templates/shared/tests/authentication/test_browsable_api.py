import runpy

import pytest

from config import urls


@pytest.fixture
def development(settings):
    """Use the URLs of a project with DEBUG."""
    settings.DEBUG = True
    settings.ROOT_URLCONF = tuple(runpy.run_path(urls.__file__)["urlpatterns"])


def test_login_is_available_in_development(client, db, development):
    assert client.get("/api-auth/login/").status_code == 200


def test_login_is_throttled(client, db, set_rate, development):
    set_rate("login", "1/min")
    assert [client.post("/api-auth/login/").status_code for _ in range(2)] == [200, 429]
