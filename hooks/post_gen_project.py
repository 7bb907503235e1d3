"""Remove the files that the strategy does not use, and print the next steps."""

import os
import sys

# Do not import modules from the temporary folder that hooks run in: anyone can write to it.
if not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

# Answers are rendered as Python literals, so that none of them can add code.
ANSWERS: dict[str, str] = {{ dict(cookiecutter.items() | rejectattr(1, "mapping")) }}  # type: ignore # noqa: F821 # fmt: skip


def is_empty(path: str) -> bool:
    return os.path.getsize(path) == 0


def is_unused(path: str) -> bool:
    """Return whether a file is empty or only the placeholder of a migration."""
    if os.path.basename(os.path.dirname(path)) != "migrations":
        return is_empty(path)
    with open(path, encoding="utf-8") as file:
        return file.readline().startswith("# This strategy has no models;")


def quote(text: str) -> str:
    """Quote an argument for a POSIX shell. Importing shlex takes longer than this whole hook."""
    return "'" + text.replace("'", "'\\''") + "'"


# A project that is rendered again can have other empty files and folders, for example in .git/.
for root in ("authentication", os.path.join("tests", "authentication")):
    for folder, _, files in os.walk(root, topdown=False):
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith(".py") and name != "__init__.py" and is_unused(path):
                os.remove(path)
        left = [os.path.join(folder, name) for name in os.listdir(folder)]
        if all(os.path.basename(path) == "__init__.py" and is_empty(path) for path in left):
            for path in left:
                os.remove(path)
            os.rmdir(folder)

template = ANSWERS.get("_template", "TEMPLATE")
# A relative path is relative to the folder that Cookiecutter was started in.
local = os.path.normpath(os.path.join(os.environ.get("PWD", ""), template))
if os.path.isfile(os.path.join(local, "cookiecutter.json")):
    template = local
command = ["uvx", "cookiecutter", quote(template), "--no-input"]
if ANSWERS.get("_checkout"):
    command += ["--checkout", quote(ANSWERS["_checkout"])]
command += [
    f"{name}={quote(answer)}" for name, answer in ANSWERS.items() if not name.startswith("_")
]
summary = f"""
Created {ANSWERS["project_slug"]} (auth: {ANSWERS["auth"]}, view style: {ANSWERS["view_style"]}).

Next, install uv (https://docs.astral.sh/uv/getting-started/installation/) and run:

    cd {quote(os.getcwd())}
    cp .env.example .env
    uv run manage.py migrate
    uv run manage.py createsuperuser
    uv run manage.py runserver

To render the same project again, run in another folder:

    {" ".join(command)}

"""
# cruft renders into a temporary folder to compare; its users do not need a summary.
temporary = os.path.dirname(os.path.realpath(__file__))
if "_commit" in ANSWERS and os.path.dirname(os.path.dirname(os.getcwd())) == temporary:
    summary = ""
# A console that cannot show a character must not make the hook fail.
sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
try:
    print(summary, end="", flush=True)
except OSError:
    # The output is closed. If the hook failed, Cookiecutter would remove the project.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
