"""Run the commands of a project's README as they are written."""

import re
from pathlib import Path

from tests.support.environment import for_uv
from tests.support.readme import bash, login_commands, prepare
from tests.support.rendering import Bake, every_auth
from tests.support.services import answers, free_port, running


@every_auth
def test_commands_for_login_create_a_book_and_revoke_access(
    auth: str, bake: Bake, environment: Path
) -> None:
    folder = bake(auth=auth).path
    readme = (folder / "README.md").read_text("utf-8")
    env = {**for_uv(environment), "SERVER_LOG": f"{folder}/server.log"}
    assert bash(prepare(readme), folder, env).returncode == 0
    port = free_port()
    server = ["uv", "run", "manage.py", "runserver", "--noreload", str(port)]
    with running(server, lambda: answers(port), cwd=folder, env=env):
        script = login_commands(readme).replace(":8000", f":{port}")
        lines = [line for line in script.splitlines() if "curl " in line]
        # The last request revokes access, so creating a book fails the second time. With simplejwt,
        # it revokes the refresh token, so the request itself fails the second time.
        again = lines[-1] if auth == "simplejwt" else next(x for x in lines if "$API/books/" in x)
        script = f"{script}\nset +e\n{again} -s -o answer.txt -w '\n%{{http_code}}'"
        pasted = bash(script, folder, env)
    assert '"title":"Kindred"' in pasted.stdout, pasted
    assert pasted.stdout.endswith("\n401"), pasted


@every_auth
def test_commands_within_the_text_succeed(auth: str, bake: Bake, environment: Path) -> None:
    folder = bake(auth=auth).path
    readme = (folder / "README.md").read_text("utf-8")
    env = for_uv(environment) | {
        # `createsuperuser` would prompt for these.
        "DJANGO_SUPERUSER_USERNAME": "ada",
        "DJANGO_SUPERUSER_EMAIL": "ada@example.com",
        "DJANGO_SUPERUSER_PASSWORD": "correct-horse-battery",
    }
    commands = re.findall(r"`(uv run manage\.py [^`]+)`", readme)
    assert len(commands) >= 2
    for command in [prepare(readme), *commands]:
        option = " --noinput" if command.endswith("createsuperuser") else ""
        result = bash(command + option, folder, env)
        assert result.returncode == 0, (command, result)
