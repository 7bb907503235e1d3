"""What is rendered, file by file."""

import re
from pathlib import PurePosixPath

import pytest

from tests.conftest import (
    AUTHS,
    COMBINATIONS,
    QUESTIONS,
    TEMPLATE,
    VIEW_STYLES,
    Bake,
    Project,
    every_combination,
    read_files,
)

SOURCE = TEMPLATE / "{{cookiecutter.project_slug}}"
# What stands in every project. What an answer adds is read from its folder under templates/.
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
    "accounts/__init__.py",
    "accounts/admin.py",
    "accounts/migrations/0001_initial.py",
    "accounts/migrations/__init__.py",
    "accounts/models.py",
    "accounts/serializers.py",
    "app_template/__init__.py",
    "app_template/admin.py-tpl",
    "app_template/models.py-tpl",
    "app_template/permissions.py-tpl",
    "app_template/serializers.py-tpl",
    "app_template/tests.py-tpl",
    "authentication/__init__.py",
    "books/__init__.py",
    "books/admin.py",
    "books/filters.py",
    "books/management/__init__.py",
    "books/management/commands/__init__.py",
    "books/management/commands/seed_demo.py",
    "books/migrations/0001_initial.py",
    "books/migrations/__init__.py",
    "books/models.py",
    "books/permissions.py",
    "books/serializers.py",
    "compose.yaml",
    "config/__init__.py",
    "config/asgi.py",
    "config/env.py",
    "config/exceptions.py",
    "config/metadata.py",
    "config/middleware.py",
    "config/ordering.py",
    "config/pagination.py",
    "config/parsers.py",
    "config/settings.py",
    "config/throttling.py",
    "config/urls.py",
    "config/views.py",
    "config/wsgi.py",
    "gunicorn.conf.py",
    "conftest.py",
    "manage.py",
    "pyproject.toml",
    "tests/__init__.py",
    "tests/books/__init__.py",
    "tests/books/conftest.py",
    "tests/books/test_authors.py",
    "tests/books/test_books.py",
    "tests/books/test_seed_demo.py",
    "tests/settings.py",
    "tests/test_configuration.py",
    "tests/test_logging.py",
    "tests/test_me.py",
    "tests/test_site.py",
    "tests/test_users.py",
}


def added_by(folder: str, prefix: str = "") -> set[str]:
    """Return the files that a folder of templates/ adds; the others there are parts of files."""
    paths = {
        path if (SOURCE / path).exists() else prefix + path
        for path in read_files(TEMPLATE / "templates" / folder)
    }
    return {path for path in paths if (SOURCE / path).exists()} - COMMON


@every_combination
def test_tree_is_exact(project: Project) -> None:
    expected = COMMON | added_by(f"auth/{project.auth}", "authentication/")
    expected |= added_by(f"views/{project.view_style}")
    folders = {str(folder) for path in expected for folder in PurePosixPath(path).parents}
    expected |= {
        path
        for path in read_files(SOURCE)
        if PurePosixPath(path).name == "__init__.py" and str(PurePosixPath(path).parent) in folders
    }
    assert set(project.files) == expected


def test_every_source_is_used() -> None:
    sources = [path for folder in (SOURCE, TEMPLATE / "templates") for path in folder.rglob("*")]
    text = "\n".join(path.read_text("utf-8") for path in sources if path.is_file())
    used = set()
    included = re.findall(r'# {% (?:from|import|include) \[?(".+?")\]?[ \w]* %}', text)
    for expression in ", ".join(included).split(", "):
        for auth, view_style in COMBINATIONS:
            used.add(
                expression.replace('" ~ cookiecutter.auth ~ "', auth)
                .replace('" ~ cookiecutter.view_style ~ "', view_style)
                .strip('"')
            )
    assert set(read_files(TEMPLATE / "templates")) <= used


@pytest.mark.parametrize("question", ["auth", "view_style"])
def test_every_answer_has_a_folder_a_prompt_and_a_row_in_the_readme(question: str) -> None:
    folder = TEMPLATE / "templates" / {"auth": "auth", "view_style": "views"}[question]
    assert sorted(QUESTIONS[question]) == sorted(path.name for path in folder.iterdir())
    assert list(QUESTIONS["__prompts__"][question]) == ["__prompt__", *QUESTIONS[question]]
    readme = (TEMPLATE / "README.md").read_text("utf-8")
    for answer in QUESTIONS[question]:
        assert f"\n| `{answer}` | " in readme


@every_combination
def test_files_are_clean(project: Project) -> None:
    for path, content in project.files.items():
        text = content.decode()
        if PurePosixPath(path).name == "__init__.py":
            assert text == "", path
            continue
        assert text.strip(), f"{path} is empty"
        # Django renders the files of app_template/ when an app is made.
        if not path.startswith("app_template/"):
            without_expressions = re.sub(r"\$\{\{ [a-z.]+ }}", "", text)  # a workflow's own
            assert not re.search(r"{{|{%|{#|%}", without_expressions), path
        assert not re.search(r"cookiecutter|# {%", text, re.IGNORECASE), path
        assert "\r" not in text, path
        assert not re.search(r"[ \t]$", text, re.MULTILINE), f"{path}: white space ends a line"
        assert re.search(r"[^\n]\n\Z", text), f"{path} does not end with one newline"
        blank_lines = 2 if path.endswith((".py", ".py-tpl")) else 1
        assert "\n" * (blank_lines + 2) not in text, f"{path}: too many blank lines"
        assert not text.startswith("\n"), f"{path} begins with a blank line"


def test_each_file_depends_on_one_answer_at_most(
    projects: dict[tuple[str, str], Project],
) -> None:
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
def test_same_answers_give_the_same_bytes(project: Project, bake: Bake) -> None:
    again = bake(auth=project.auth, view_style=project.view_style)
    assert again.files == project.files
