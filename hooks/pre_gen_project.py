"""Refuse answers that make no sound project: one plain line for each says what would do."""

import os
import sys
import time

# This stands in the temporary folder, where anybody may have put a file with a module's name.
if not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

# Python's own literals, which nothing in an answer can end.
ANSWERS: dict[str, object] = {{ dict(cookiecutter.items() | rejectattr(1, "mapping")) }}  # type: ignore # noqa: F821 # fmt: skip
# A project cannot have the name of anything that it depends on, directly or not.
PACKAGES = """
    argon2-cffi argon2-cffi-bindings asgiref ast-serialize async-timeout attrs brotli certifi cffi
    charset-normalizer colorama coverage cryptography defusedxml django django-cors-headers
    django-csp django-environ django-filter django-stubs django-stubs-ext djangorestframework
    djangorestframework-api-key djangorestframework-simplejwt djangorestframework-stubs djoser
    drf-spectacular drf-spectacular-sidecar gunicorn idna inflection iniconfig jsonschema
    jsonschema-specifications librt mypy mypy-extensions oauthlib packaging pathspec pluggy psycopg
    psycopg-binary pycparser pygments pyjwt pytest pytest-cov pytest-django python-json-logger
    python3-openid pyyaml redis referencing requests requests-oauthlib rpds-py ruff sentry-sdk
    social-auth-app-django social-auth-core sqlparse types-pyyaml typing-extensions tzdata
    uritemplate urllib3 whitenoise
""".split()  # noqa: SIM905
# Cookiecutter looks at choices itself, but not at those that it replays.
FOLDERS = {"auth": "auth", "view_style": "views"}
PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
DEVICES = {"con", "prn", "aux", "nul"} | PORTS
# Control characters, lone surrogates, what ends a line, what overrides the direction of text.
CONTROLS = [(0x0, 0x1F), (0x7F, 0x9F), (0xD800, 0xDFFF), (0x2028, 0x202E), (0x2066, 0x2069)]


def is_email(text: str) -> bool:
    local, _, domain = text.partition("@")
    labels = domain.split(".")
    return (
        text.isascii()
        and local != ""
        and all(c.isalnum() or c in ".!#$%&'*+/=?^_`{|}~-" for c in local)
        and len(labels) > 1
        and all(w == w.strip("-") and w.replace("-", "").isalnum() for w in labels)
    )


def is_slug(text: str) -> bool:
    words = text.replace("_", "-").split("-")
    return (
        text.isascii()
        and text == text.lower()
        and text[:1].isalpha()
        and len(text) <= 60
        and all(word.isalnum() for word in words)
    )


def sources(folder: str) -> list[str]:
    """Return what the template offers; nothing if the path it was given leads nowhere from here."""
    template = os.path.join(os.environ.get("PWD", ""), str(ANSWERS.get("_repo_dir")))
    path = os.path.join(template, "templates", folder)
    return sorted(os.listdir(path)) if os.path.isdir(path) else []


def problem(question: str, answer: object) -> str | None:
    if not isinstance(answer, str):
        return "Write it in quotes, as text."
    if any(first <= ord(c) <= last for c in answer for first, last in CONTROLS):
        return "Give one plain line, without characters that control it or its direction."
    if question in FOLDERS:
        choices = sources(FOLDERS[question])
        if choices and answer not in choices:
            return f"It can be {', '.join(choices)}."
        return None
    if question in ("project_name", "author_name") and not answer.strip():
        return "Give at least one letter."
    if question == "author_email" and not is_email(answer):
        return "Give an e-mail address, such as you@example.com."
    if question != "project_slug":
        return None
    if not is_slug(answer):
        return "Give up to 60 of a-z and 0-9, a letter first, parted by single - or _: my_api, say."
    if answer.replace("_", "-") in PACKAGES:
        return f"A package that the project needs has this name. Take {answer}_api, say."
    if answer in DEVICES:
        return f"Windows keeps this name for itself. Take {answer}_api, say."
    return None


def remove_folders_around(slug: str) -> None:
    """Remove what a slash in the slug has made; Cookiecutter removes the last folder alone."""
    if os.pardir in slug or os.path.isabs(slug):
        return
    folders = [os.getcwd()]
    for _ in os.path.normpath(slug).split(os.sep)[1:]:
        folders.append(os.path.dirname(folders[-1]))
    # A folder is new if the one that it stands in has changed just now.
    just_now = time.time() - 5
    new = [f for f in folders if os.stat(os.path.dirname(f)).st_mtime > just_now]
    if len(new) > 1:
        os.chdir(os.path.dirname(folders[-1]))
        try:
            for folder in new:
                os.rmdir(folder)
        except OSError:
            pass  # something else stands in it


public = {question: ANSWERS[question] for question in ANSWERS if not question.startswith("_")}
refused = [(question, problem(question, answer)) for question, answer in public.items()]
refused = [(question, message) for question, message in refused if message]
for question, message in refused:
    print(f"{question} cannot be {ascii(public[question])[:60]}. {message}", file=sys.stderr)
if refused:
    remove_folders_around(str(public["project_slug"]))
    sys.exit(1)
