import gzip
import json
import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import sentry_sdk
from django.urls import reverse


@pytest.fixture
def sentry(load_settings):
    """Send errors to a local server. Return a function that returns what it has received."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Encoding"] == "gzip"
            received.append(gzip.decompress(body).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    def flush():
        sentry_sdk.flush()
        return received

    with ThreadingHTTPServer(("localhost", 0), Handler) as server:
        Thread(target=server.serve_forever, args=[0.01]).start()
        try:
            dsn = f"http://key@localhost:{server.server_port}/1"
            load_settings(SENTRY_DSN=dsn, no_proxy="localhost")
            yield flush
        finally:
            sentry_sdk.get_client().close()
            sentry_sdk.get_global_scope().set_client(None)
            server.shutdown()


def fail(*args):
    logging.getLogger("api").warning("Before the error")
    raise RuntimeError("broken")


def test_sentry_receives_errors_without_secrets(
    sentry, live_server, user_client, user, monkeypatch
):
    monkeypatch.setattr("accounts.serializers.UserSerializer.to_representation", fail)
    cookies = {name: morsel.value for name, morsel in user_client.cookies.items()}
    headers = {
        name.removeprefix("HTTP_").replace("_", "-"): value
        for name, value in user_client._credentials.items()
    }
    secrets = [*" ".join(headers.values()).split(), *cookies.values()]
    secrets += ["hidden", "203.0.113.1", "127.0.0.1", user.username]
    headers |= {
        "Content-Type": "application/json",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Referer": "https://app.example.com/hidden-1",
        "X-Forwarded-For": "203.0.113.1",
    }
    url = f"{live_server}{reverse('me')}"
    body = json.dumps({"first_name": "hidden-2"}).encode()
    request = Request(f"{url}?token=hidden-3", body, headers, method="PATCH")  # noqa: S310
    with pytest.raises(HTTPError, match="500"):
        urlopen(request, timeout=30)  # noqa: S310
    received = sentry()
    (event,) = [
        json.loads(line)
        for envelope in received
        for line in envelope.splitlines()
        if "RuntimeError" in line
    ]
    assert event["request"] == {"method": "PATCH", "url": url}
    # With Redis, they would contain the session key.
    assert not event["breadcrumbs"]["values"]
    for secret in secrets:
        assert secret not in "".join(received)
