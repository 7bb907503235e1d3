"""Reject invalid answers with one line for each that says what is wrong and how to fix it."""

import os
import sys

# Do not import modules from the temporary folder that hooks run in: anyone can write to it.
if not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

# Answers are rendered as Python literals, so that none of them can add code.
ANSWERS: dict[str, object] = {{ dict(cookiecutter.items() | rejectattr(1, "mapping")) }}  # type: ignore # noqa: F821 # fmt: skip
# A project cannot have the name of one of its direct or transitive dependencies. The direct ones of
# a strategy need not be listed here: see strategy_packages().
PACKAGES = """
    annotated-types anyio argon2-cffi argon2-cffi-bindings asgiref ast-serialize async-timeout attrs
    authlib blinker brotli certifi cffi charset-normalizer click colorama coverage cryptography
    defusedxml dj-database-url dj-email-url django django-allauth django-cors-headers django-csp
    django-filter django-redis django-stubs django-stubs-ext djangorestframework
    djangorestframework-api-key djangorestframework-simplejwt djangorestframework-stubs djoser
    drf-spectacular drf-spectacular-sidecar environs execnet fido2 flask graphql-core gunicorn h11
    harfile htpy httpcore httpx hypothesis hypothesis-graphql idna inflection iniconfig itsdangerous
    jinja2 joserfc jsonschema jsonschema-rs jsonschema-specifications librt markdown-it-py
    markupsafe marshmallow mdurl mypy mypy-extensions oauthlib oidc-provider-mock orjson packaging
    pathspec pluggy psycopg psycopg-binary pycparser pydantic pydantic-core pygments pyjwt
    pyrate-limiter pytest pytest-cov pytest-django pytest-xdist python-dotenv python-json-logger
    python3-openid pyyaml qrcode redis referencing requests requests-oauthlib rich rpds-py ruff
    schemathesis sentry-sdk social-auth-app-django social-auth-core sortedcontainers sqlparse
    types-pyyaml typing-extensions typing-inspection tzdata uritemplate urllib3 uvicorn werkzeug
    whitenoise
""".split()  # noqa: SIM905
# Cookiecutter validates choices, but not those that it replays.
FOLDERS = {"auth": "auth", "view_style": "views"}
TEMPLATES = os.path.join(os.environ.get("PWD", ""), str(ANSWERS.get("_repo_dir")), "templates")
PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
DEVICES = {"con", "prn", "aux", "nul"} | PORTS
# Control characters, lone surrogates, line separators, and overrides of the text direction
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
    """Return the choices of the template, or an empty list if the template cannot be found."""
    path = os.path.join(TEMPLATES, folder)
    return sorted(os.listdir(path)) if os.path.isdir(path) else []


def strategy_packages() -> set[str]:
    """Return the direct dependencies that strategies add, or an empty set as above."""
    names = set()
    for auth in sources("auth"):
        for file in ("dependencies.toml", "dev_dependencies.toml"):
            path = os.path.join(TEMPLATES, "auth", auth, "_fragments", file)
            if os.path.isfile(path):
                with open(path, encoding="utf-8") as lines:
                    names |= {line.strip(' "').split("[")[0].split(">")[0] for line in lines}
    return names


def find_error(question: str, answer: object) -> str | None:
    """Return how to fix an answer, or None if it is valid."""
    if not isinstance(answer, str):
        return "Use text; quote it in YAML."
    if any(first <= ord(c) <= last for c in answer for first, last in CONTROLS):
        return "Use one line of text without control characters."
    if question in FOLDERS:
        choices = sources(FOLDERS[question])
        if choices and answer not in choices:
            return f"Use one of: {', '.join(choices)}."
        return None
    if question in ("project_name", "author_name") and not answer.strip():
        return "Use at least one character that is not a space."
    if question == "author_email" and not is_email(answer):
        return "Use an email address (for example you@example.com)."
    if question != "project_slug":
        return None
    if not is_slug(answer):
        return (
            "Use up to 60 lowercase letters and digits, starting with a letter; separate words "
            "with a single - or _ (for example my_api)."
        )
    if answer.replace("_", "-") in {*PACKAGES, *strategy_packages()}:
        return f"The project depends on a package with this name; use {answer}_api, for example."
    if answer in DEVICES:
        return f"Windows reserves this name; use {answer}_api, for example."
    return None


answers = {question: ANSWERS[question] for question in ANSWERS if not question.startswith("_")}
errors = {question: find_error(question, answer) for question, answer in answers.items()}
for question, message in errors.items():
    if message:
        print(f"Invalid {question} {ascii(answers[question])[:60]}. {message}", file=sys.stderr)
if any(errors.values()):
    # Cookiecutter removes only the last folder of a slug such as a/b/c: remove empty parents.
    folder = os.getcwd()
    parents = os.path.normpath(str(answers["project_slug"])).split(os.sep)[:-1]
    if parents and os.pardir not in parents and "" not in parents:
        os.chdir(os.path.join(*[os.pardir] * (len(parents) + 1)))
        try:
            for _ in [*parents, "project"]:
                os.rmdir(folder)
                folder = os.path.dirname(folder)
        except OSError:
            pass  # not empty
    sys.exit(1)
