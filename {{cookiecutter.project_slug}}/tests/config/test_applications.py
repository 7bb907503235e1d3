from config import asgi, wsgi


def test_asgi_application_exists():
    assert callable(asgi.application)


def test_wsgi_application_matches_settings(settings):
    assert callable(wsgi.application)
    assert settings.WSGI_APPLICATION == "config.wsgi.application"
