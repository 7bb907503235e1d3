"""Add a strategy as README.md says: tokens that only an administrator creates."""

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

NAME = "static_token"
ORIGINAL = "token"
# What the new strategy does not need
REMOVED = [
    "_fragments/environment.py",
    "_fragments/leave.sh",
    "authentication/admin.py",
    "authentication/login.py",
    "authentication/mail.py",
    "authentication/passwords.py",
    "authentication/registration.py",
    "authentication/serializers.py",
    "authentication/tokens.py",
    "tests/authentication/test_account_throttle.py",
    "tests/authentication/test_admin.py",
    "tests/authentication/test_audit.py",
    "tests/authentication/test_login.py",
    "tests/authentication/test_logout.py",
    "tests/authentication/test_mail_settings.py",
    "tests/authentication/test_password_change.py",
    "tests/authentication/test_password_reset.py",
    "tests/authentication/test_password_reset_confirm.py",
    "tests/authentication/test_registration.py",
]
CHANGED = {
    "_fragments/README.md": """\
Clients send a token in the `Authorization` header. Create one with
`uv run manage.py drf_create_token ada`.
""",
    "_fragments/settings.py": """\
INSTALLED_APPS += ["rest_framework.authtoken"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "rest_framework.authentication.TokenAuthentication",
    # The browsable API logs in with a session.
    *(["rest_framework.authentication.SessionAuthentication"] if DEBUG else []),
]
SPECTACULAR_SETTINGS["AUTHENTICATION_WHITELIST"] = [
    "rest_framework.authentication.TokenAuthentication"
]
AUTHENTICATION_HEADERS = ["Authorization"]
""",
    "_fragments/variables.jinja": """\
# {% from "shared/_fragments/variables.jinja" import common, read %}
# {% set variables = [] %}
# {% set _ = read(common, variables) %}
""",
    "authentication/urls.py": """\
from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
""",
    "tests/authentication/conftest.py": """\
import pytest
from rest_framework.test import APIClient


@pytest.fixture
def stale_client():
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Token stale")
    return client
""",
    "tests/authentication/test_authentication.py": """\
from django.urls import reverse


def test_invalid_credentials_are_rejected(stale_client, db):
    response = stale_client.get(reverse("me"))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"


def test_credentials_authenticate_user(user_client, user):
    assert user_client.get(reverse("me")).json()["username"] == user.username
""",
    "tests/authentication/test_openapi.py": """\
from django.urls import reverse


def test_schema_documents_header(api_client):
    schema = api_client.get(reverse("schema"), {"format": "json"}).json()
    (scheme,) = schema["components"]["securitySchemes"].values()
    assert (scheme["in"], scheme["name"]) == ("header", "Authorization")
""",
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A copy of the template with another strategy."""
    template = copy_template(tmp_path / "template")
    strategies = template / "templates" / "auth"
    shared = template / "templates" / "shared"
    # 1. Copy the folder of the most similar strategy and change it.
    shutil.copytree(strategies / ORIGINAL, strategies / NAME)
    for path in REMOVED:
        (strategies / NAME / path).unlink()
    for path, text in CHANGED.items():
        assert (strategies / NAME / path).exists() or (shared / path).exists(), path
        (strategies / NAME / path).write_text(text, "utf-8", newline="\n")
    # 2. Add the strategy to cookiecutter.json.
    questions = json.loads((template / "cookiecutter.json").read_text("utf-8"))
    questions["auth"].append(NAME)
    questions["__prompts__"]["auth"][NAME] = f"{NAME}: tokens that only an administrator creates"
    (template / "cookiecutter.json").write_text(json.dumps(questions), "utf-8")
    # 3. Add a row to the table in README.md.
    readme = (TEMPLATE / "README.md").read_text("utf-8")
    row = f"| `{ORIGINAL}` | "
    assert row in readme
    readme = readme.replace(row, f"| `{NAME}` | clients are scripts |\n{row}")
    (template / "README.md").write_text(readme, "utf-8")
    return template


@pytest.mark.thorough
def test_project_with_new_strategy_passes(
    template: Path, run: Run, check_types: CheckTypes
) -> None:
    assert_choices_are_complete(template, "auth")
    project = render(template.parent, NAME, VIEW_STYLES[0], template)
    for check in (lint, formatting, system_check, migrations, covering_tests, schema):
        check(run, project)
    check_types(project, NAME)
