"""The commands in a project's README do what they say, pasted as they stand."""

import re
import subprocess
from pathlib import Path

from tests.conftest import ENVIRONMENT, Bake, every_auth
from tests.services import answers, free_port, running

SERVE = " && uv run manage.py runserver"
# Every request must succeed, also inside of $(…) and of a pipe.
STRICT = """set -euo pipefail
curl() { command curl --fail-with-body "$@"; }
"""


def commands(readme: str, heading: str) -> str:
    """Return the first block of commands below the heading."""
    found = re.search(rf"^## {heading}$.*?^```sh\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def variables(environment: Path) -> dict[str, str]:
    """Return what makes uv use the environment of the tests, rather than install another one."""
    return ENVIRONMENT | {
        "UV_NO_SYNC": "1",
        "UV_PROJECT_ENVIRONMENT": str(environment / ".venv"),
    }


def bash(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", STRICT + script],
        cwd=folder,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@every_auth
def test_readme_leads_from_nothing_to_a_book_and_to_revocation(
    auth: str, bake: Bake, environment: Path
) -> None:
    folder = bake(auth=auth).path
    readme = (folder / "README.md").read_text("utf-8")
    env = variables(environment)
    prepare = commands(readme, "Run it").strip()
    assert prepare.endswith(SERVE)
    assert bash(prepare.removesuffix(SERVE), folder, env).returncode == 0
    port = free_port()
    server = ["uv", "run", "manage.py", "runserver", "--noreload", str(port)]
    with running(server, lambda: answers(port), cwd=folder, env=env):
        script = commands(readme, "Authentication").replace(":8000", f":{port}")
        # The last request is the one that ends access: a second time, there is none to end.
        revoke = [line for line in script.splitlines() if line.startswith("curl ")][-1]
        script = f"{script}\nset +e\n{revoke} -s -o answer.txt -w '\n%{{http_code}}'"
        pasted = bash(script, folder, env)
    assert '"title":"Kindred"' in pasted.stdout, pasted
    assert pasted.stdout.endswith("\n401"), pasted


@every_auth
def test_commands_in_the_text_work(auth: str, bake: Bake, environment: Path) -> None:
    folder = bake(auth=auth).path
    readme = (folder / "README.md").read_text("utf-8")
    env = variables(environment) | {
        # `createsuperuser` would ask for these.
        "DJANGO_SUPERUSER_USERNAME": "ada",
        "DJANGO_SUPERUSER_EMAIL": "ada@example.com",
        "DJANGO_SUPERUSER_PASSWORD": "correct-horse-battery",
    }
    written = re.findall(r"`(uv run manage\.py [^`]+)`", readme)
    # `startapp` is followed by what it tells to do in test_resource.py.
    commands_in_text = [command for command in written if " startapp " not in command]
    assert len(commands_in_text) >= 2
    prepare = commands(readme, "Run it").strip().removesuffix(SERVE)
    for command in [prepare, *commands_in_text]:
        asked = command + " --noinput" if command.endswith("createsuperuser") else command
        result = bash(asked, folder, env)
        assert result.returncode == 0, (command, result)
