"""Remove what this project has no use for, which came out empty, and say what comes next."""

import os
import sys

# This stands in the temporary folder, where anybody may have put a file with a module's name.
if not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

# Python's own literals, which nothing in an answer can end.
ANSWERS: dict[str, str] = {{ dict(cookiecutter.items() | rejectattr(1, "mapping")) }}  # type: ignore # noqa: F821 # fmt: skip
PLAIN = set("-./0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")


def quoted(text: str) -> str:
    """Quote for a POSIX shell, in ASCII."""
    if set(text) <= PLAIN:
        return text
    if text.isascii():
        return "'" + text.replace("'", r"'\''") + "'"
    octal = "".join(chr(b) if chr(b) in PLAIN else f"\\{b:03o}" for b in os.fsencode(text))
    return f"\"$(printf '{octal}')\""


def useless(path: str) -> bool:
    """Tell a file that has come out empty, or that says so: an empty migration is an error."""
    with open(path, "rb") as file:
        line = file.readline()
    return not line or line.rstrip() == b"# This project has no use for it."


for folder, _, files in os.walk(".", topdown=False):
    for name in files:
        path = os.path.join(folder, name)
        if name != "__init__.py" and useless(path):
            os.remove(path)
    if set(os.listdir(folder)) <= {"__init__.py"}:
        for name in os.listdir(folder):
            os.remove(os.path.join(folder, name))
        os.rmdir(folder)

template = ANSWERS.get("_template", "TEMPLATE")
# A path that Cookiecutter was given counts from where it was started, not from here.
local = os.path.normpath(os.path.join(os.environ.get("PWD", ""), template))
if os.path.isfile(os.path.join(local, "cookiecutter.json")):
    template = local
again = ["cookiecutter", template, "--no-input"]
if ANSWERS.get("_checkout"):
    again += ["--checkout", ANSWERS["_checkout"]]
again += [f"{name}={answer}" for name, answer in ANSWERS.items() if not name.startswith("_")]
summary = f"""
Made {ANSWERS["project_slug"]}: auth {ANSWERS["auth"]}, view style {ANSWERS["view_style"]}. Next:

    cd {quoted(os.getcwd())}
    cp .env.example .env
    uv run manage.py migrate && uv run manage.py runserver

The same again, in another folder:

    {" ".join(map(quoted, again))}

"""
# What cruft renders in the temporary folder, it compares and throws away.
temporary = os.path.dirname(os.path.realpath(__file__))
if "_commit" in ANSWERS and os.path.dirname(os.path.dirname(os.getcwd())) == temporary:
    summary = ""
try:
    print(summary, end="", flush=True)
except OSError:
    # Nobody reads it. A failure here would make Cookiecutter remove the project.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
