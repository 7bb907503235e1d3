from config import wsgi


def test_wsgi_application_matches_settings(settings):
    assert callable(wsgi.application)
    assert settings.WSGI_APPLICATION == "config.wsgi.application"
