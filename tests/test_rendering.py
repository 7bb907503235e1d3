"""The files of rendered projects."""

import re
from pathlib import PurePosixPath

from tests.support.environment import TEMPLATE
from tests.support.rendering import (
    AUTHS,
    COMBINATIONS,
    SOURCE,
    VIEW_STYLES,
    Bake,
    Project,
    Projects,
    every_combination,
    is_fragment,
    read_files,
)

# The files of every project. Each answer adds those in its folder below templates/.
COMMON = {
    ".dockerignore",
    ".editorconfig",
    ".env.example",
    ".gitattributes",
    ".github/dependabot.yml",
    ".github/workflows/ci.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "Dockerfile",
    "README.md",
    "SECURITY.md",
    "accounts/__init__.py",
    "accounts/admin.py",
    "accounts/backends.py",
    "accounts/locks.py",
    "accounts/migrations/0001_initial.py",
    "accounts/migrations/__init__.py",
    "accounts/models.py",
    "accounts/serializers.py",
    "api/__init__.py",
    "api/audit.py",
    "api/exceptions.py",
    "api/filters.py",
    "api/health.py",
    "api/management/commands/startresource.py",
    "api/metadata.py",
    "api/middleware.py",
    "api/openapi.py",
    "api/pagination.py",
    "api/parsers.py",
    "api/permissions.py",
    "api/renderers.py",
    "api/resource_template/admin.py-tpl",
    "api/resource_template/models.py-tpl",
    "api/resource_template/serializers.py-tpl",
    "api/resource_template/test.py-tpl",
    "api/serializers.py",
    "api/throttling.py",
    "authentication/__init__.py",
    "books/__init__.py",
    "books/admin.py",
    "books/filters.py",
    "books/management/commands/seed_demo.py",
    "books/migrations/0001_initial.py",
    "books/migrations/__init__.py",
    "books/models.py",
    "books/serializers.py",
    "compose.yaml",
    "config/__init__.py",
    "config/env.py",
    "config/settings.py",
    "config/urls.py",
    "config/wsgi.py",
    "conftest.py",
    "docs/asvs.md",
    "gunicorn.conf.py",
    "manage.py",
    "nginx.conf",
    "pyproject.toml",
    "schemathesis.toml",
    "tests/__init__.py",
    "tests/accounts/test_me.py",
    "tests/accounts/test_users.py",
    "tests/api/test_admin.py",
    "tests/api/test_audit.py",
    "tests/api/test_body.py",
    "tests/api/test_errors.py",
    "tests/api/test_health.py",
    "tests/api/test_logging.py",
    "tests/api/test_login_throttling.py",
    "tests/api/test_openapi.py",
    "tests/api/test_openapi_of_views.py",
    "tests/api/test_pagination.py",
    "tests/api/test_renderers.py",
    "tests/api/test_schemathesis.py",
    "tests/api/test_security.py",
    "tests/api/test_serializers.py",
    "tests/api/test_startresource.py",
    "tests/api/test_throttling.py",
    "tests/authentication/test_authentication.py",
    "tests/authentication/test_browsable_api.py",
    "tests/books/conftest.py",
    "tests/books/test_admin.py",
    "tests/books/test_authors.py",
    "tests/books/test_book_filters.py",
    "tests/books/test_book_reading.py",
    "tests/books/test_book_writing.py",
    "tests/books/test_drafts.py",
    "tests/books/test_openapi.py",
    "tests/books/test_seed_demo.py",
    "tests/clients.py",
    "tests/config/test_deployment.py",
    "tests/config/test_development.py",
    "tests/config/test_env.py",
    "tests/config/test_sentry.py",
    "tests/config/test_settings.py",
    "tests/config/test_urls.py",
    "tests/conftest.py",
    "tests/settings.py",
    "tests/test.env",
}


def added_by(answer: str) -> set[str]:
    """Return the files that an answer adds, by its folder below templates/."""
    paths = read_files(TEMPLATE / "templates" / answer)
    return {path for path in paths if not is_fragment(path)} - COMMON


@every_combination
def test_project_consists_of_the_expected_files(project: Project) -> None:
    expected = COMMON | added_by(f"auth/{project.auth}") | added_by(f"views/{project.view_style}")
    folders = {str(folder) for path in expected for folder in PurePosixPath(path).parents}
    expected |= {
        path
        for path in read_files(SOURCE)
        if PurePosixPath(path).name == "__init__.py" and str(PurePosixPath(path).parent) in folders
    }
    assert set(project.files) == expected


@every_combination
def test_files_are_clean(project: Project) -> None:
    for path, content in project.files.items():
        text = content.decode()
        if PurePosixPath(path).name == "__init__.py":
            assert text == "", path
            continue
        assert text.strip(), f"{path} is empty"
        without_expressions = re.sub(r"\$\{\{ [a-z.]+ }}", "", text)  # of workflows
        assert not re.search(r"{{|{%|{#|%}", without_expressions), path
        assert not re.search(r"cookiecutter|# {%", text, re.IGNORECASE), path
        assert "\r" not in text, path
        assert not re.search(r"[ \t]$", text, re.MULTILINE), f"{path} has trailing whitespace"
        assert re.search(r"[^\n]\n\Z", text), f"{path} does not end with one newline"
        blank_lines = 2 if path.endswith((".py", ".py-tpl")) else 1
        assert "\n" * (blank_lines + 2) not in text, f"{path} has too many blank lines"
        assert not text.startswith("\n"), f"{path} starts with a blank line"


def test_every_file_depends_on_at_most_one_answer(projects: Projects) -> None:
    for path in {path for project in projects.values() for path in project.files}:
        content = {answers: project.files.get(path) for answers, project in projects.items()}
        only_auth = all(
            content[auth, view_style] == content[auth, VIEW_STYLES[0]]
            for auth, view_style in COMBINATIONS
        )
        only_view_style = all(
            content[auth, view_style] == content[AUTHS[0], view_style]
            for auth, view_style in COMBINATIONS
        )
        assert only_auth or only_view_style, path


@every_combination
def test_same_answers_render_the_same_bytes(project: Project, bake: Bake) -> None:
    again = bake(auth=project.auth, view_style=project.view_style)
    assert again.files == project.files
