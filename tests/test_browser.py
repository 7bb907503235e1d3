"""Visit a project with Chromium."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.support.production import gunicorn
from tests.support.rendering import Bake, Project
from tests.support.services import answers, find, free_port, nginx, replace, running, serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HOST = "api.example.com"
PAGE = f"{HOST}/admin/login/"


@contextmanager
def plain_server() -> Iterator[tuple[int, list[str]]]:
    """Run a server for plain HTTP; yield its port and a growing list of the requested paths."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as port:
        yield port, paths


def create_certificate(folder: Path) -> str:
    """Write a self-signed certificate and its key; return the hash of the public key."""
    options = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    options += f" -subj /CN={HOST} -addext subjectAltName=DNS:{HOST}"
    openssl = find("openssl")
    for command in (
        f"req {options} -keyout privkey.pem -out fullchain.pem",
        "pkey -in privkey.pem -pubout -outform DER -out public.der",
    ):
        subprocess.run([openssl, *command.split()], cwd=folder, check=True, capture_output=True)
    return base64.b64encode(hashlib.sha256((folder / "public.der").read_bytes()).digest()).decode()


@contextmanager
def tls_proxy(project: Project, server: int, certificate: Path) -> Iterator[int]:
    """Run nginx with the lines that the README adds for HTTPS; yield the port for HTTPS."""
    (lines,) = re.findall(r"^```nginx\n(.*?)^```$", project.text("README.md"), re.DOTALL | re.M)
    port = free_port()
    lines = replace(lines, "listen 443 ", f"listen 127.0.0.1:{port} ")
    lines = lines.replace("/etc/nginx/tls", str(certificate))
    with nginx(project.text("nginx.conf"), [server], listen=lines):
        yield port


@contextmanager
def chromium(
    profile: Path, ports: dict[int, int], trusted_key: str
) -> Iterator[Callable[[str], str]]:
    """
    Run Chromium; yield a function that visits a URL and returns the URL of the page.

    The host is on this machine, with these ports instead of 80 and 443.
    """
    port = free_port()
    driver = [find("chromedriver"), f"--port={port}"]

    def command(method: str, path: str, data: object = None) -> object:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}",
            json.dumps(data).encode() if data is not None else None,
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.build_opener().open(request, timeout=60) as response:
            return json.load(response)["value"]

    rules = [f"MAP {HOST}:{public} 127.0.0.1:{ours}" for public, ours in ports.items()]
    arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-proxy-server",
        f"--user-data-dir={profile}",
        # Without HSTS, Chromium itself would try HTTPS first.
        "--disable-features=HttpsUpgrades",
        # Ignoring all certificate errors would also ignore the HSTS header.
        f"--ignore-certificate-errors-spki-list={trusted_key}",
        f"--host-resolver-rules={', '.join(rules)}",
    ]

    options = {"binary": find("chromium"), "args": arguments}
    capabilities = {"alwaysMatch": {"goog:chromeOptions": options}}
    with running(driver, partial(answers, port)):
        session = command("POST", "/session", {"capabilities": capabilities})
        assert isinstance(session, dict)
        path = f"/session/{session['sessionId']}"

        def visit(url: str) -> str:
            command("POST", f"{path}/url", {"url": url})
            return str(command("GET", f"{path}/url"))

        try:
            yield visit
        finally:
            command("DELETE", path)


def test_browser_uses_https_after_the_first_visit(
    bake: Bake, environment: Path, tmp_path: Path
) -> None:
    project = bake()
    key = create_certificate(tmp_path)
    variables = {"SECURE_SSL_REDIRECT": "true", "ALLOWED_HOSTS": HOST}
    with (
        gunicorn(project, environment, **variables) as (server, _),
        tls_proxy(project, server, tmp_path) as port,
        plain_server() as (plain_port, plain_paths),
        chromium(tmp_path / "profile", {443: port, 80: plain_port}, trusted_key=key) as visit,
    ):
        # Before the first visit over HTTPS, the browser uses plain HTTP.
        assert visit(f"http://{PAGE}") == f"http://{PAGE}"
        assert "/admin/login/" in plain_paths
        assert visit(f"https://{PAGE}") == f"https://{PAGE}"
        plain_paths.clear()
        assert visit(f"http://{PAGE}") == f"https://{PAGE}"
        assert plain_paths == []
