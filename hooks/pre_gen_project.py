"""Refuse answers that make no sound project: one plain line for each says what would do."""

import contextlib
import json
import os
import re
import sys
import unicodedata

# Nothing can end this string: inside JSON, Jinja writes a single quote as \u0027.
ANSWERS = json.loads(r'{{ cookiecutter | tojson }}')  # fmt: skip
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
EMAIL = r"[\w.!#$%&'*+/=?^`{|}~-]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z0-9]"
OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def problem(question: str, answer: str) -> str | None:
    controls = {c for c in answer if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")}
    if controls or OVERRIDES & set(answer):
        return "Give one plain line, without characters that control it or its direction."
    if question in ("project_name", "author_name") and not answer.strip():
        return "Give at least one letter."
    if question == "author_email" and not re.fullmatch(EMAIL, answer, re.ASCII | re.IGNORECASE):
        return "Give an e-mail address, such as you@example.com."
    if question != "project_slug":
        return None
    if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", answer) or len(answer) > 60:
        return "Give up to 60 of a-z and 0-9, a letter first, parted by single - or _: my_api, say."
    if answer.replace("_", "-") in PACKAGES:
        return f"A package that the project needs has this name. Take {answer}_api, say."
    if re.fullmatch("con|prn|aux|nul|(com|lpt)[0-9]", answer):
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
        with contextlib.suppress(OSError):
            os.removedirs(slug)
    sys.exit(1)
