"""The nginx.conf of a project: slow clients, limits, headers and errors."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.support.environment import in_environment
from tests.support.production import gunicorn
from tests.support.readme import STRICT, blocks, login_commands
from tests.support.rendering import Bake, Project, Projects, every_auth
from tests.support.services import free_port, nginx, replace, serving

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("services")]

CLIENTS = 50
HEADERS = b"POST /api/v1/auth/login/ HTTP/1.1\r\nHost: localhost\r\n"
SLOW_HEADERS = HEADERS + b"X-Slow: "
SLOW_BODY = HEADERS + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def project(auth: str, bake: Bake) -> Project:
    return bake(auth=auth)


@pytest.fixture(scope="module")
def config(projects: Projects) -> str:
    return next(iter(projects.values())).text("nginx.conf")


def connect(port: int, data: bytes, address: str = "127.0.0.1") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), 30, (address, 0))
    client.sendall(data)
    return client


@contextmanager
def slow_clients(port: int, *beginnings: bytes) -> Iterator[list[socket.socket]]:
    """Hold 50 connections open that begin with one of these texts and then send single bytes."""
    stop = Event()

    def send(clients: list[socket.socket]) -> None:
        while not stop.wait(2):
            for client in clients:
                with suppress(OSError):  # the proxy has closed it
                    client.send(b"1")

    with ExitStack() as stack:
        beginnings *= CLIENTS // len(beginnings)
        clients = [stack.enter_context(connect(port, beginning)) for beginning in beginnings]
        thread = Thread(target=send, args=[clients])
        thread.start()
        try:
            yield clients
        finally:
            stop.set()
            thread.join()


def log_in(project: Project, port: int, env: dict[str, str]) -> str:
    """Run the commands in the section "Log in" of the README with a time limit."""
    limited = replace(STRICT, "command curl", "command curl --max-time 20")
    script = login_commands(project.text("README.md")).replace(":8000", f":{port}")
    result = subprocess.run(
        ["bash", "-c", limited + script],
        cwd=project.path,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return result.stdout


def status(port: int, path: str, seconds: int = 20) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@every_auth
def test_slow_clients_do_not_stop_the_service(project: Project, environment: Path) -> None:
    with (
        gunicorn(project, environment) as (server, env),
        nginx(project.text("nginx.conf"), [server]) as port,
        slow_clients(port, SLOW_HEADERS, SLOW_BODY),
    ):
        for _ in range(20):
            assert status(port, "/health/live/") == 200
            assert status(port, "/api/v1/books/") == 200
        assert '"title":"Kindred"' in log_in(project, port, env)


def is_stopped_by(port: int, *beginnings: bytes) -> bool:
    with slow_clients(port, *beginnings), suppress(TimeoutError):
        return status(port, "/health/live/", seconds=3) != 200
    return status(port, "/health/live/") == 200  # it recovers


def test_slow_clients_stop_a_service_without_a_buffering_proxy(
    bake: Bake, environment: Path, config: str
) -> None:
    unbuffered = replace(config, "proxy_request_buffering on;", "proxy_request_buffering off;")
    with gunicorn(bake(), environment) as (server, _):
        assert is_stopped_by(server, SLOW_HEADERS)
        assert is_stopped_by(server, SLOW_BODY)
        with nginx(unbuffered, [server]) as port:
            assert is_stopped_by(port, SLOW_BODY)
        with nginx(config, [server]) as port:
            assert not is_stopped_by(port, SLOW_HEADERS, SLOW_BODY)


def test_check_in_the_readme_detects_whether_the_proxy_buffers(
    bake: Bake, environment: Path
) -> None:
    project = bake()
    (check,) = (
        block for block in blocks(project.text("README.md"), "Deploy") if "--max-time" in block
    )

    def run_check(port: int) -> subprocess.CompletedProcess[str]:
        script = check.replace("https://api.example.com", f"http://127.0.0.1:{port}")
        command = ["bash", "-c", script]
        return subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)

    with gunicorn(project, environment) as (server, _):
        with nginx(project.text("nginx.conf"), [server]) as port:
            buffered = run_check(port)
        direct = run_check(server)
    assert (buffered.returncode, buffered.stdout) == (0, '{"status": "ok"}')
    assert (direct.returncode, direct.stdout) == (28, "")  # curl's code for a timeout


class Recorder(BaseHTTPRequestHandler):
    """A server that responds with the headers and the length of the body of each request."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        received = len(self.rfile.read(length))
        headers = {name.lower(): self.headers.get_all(name) for name in self.headers}
        body = json.dumps({"headers": headers, "length": received}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 -- the name is that of http.server

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def recorder() -> Iterator[int]:
    with serving(Recorder) as port:
        yield port


def test_proxy_replaces_headers_that_the_project_trusts(config: str, recorder: int) -> None:
    given = {
        "Host": "api.example.com:8000",
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Request-ID": "given-1",
        "Authorization": "Token a",
    }
    with nginx(config, [recorder]) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/", headers=given)
        headers = json.load(connection.getresponse())["headers"]
    expected = given | {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"}
    assert {name: headers[name.lower()] for name in expected} == {
        name: [value] for name, value in expected.items()
    }


def test_proxy_announces_the_length_of_a_body_that_arrives_in_chunks(
    config: str, recorder: int
) -> None:
    with nginx(config, [recorder]) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/", iter([b"12345", b"67890"]), encode_chunked=True)
        received = json.load(connection.getresponse())
    assert received["length"] == 10
    assert received["headers"]["content-length"] == ["10"]
    assert "transfer-encoding" not in received["headers"]


def test_proxy_accepts_bodies_of_the_same_size_as_the_project(
    projects: Projects, environment: Path, config: str, recorder: int
) -> None:
    project = next(iter(projects.values()))
    code = "from django.conf import settings; print(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)"
    env = in_environment(
        environment, {"DEBUG": "true", "DJANGO_SETTINGS_MODULE": "config.settings"}
    )
    output = subprocess.check_output(["python", "-c", code], cwd=project.path, env=env)
    limit = int(output)
    with nginx(config, [recorder]) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/", b" " * limit)
        assert json.load(connection.getresponse())["length"] == limit
        connection.putrequest("POST", "/")
        connection.putheader("Content-Length", str(limit + 1))
        connection.endheaders()
        response = connection.getresponse()
        assert response.status == 413
        assert json.load(response) == {"detail": f"Request body exceeds {limit} bytes."}


@contextmanager
def response_to(
    port: int, data: bytes, address: str = "127.0.0.1"
) -> Iterator[http.client.HTTPResponse]:
    with connect(port, data, address) as client:
        response = http.client.HTTPResponse(client)
        response.begin()
        yield response


@pytest.mark.parametrize(
    ("expected", "data"),
    [
        (400, b"INVALID\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\n\r\n"),
        (405, b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (413, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n"),
        (414, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
        (431, b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n"),
        (501, b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
        (502, REQUEST),
        (505, b"GET / HTTP/9.0\r\nHost: a\r\n\r\n"),
    ],
)
def test_errors_of_the_proxy_are_json(config: str, expected: int, data: bytes) -> None:
    with nginx(config, [free_port()]) as port, response_to(port, data) as response:
        body = json.load(response)
    assert response.status == expected
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Server"] == "nginx"  # without the version
    assert response.headers["Cache-Control"] == "no-store"
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-ID"])
    assert body.keys() == {"detail"}


def test_proxy_limits_the_requests_of_an_address(config: str, recorder: int) -> None:
    with nginx(config, [recorder]) as port, ExitStack() as stack:
        data = HEADERS + b"Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"
        for _ in range(100):
            client = stack.enter_context(connect(port, data))
            assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        with response_to(port, REQUEST) as response:
            assert response.status == 503
            assert json.load(response) == {"detail": "Too many connections."}
        with response_to(port, REQUEST, "127.0.0.2") as response:
            assert response.status == 200


def test_proxy_disconnects_clients_that_pause(config: str, recorder: int) -> None:
    with (
        nginx(config, [recorder]) as port,
        connect(port, SLOW_HEADERS) as headers,
        connect(port, SLOW_BODY) as body,
    ):
        assert is_closed(headers)
        assert is_closed(body)


def is_closed(client: socket.socket) -> bool:
    """Wait up to 30 seconds until the server closes the connection."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def test_proxy_disconnects_clients_that_send_headers_slowly(config: str, recorder: int) -> None:
    with nginx(config, [recorder]) as port, slow_clients(port, SLOW_HEADERS) as clients:
        assert all(map(is_closed, clients))


def test_proxy_logs_its_own_errors_without_secrets(
    config: str, recorder: int, tmp_path: Path
) -> None:
    # The log of all requests has another path, which depends on how nginx was built.
    assert "access_log off;" in config
    log = tmp_path / "nginx.log"
    data = b"GET /path/?token=s3cret HTTP/1.1\r\nHost: a\r\nAuthorization: s3cret\r\n"
    data += b"X-Request-ID: given-1\r\n\r\n"
    with nginx(config, [recorder], log=log) as port, response_to(port, data) as response:
        assert response.status == 200
    assert log.read_text("utf-8") == ""
    with nginx(config, [free_port()], log=log) as port, response_to(port, data) as response:
        assert response.headers["X-Request-ID"] == "given-1"
    text = log.read_text("utf-8")
    assert "s3cret" not in text
    entry = json.loads(text)
    assert entry["message"] == "nginx: GET /path/ 502"
    assert entry["request_id"] == "given-1"
