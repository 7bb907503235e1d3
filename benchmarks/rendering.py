"""
Compare the CPU time of rendering a project with that of `django-admin startproject`.

    uv run --with "django<6" python -m benchmarks.rendering
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

TEMPLATE = Path(__file__).resolve().parent.parent
RUNS = 25
# Let Python cache compiled modules, even if the shell disables it.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
COMMANDS = {
    "django-admin startproject": ["-m", "django", "startproject", "my_api"],
    "cookiecutter": ["-m", "cookiecutter", "--no-input", "--default-config", str(TEMPLATE)],
}


def cpu_time(command: list[str]) -> float:
    """Return the CPU time of a command and its child processes in seconds."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as temporary:
        before = getrusage(RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            env={**ENVIRONMENT, "TMPDIR": temporary},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    for command in COMMANDS.values():
        cpu_time(command)  # warm up: the first run compiles modules and reads from disk
    # Alternate, so that other load on the machine affects both equally.
    times = [[cpu_time(command) for command in COMMANDS.values()] for _ in range(RUNS)]
    medians = [median(column) for column in zip(*times, strict=True)]
    for name, seconds in zip(COMMANDS, medians, strict=True):
        print(f"{name:<28} {1000 * seconds:6.0f} ms")
    ratio = median(rendering / startproject for startproject, rendering in times)
    print(f"{'ratio':<28} {ratio:6.2f}")


if __name__ == "__main__":
    main()
