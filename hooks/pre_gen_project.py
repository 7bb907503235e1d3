"""Refuse answers that make no sound project: one plain line for each says what would do."""

# Nothing is imported but what Python has loaded anyway: this runs each time, and from a temporary
# folder, where anybody may have put a file with the name of a module.
import os
import sys

# Python's own literals, which nothing in an answer can end.
ANSWERS: dict[str, str] = {{ dict(cookiecutter.items() | selectattr(1, "string")) }}  # type: ignore # noqa: F821 # fmt: skip
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


def problem(question: str, answer: str) -> str | None:
    if any(first <= ord(c) <= last for c in answer for first, last in CONTROLS):
        return "Give one plain line, without characters that control it or its direction."
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


public = {question: ANSWERS[question] for question in ANSWERS if not question.startswith("_")}
refused = [(question, problem(question, answer)) for question, answer in public.items()]
refused = [(question, message) for question, message in refused if message]
for question, message in refused:
    print(f"{question} cannot be {ascii(public[question])[:60]}. {message}", file=sys.stderr)
if refused:
    # Cookiecutter removes the folder, but not those around it that a slash in its name has made.
    slug = os.path.normpath(public["project_slug"])
    if os.path.dirname(slug) and not slug.startswith((os.sep, os.pardir)):
        os.chdir(os.path.join(*[os.pardir] * len(slug.split(os.sep))))
        try:  # noqa: SIM105
            os.removedirs(slug)
        except OSError:
            pass  # something else stands in them
    sys.exit(1)
