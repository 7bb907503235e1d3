"""
CPU time of rendering a project, beside that of `django-admin startproject`, in one run.

    uv run --with "django<6" python benchmarks/rendering.py
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
# Both run from compiled modules, whatever the shell says.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
COMMANDS = {
    "django-admin startproject": ["-m", "django", "startproject", "my_api"],
    "cookiecutter": ["-m", "cookiecutter", "--no-input", "--default-config", str(TEMPLATE)],
}


def cpu_time(command: list[str]) -> float:
    """Return the seconds that a command, and what it started, spent on a processor."""
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
        cpu_time(command)  # unmeasured: the first run compiles and reads from disk
    # By turns, so that whatever else the machine does slows both alike.
    times = [[cpu_time(command) for command in COMMANDS.values()] for _ in range(RUNS)]
    medians = [median(column) for column in zip(*times, strict=True)]
    for name, seconds in zip(COMMANDS, medians, strict=True):
        print(f"{name:<28} {1000 * seconds:6.0f} ms")
    ratio = median(rendering / startproject for startproject, rendering in times)
    print(f"{'ratio':<28} {ratio:6.2f}")


if __name__ == "__main__":
    main()
