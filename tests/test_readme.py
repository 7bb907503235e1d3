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


@every_auth
def test_readme_leads_from_nothing_to_a_book_and_to_revocation(
    auth: str, bake: Bake, environment: Path
) -> None:
    folder = bake(auth=auth).path
    readme = (folder / "README.md").read_text("utf-8")
    # uv would install into an environment of the project; the tests have one already.
    env = ENVIRONMENT | {"UV_NO_SYNC": "1", "UV_PROJECT_ENVIRONMENT": str(environment / ".venv")}

    def bash(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", STRICT + script],
            cwd=folder,
            env=env,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    prepare = commands(readme, "Run it").strip()
    assert prepare.endswith(SERVE)
    assert bash(prepare.removesuffix(SERVE)).returncode == 0
    port = free_port()
    server = ["uv", "run", "manage.py", "runserver", "--noreload", str(port)]
    with running(server, lambda: answers(port), cwd=folder, env=env):
        script = commands(readme, "Authentication").replace(":8000", f":{port}")
        # The last request is the one that ends access: a second time, there is none to end.
        revoke = [line for line in script.splitlines() if line.startswith("curl ")][-1]
        pasted = bash(f"{script}\nset +e\n{revoke} -s -o answer.txt -w '\n%{{http_code}}'")
    assert '"title":"Kindred"' in pasted.stdout, pasted
    assert pasted.stdout.endswith("\n401"), pasted
