import os
import re
import runpy
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.servers.basehttp import get_internal_wsgi_application
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse

from config import wsgi


def test_wsgi_application_answers(db):
    environ = {"PATH_INFO": reverse("health-live")}
    setup_testing_defaults(environ)
    statuses = []
    body = wsgi.application(environ, lambda status, _: statuses.append(status))
    assert (statuses, b"".join(body)) == (["200 OK"], b'{"status": "ok"}')
    assert get_internal_wsgi_application() is wsgi.application


def test_wsgi_server_does_not_start_without_views(settings):
    settings.ROOT_URLCONF = "config.missing"
    settings.LOGGING_CONFIG = None  # keep the handlers of the tests
    with pytest.raises(ModuleNotFoundError):
        runpy.run_path(wsgi.__file__)


@pytest.fixture
def run_manage(settings, monkeypatch):
    """Return a function that runs manage.py without a command and returns the environment."""
    monkeypatch.setenv("DATABASE_TIMEOUT", "5")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    environments = []
    monkeypatch.setattr(
        "django.core.management.execute_from_command_line",
        lambda argv: environments.append(dict(os.environ)),
    )

    def run_manage():
        runpy.run_path(str(settings.BASE_DIR / "manage.py"), run_name="__main__")
        return environments.pop()

    return run_manage


def test_queries_of_commands_do_not_time_out(run_manage):
    assert run_manage()["DATABASE_TIMEOUT"] == "0"


def test_entry_points_use_the_settings(run_manage, settings):
    assert run_manage()["DJANGO_SETTINGS_MODULE"] == "config.settings"
    del os.environ["DJANGO_SETTINGS_MODULE"]
    settings.LOGGING_CONFIG = None  # keep the handlers of the tests
    runpy.run_path(wsgi.__file__)
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings"


def test_deployment_check_of_django_passes(require_https):
    call_command("check", deploy=True, fail_level="WARNING")


def test_migrations_match_models(db):
    call_command("makemigrations", check=True, dry_run=True)


def test_static_files_are_collected_and_served_with_hashed_names(
    db, load_settings, settings, tmp_path
):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "style.css").write_text("body { color: black }\n" * 100)
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = load_settings()["STORAGES"]
    del settings.WHITENOISE_AUTOREFRESH
    call_command("collectstatic", interactive=False, verbosity=0)
    url = static("style.css")
    assert url.startswith("/static/style.")
    client = Client()
    response = client.get(url, HTTP_ACCEPT_ENCODING="gzip")
    assert response.status_code == 200
    assert response["Content-Type"] == 'text/css; charset="utf-8"'
    assert response["Content-Encoding"] == "gzip"
    assert "immutable" in response["Cache-Control"]
    assert b"".join(response)
    assert client.get("/static/style.css").status_code == 404


def test_files_are_stored_in_media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("file.txt", ContentFile("text"))
    assert (tmp_path / name).read_text() == "text"


def test_image_contains_neither_source_control_metadata_nor_secrets(settings):
    excluded = (settings.BASE_DIR / ".dockerignore").read_text().splitlines()
    assert {".git/", ".env", "tls/"} <= set(excluded)
    ignored = (settings.BASE_DIR / ".gitignore").read_text().splitlines()
    assert {".env", "tls/", f"{settings.STATIC_ROOT.name}/"} <= set(ignored)


def test_proxy_buffers_and_limits_requests_and_replaces_headers(settings):
    config = (settings.BASE_DIR / "nginx.conf").read_text()
    directives = dict(re.findall(r"^ *(\w+) (.*);$", config, re.MULTILINE))
    assert "proxy_request_buffering off" not in config
    # With a lower limit, nginx would reject what Django accepts. 0 means that there is no limit.
    number, unit = re.fullmatch(r"(\d+)([km]?)", directives["client_max_body_size"]).groups()
    limit = int(number) * {"": 1, "k": 2**10, "m": 2**20}[unit]
    assert limit >= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for name in ("client_header_timeout", "client_body_timeout"):
        assert re.fullmatch(r"[1-9]\d?s", directives[name])
    # Django trusts these headers.
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in config
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in config
