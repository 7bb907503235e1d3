"""Read and run the commands in a project's README."""

import json
import re
import subprocess
from http.cookiejar import MozillaCookieJar
from itertools import pairwise
from pathlib import Path

SERVE = " && uv run manage.py runserver"
# Fail if any request fails, even inside $(...) or a pipe. allauth also responds with 401 when a
# login continues with another step, and after a logout.
STRICT = """set -euo pipefail
curl() { command curl --fail-with-body "$@" || [[ "$*" == */auth/app/* ]]; }
"""
# Wait for the code in an email that the server prints.
READ_CODE = """CODE=$(until grep -oE '^[A-Z]{4}-[A-Z]{4}$' "$SERVER_LOG"; do sleep 0.1; done)"""


def section(readme: str, heading: str) -> str:
    found = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", readme, re.DOTALL | re.MULTILINE)
    assert found, heading
    return found[1]


def blocks(readme: str, heading: str) -> list[str]:
    """Return the blocks of commands in a section."""
    return re.findall(r"^```sh\n(.*?)^```$", section(readme, heading), re.DOTALL | re.MULTILINE)


def prepare(readme: str) -> str:
    """Return the command that sets up the project, without the part that starts the server."""
    command = blocks(readme, "Run")[0].strip()
    assert command.endswith(SERVE)
    return command.removesuffix(SERVE)


def login_commands(readme: str) -> str:
    """Return the commands of the section "Log in". They need the variable `SERVER_LOG`."""
    script = "\n".join(blocks(readme, "Log in"))
    return re.sub(r"^CODE=.*$", lambda _: READ_CODE, script, flags=re.MULTILINE)


def bash(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", STRICT + script],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


class Shell:
    """A shell to paste commands of a README into."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def __call__(self, line: str) -> str:
        """Run a line and return its output."""
        assert self.process.stdin
        assert self.process.stdout
        print(line, "printf '\\nend of output\\n'", sep="\n", file=self.process.stdin, flush=True)
        output = list(iter(self.process.stdout.readline, "end of output\n"))
        return "".join(output).removesuffix("\n")

    def arguments(self, curl: str) -> tuple[dict[str, str], dict[str, str]]:
        """Return the headers, including cookies, and the JSON body that a `curl` would send."""
        self("arguments() { printf '%s\\n' \"$@\"; }")
        words = self(curl.replace("curl", "arguments", 1)).splitlines()
        options = list(pairwise(words))
        headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
        cookies = MozillaCookieJar()
        for file in (value for option, value in options if option == "-b"):
            cookies.load(f"/proc/{self.process.pid}/cwd/{file}", True, True)
        headers["Cookie"] = "; ".join(f"{cookie.name}={cookie.value}" for cookie in cookies)
        (data,) = (json.loads(value) for option, value in options if option == "-d")
        return headers, data
