"""Use projects with clients that are generated from their OpenAPI documents."""

from __future__ import annotations

import fcntl
import json
import shutil
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.environment import ENVIRONMENT, TEMPLATE
from tests.support.production import gunicorn
from tests.support.rendering import AUTHS, Bake, style_for
from tests.support.services import find

SOURCES = Path(__file__).with_name("clients")
# The author of the book that the programs create, and a book that their filters must exclude
PREPARE = """
from accounts.models import User
from books.models import Author, Book

author = Author.objects.create(name="Octavia E. Butler")
owner = User.objects.create_user("librarian")
Book.objects.create(title="Wild Seed", year_published=1980, author=author, owner=owner)
"""
# Create a user, without a password that requests could guess, and print headers that authenticate.
CREDENTIALS = """
import json, sys
from accounts.models import User
from rest_framework.test import APIClient
from tests.clients import log_in

staff = "{role}" == "staff"
user = User.objects.create_user("{role}", "{role}@example.com", is_staff=staff, is_superuser=staff)
client = APIClient(SERVER_NAME="localhost", HTTP_X_FORWARDED_PROTO="https")
log_in(client, user)
headers = {{
    name.removeprefix("HTTP_").replace("_", "-").title(): value
    for name, value in client._credentials.items()
}}
if client.cookies:
    headers["Cookie"] = client.cookies.output(attrs=[], header="", sep=";").strip()
print(json.dumps(headers))
"""
OUTPUT = """\
{username} has logged in.
Created Kindred (1979) by Octavia E. Butler in fiction, owned by {username}
Found 1: Kindred; last page
Latest: Wild Seed
title: This field may not be blank.
author: Invalid pk "0" - object does not exist.
description: no errors
Moved Kindred to reference
Deleted: 204
No Book matches the given query.
"""

pytestmark = pytest.mark.clients


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """Run a command and return its standard output. Failures fail the test."""
    result = subprocess.run(
        command,
        cwd=cwd,
        env=ENVIRONMENT | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@dataclass
class Service:
    """A project that is served over HTTPS with production settings."""

    auth: str
    folder: Path
    url: str
    env: dict[str, str]
    certificate: Path

    def run(self, *command: str, **variables: str) -> str:
        return run(*command, cwd=self.folder, **self.env | variables)

    def manage(self, *command: str, **variables: str) -> str:
        return self.run("python", "manage.py", *command, **variables)

    def shell(self, code: str, **variables: str) -> str:
        return self.manage("shell", "-v0", "-c", code, **variables)


def create_certificate(folder: Path) -> tuple[Path, Path]:
    """Create a self-signed certificate for localhost; return its path and that of its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    options = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    options += " -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ("-out", certificate, "-keyout", key)
    run(find("openssl"), "req", *options.split(), *files, cwd=folder)
    return certificate, key


@pytest.fixture(
    scope="module",
    params=[pytest.param(auth, marks=pytest.mark.xdist_group(f"clients-{auth}")) for auth in AUTHS],
)
def service(
    request: pytest.FixtureRequest,
    bake: Bake,
    environment: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    auth = request.param
    project = bake(auth=auth, view_style=style_for(auth))
    certificate, key = create_certificate(tmp_path_factory.mktemp("certificate"))
    variables = {
        "ALLOWED_HOSTS": "localhost",
        "NUM_PROXIES": "0",
        "SECURE_SSL_REDIRECT": "true",
        "GUNICORN_CMD_ARGS": f"--certfile={certificate} --keyfile={key}",
        "ANON_THROTTLE_RATE": "off",
        "USER_THROTTLE_RATE": "off",
        "LOGIN_THROTTLE_RATE": "10000/min",
        "ACCOUNT_THROTTLE_RATE": "10000/min",
    }
    with gunicorn(project, environment, **variables) as (port, env):
        url = f"https://localhost:{port}"
        service = Service(auth, project.path, url, env, certificate)
        service.shell(PREPARE)
        yield service


@pytest.fixture(scope="module")
def document(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OpenAPI document that the project serves."""
    context = ssl.create_default_context(cafile=service.certificate)
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    path = tmp_path_factory.mktemp("document") / "openapi.yaml"
    with opener.open(f"{service.url}/api/schema/", timeout=30) as response:
        path.write_bytes(response.read())
    return path


@pytest.fixture(scope="module")
def node_modules() -> Path:
    """Install the packages for Node.js; return their folder."""
    npm, folder = find("npm"), TEMPLATE / ".cache" / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copy(SOURCES / "package.json", folder)
        run(npm, "install", "--no-package-lock", "--no-audit", "--no-fund", cwd=folder)
    return folder / "node_modules"


def account(service: Service, username: str) -> dict[str, str]:
    """Create an account if the program cannot register; return the variables it needs."""
    create = "from accounts.models import User; user = User.objects.create_user"
    if service.auth == "allauth":  # registration requires a code from an email
        address = "from allauth.account.models import EmailAddress; EmailAddress.objects.create"
        service.shell(
            f"{create}('{username}', '{username}@example.com', 'correct-horse-battery'); "
            f"{address}(user=user, email=user.email, verified=True, primary=True)"
        )
    if service.auth == "api_key":
        service.shell(f"{create}('{username}')")
        scopes = ["--scope=read", "--scope=write"]
        key = service.manage("create_api_key", username, "--name=clients", *scopes)
        return {"API_KEY": key.strip()}
    return {}


def test_document_follows_recommended_rules(document: Path, node_modules: Path) -> None:
    redocly, config = node_modules / ".bin" / "redocly", SOURCES / "redocly.yaml"
    lint = (redocly, "lint", "--format=json", f"--config={config}", document.name)
    report = json.loads(run(*lint, cwd=document.parent))
    assert report["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}, report["problems"]


def login_program(service: Service, extension: str) -> Path:
    return TEMPLATE / "templates" / "auth" / service.auth / "_clients" / f"login.{extension}"


def test_typescript_client(
    service: Service, document: Path, node_modules: Path, tmp_path: Path
) -> None:
    (tmp_path / "node_modules").symlink_to(node_modules)
    for source in ("package.json", "program.ts", "tsconfig.json"):
        shutil.copy(SOURCES / source, tmp_path)
    shutil.copy(login_program(service, "ts"), tmp_path)
    programs = node_modules / ".bin"
    run(programs / "openapi-typescript", document, "--output=openapi.d.ts", cwd=tmp_path)
    run(programs / "tsc", cwd=tmp_path)
    output = run(
        *("node", "build/program.js", service.url, "typescript"),
        cwd=tmp_path,
        NODE_EXTRA_CA_CERTS=str(service.certificate),
        **account(service, "typescript"),
    )
    assert output == OUTPUT.format(username="typescript")


def test_python_client(service: Service, document: Path, tmp_path: Path) -> None:
    shutil.copy(SOURCES / "program.py", tmp_path)
    shutil.copy(login_program(service, "py"), tmp_path)
    module = (sys.executable, "-m")
    options = ["--output-path=api_client", "--meta=none", "--fail-on-warning"]
    run(
        *(*module, "openapi_python_client", "generate", f"--path={document}", *options),
        cwd=tmp_path,
    )
    # Do not report errors in the generated modules.
    check = ["--strict", "--follow-imports=silent", "program.py", "login.py"]
    run(*module, "mypy", *check, cwd=tmp_path)
    output = run(
        *(sys.executable, "program.py", service.url, "python"),
        cwd=tmp_path,
        SSL_CERT_FILE=str(service.certificate),
        **account(service, "python"),
    )
    assert output == OUTPUT.format(username="python")


@pytest.mark.parametrize("role", ["user", "staff"])
def test_schemathesis_finds_no_errors(role: str, service: Service) -> None:
    # With NUM_PROXIES, Django trusts the header that makes requests of the test client HTTPS.
    headers = json.loads(service.shell(CREDENTIALS.format(role=role), NUM_PROXIES="1"))
    headers["Referer"] = service.url  # for the CSRF check
    output = service.run(
        *("schemathesis", "run", f"{service.url}/api/schema/"),
        *(f"--header={name}: {value}" for name, value in headers.items()),
        *(f"--tls-verify={service.certificate}", "--seed=1", "--max-examples=5"),
        # Logging in or out can end the session or revoke the token that other requests need.
        "--exclude-path-regex=log(in|out)/",
    )
    # Schemathesis warns if every request to an operation returns 401.
    assert "401 Unauthorized" not in output, output
