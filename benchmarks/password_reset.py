"""
Compare the time of password resets for known and unknown addresses.

    uv run python -m benchmarks.password_reset

The mail server takes 200 ms for each email. The exit code is 1 if the medians differ by more than
10%, which would tell which addresses are known.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from statistics import median
from urllib.request import Request, urlopen

from benchmarks.run import UNTHROTTLED, render
from tests.support.environment import install
from tests.support.production import gunicorn
from tests.support.services import create_database, postgresql, redis

RUNS = 30
DELAY = 0.2  # seconds
AUTHS = ["session", "token", "djoser", "simplejwt"]
CREATE_USER = """
from accounts.models import User
User.objects.create_user("ursula", "ursula@example.com", "correct-horse-battery")
"""


class SlowMailServer(StreamRequestHandler):
    """Accept every email, but answer its text only after a delay."""

    received = 0

    def handle(self) -> None:
        self.wfile.write(b"220 localhost\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"DATA":
                self.wfile.write(b"354 Go ahead\r\n")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                time.sleep(DELAY)
                SlowMailServer.received += 1
            self.wfile.write(b"221 Bye\r\n" if command == b"QUIT" else b"250 OK\r\n")
            if command == b"QUIT":
                return


def seconds(url: str, headers: dict[str, str], email: str) -> float:
    """Ask for a link and return the seconds until the response."""
    headers = {**headers, "Content-Type": "application/json"}
    request = Request(url, json.dumps({"email": email}).encode(), headers)  # noqa: S310 # our server
    start = time.perf_counter()
    with urlopen(request, timeout=60) as response:  # noqa: S310
        response.read()
    return time.perf_counter() - start


def csrf_headers(api: str) -> dict[str, str]:
    with urlopen(f"{api}/auth/csrf/", timeout=60) as response:  # noqa: S310
        token = json.load(response)["csrf_token"]
        cookie = response.headers["Set-Cookie"].partition(";")[0]
    return {"X-CSRFToken": token, "Cookie": cookie}


def main() -> int:
    print("| | known address | unknown address | ratio |\n|---|---|---|---|")
    worst = 1.0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        projects = [render(folder, auth) for auth in AUTHS]
        environment = install(project.files["pyproject.toml"].decode() for project in projects)
        database, cache = stack.enter_context(postgresql()), stack.enter_context(redis())
        mail = stack.enter_context(ThreadingTCPServer(("127.0.0.1", 0), SlowMailServer))
        threading.Thread(target=mail.serve_forever, daemon=True).start()
        for number, project in enumerate(projects):
            variables = {
                **UNTHROTTLED,
                "LOGIN_THROTTLE_RATE": "off",
                "DATABASE_URL": create_database(database, project.auth),
                "CACHE_URL": f"{cache}/{number}",
                "EMAIL_URL": f"smtp://127.0.0.1:{mail.server_address[1]}",
            }
            before = SlowMailServer.received
            with gunicorn(project, environment, **variables) as (port, env):
                create_user = ["python", "manage.py", "shell", "-v0", "-c", CREATE_USER]
                subprocess.run(create_user, cwd=project.path, env=env, check=True)
                api = f"http://127.0.0.1:{port}/api/v1"
                headers = csrf_headers(api) if project.auth == "session" else {}
                djoser = project.auth == "djoser"
                reset = f"{api}/auth/{'users/reset_password' if djoser else 'password/reset'}/"
                times: dict[str, list[float]] = {"ursula": [], "nobody": []}
                for _ in range(RUNS + 1):  # the first request fills caches
                    for name, durations in times.items():
                        durations.append(seconds(reset, headers, f"{name}@example.com"))
            assert SlowMailServer.received == before + RUNS + 1
            known, unknown = (median(durations[1:]) for durations in times.values())
            worst = max(worst, known / unknown, unknown / known)
            cells = f"{known * 1000:.1f} ms | {unknown * 1000:.1f} ms | {known / unknown:.2f}"
            print(f"| `{project.auth}` | {cells} |", flush=True)
        mail.shutdown()
    return int(worst > 1.1)


if __name__ == "__main__":
    sys.exit(main())
