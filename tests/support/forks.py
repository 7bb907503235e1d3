"""
Run modules such as `pytest` or `mypy` in forks of one interpreter.

The interpreter has already imported what every project imports, which takes most of the time of a
short command. Each line of standard input is a command, each line of standard output an exit code.
The environment variable TIMEOUT limits the time of a command, in seconds.
"""

import contextlib
import importlib
import json
import os
import runpy
import signal
import sys
import traceback
from typing import Any

# A missing module only costs time. Do not list modules that need settings, or plugins of pytest,
# which pytest has to import itself.
PRELOADED = """
    _pytest.assertion.rewrite _pytest.config _pytest.python _pytest.terminal coverage
    django.contrib.admin.options django.contrib.staticfiles django.core.handlers.wsgi
    django.core.management django.db.backends.sqlite3.base django.db.models django.forms
    django.template django.test.client django.views.debug
    argon2 corsheaders cryptography.x509 environs inflection jsonschema jwt mypy.main redis requests
    social_core uritemplate whitenoise.middleware yaml
"""


def run(module: str, arguments: list[str]) -> int:
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0


def fork(folder: str, output: str, environment: dict[str, str], command: list[str]) -> int:
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    code = 1
    try:
        file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for standard in (1, 2):
            os.dup2(file, standard)
        os.chdir(folder)
        os.environ.update(environment)
        signal.alarm(int(os.environ.get("TIMEOUT", 0)))
        sys.path[0] = folder
        module, *arguments = command
        code = run(module, arguments)
    except BaseException:  # noqa: BLE001 -- a fork must never return
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    for module in PRELOADED.split():
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    for line in sys.stdin:
        job: dict[str, Any] = json.loads(line)
        print(fork(**job), flush=True)


if __name__ == "__main__":
    main()
