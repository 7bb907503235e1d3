"""Run a command in a terminal, and show what it prints as a page."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

from tests.support.environment import ENVIRONMENT

COLUMNS = 108
STYLE = f"""
body {{ margin: 0; padding: 20px 24px; background: #1e2430; color: #d6deeb; }}
pre {{ margin: 0; font: 14px/1.35 "DejaVu Sans Mono", monospace; }}
pre {{ width: {COLUMNS}ch; white-space: pre-wrap; word-break: break-all; }}
"""


def type_answers(command: list[str], answers: list[str], folder: Path) -> str:
    """Run a command in a terminal, and answer each prompt; return what the terminal shows."""
    env = {**ENVIRONMENT, "HOME": str(folder), "PWD": str(folder), "TERM": "xterm-256color"}
    terminal, device = pty.openpty()
    fcntl.ioctl(device, termios.TIOCSWINSZ, struct.pack("4H", 50, COLUMNS, 0, 0))
    with subprocess.Popen(
        command, cwd=folder, env=env, stdin=device, stdout=device, stderr=device
    ) as process:
        os.close(device)
        output, answered = b"", 0
        with suppress(OSError):  # at the end of the output
            while part := os.read(terminal, 4096):
                output += part
                # A prompt ends with the default in parentheses.
                if re.search(rb"\)(\x1b\[0m)?: \Z", output):
                    os.write(terminal, f"{answers[answered]}\n".encode())
                    answered += 1
    os.close(terminal)
    assert (process.returncode, answered) == (0, len(answers)), output.decode()
    return output.decode().replace("\r\n", "\n")


def page(output: str) -> str:
    """Return an HTML page that looks like a terminal with this output."""
    # The page wraps long lines where a terminal would.
    console = Console(record=True, width=1000, file=open(os.devnull, "w"))  # noqa: SIM115
    console.print(Text.from_ansi(output.rstrip()))
    code = console.export_html(theme=SVG_EXPORT_THEME, code_format="{code}", inline_styles=True)
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><pre>{code}</pre>"
