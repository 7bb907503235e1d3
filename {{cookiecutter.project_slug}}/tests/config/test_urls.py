import runpy

import pytest
from django.urls import reverse

from config import urls


def test_root_redirects_to_docs(api_client):
    response = api_client.get("/")
    assert response.status_code == 302
    assert response["Location"] == reverse("docs")


def test_login_of_browsable_api_is_not_available_in_production(api_client, db):
    assert api_client.get("/api-auth/login/").status_code == 404


@pytest.mark.parametrize("debug", [True, False])
def test_login_of_browsable_api_requires_debug(settings, debug):
    settings.DEBUG = debug
    patterns = [str(entry.pattern) for entry in runpy.run_path(urls.__file__)["urlpatterns"]]
    assert ("api-auth/" in patterns) is ("api-auth/login/" in patterns) is debug
