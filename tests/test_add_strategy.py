"""Add a strategy as README.md says: HTTP basic authentication, from a copy of `token`."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.checks import (
    CheckTypes,
    covering_tests,
    formatting,
    lint,
    migrations,
    schema,
    system_check,
)
from tests.support.environment import TEMPLATE, Run
from tests.support.rendering import (
    VIEW_STYLES,
    assert_choices_are_complete,
    copy_template,
    render,
)

NAME = "basic"
ORIGINAL = "token"
# What the new strategy does not need
REMOVED = [
    "_fragments/environment.py",
    "_fragments/leave.sh",
    "authentication/login.py",
    "authentication/tokens.py",
    "tests/authentication/test_login.py",
    "tests/authentication/test_logout.py",
]
CHANGED = {
    "_fragments/README.md": """\
Clients send the username and the password with every request. While the server is running:

```sh
curl -u ada:correct-horse-battery http://127.0.0.1:8000/api/v1/me/
```
""",
    "_fragments/settings.py": """\
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "rest_framework.authentication.BasicAuthentication"
]
""",
    "_fragments/variables.jinja": """\
# {% from "shared/_fragments/variables.jinja" import common %}
# {% set variables = common %}
""",
    "authentication/urls.py": """\
from django.urls import path

from authentication.passwords import PasswordChangeView
from authentication.registration import RegistrationView

urlpatterns = [
    path("register/", RegistrationView.as_view(), name="register"),
    path("password/", PasswordChangeView.as_view(), name="password-change"),
]
""",
    "tests/clients.py": '''\
from base64 import b64encode

AUTHENTICATION_QUERIES = 1


def log_in(client, user):
    """Make the client send the username and the password that users of tests have."""
    credentials = b64encode(f"{user.username}:correct-horse-battery".encode()).decode()
    client.credentials(HTTP_AUTHORIZATION=f"Basic {credentials}")
''',
    "tests/authentication/conftest.py": """\
import pytest
from django.urls import reverse
from rest_framework.test import APIClient


@pytest.fixture
def register_url():
    return reverse("register")


@pytest.fixture
def password_change_url():
    return reverse("password-change")


@pytest.fixture
def credentials(user, password):
    return {"username": user.username, "password": password}


@pytest.fixture
def new_password():
    return "staple-battery-horse"


@pytest.fixture
def stale_client():
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Basic stale")
    return client
""",
    "tests/authentication/test_authentication.py": """\
from django.urls import reverse


def test_invalid_credentials_are_rejected(stale_client, db):
    response = stale_client.get(reverse("me"))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Basic realm="api"'


def test_credentials_authenticate_user(user_client, user):
    assert user_client.get(reverse("me")).json()["username"] == user.username
""",
    "tests/authentication/test_openapi.py": """\
from django.urls import reverse


def test_schema_documents_authentication_endpoints(api_client):
    paths = api_client.get(reverse("schema"), {"format": "json"}).json()["paths"]
    documented = {path for path in paths if "/auth/" in path}
    assert documented == {reverse("register"), reverse("password-change")}
""",
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A copy of the template with another strategy."""
    template = copy_template(tmp_path / "template")
    strategies = template / "templates" / "auth"
    # 1. Copy the folder of the most similar strategy and change it.
    shutil.copytree(strategies / ORIGINAL, strategies / NAME)
    for path in REMOVED:
        (strategies / NAME / path).unlink()
    for path, text in CHANGED.items():
        assert (strategies / NAME / path).exists(), path
        (strategies / NAME / path).write_text(text, "utf-8", newline="\n")
    # 2. Add the strategy to cookiecutter.json.
    questions = json.loads((template / "cookiecutter.json").read_text("utf-8"))
    questions["auth"].append(NAME)
    questions["__prompts__"]["auth"][NAME] = f"{NAME}: a username and a password"
    (template / "cookiecutter.json").write_text(json.dumps(questions), "utf-8")
    # 3. Add a row to the table in README.md.
    readme = (TEMPLATE / "README.md").read_text("utf-8")
    row = f"| `{ORIGINAL}` | "
    assert row in readme
    readme = readme.replace(row, f"| `{NAME}` | clients are scripts |\n{row}")
    (template / "README.md").write_text(readme, "utf-8")
    return template


@pytest.mark.thorough
@pytest.mark.parametrize("view_style", VIEW_STYLES)
@pytest.mark.xdist_group(f"types-{NAME}")
def test_project_with_new_strategy_passes(
    view_style: str, template: Path, run: Run, check_types: CheckTypes
) -> None:
    assert_choices_are_complete(template, "auth")
    project = render(template.parent, NAME, view_style, template)
    for check in (lint, formatting, system_check, migrations, covering_tests, schema):
        check(run, project)
    check_types(project, NAME)
