import runpy

from config import urls


def test_no_login_is_available_in_development(client, db, settings):
    settings.DEBUG = True
    settings.ROOT_URLCONF = tuple(runpy.run_path(urls.__file__)["urlpatterns"])
    assert client.get("/api-auth/login/").status_code == 404
