"""How the command speaks: one clear line, Chinese first; JSON where a program reads it."""

import json
import sys
from typing import Any, NoReturn

_RED, _GREEN, _PLAIN = "\033[31m", "\033[32m", "\033[0m"


class Stop(Exception):
    """Ends the command with one line for the person and an exit status."""

    def __init__(self, zh: str, en: str = "", *, status: int = 1) -> None:
        super().__init__(f"{zh} / {en}" if en else zh)
        self.status = status


def say(zh: str, en: str = "") -> None:
    """One line on standard output."""
    sys.stdout.write((f"{zh} / {en}" if en else zh) + "\n")
    sys.stdout.flush()


def mark(good: bool, text: str) -> None:
    """A line with a tick or a cross; colour only on a terminal."""
    sign = "✓" if good else "✗"
    if sys.stdout.isatty():
        sign = f"{_GREEN if good else _RED}{sign}{_PLAIN}"
    say(f"{sign} {text}")


def tell(facts: Any) -> None:
    """One JSON document on standard output."""
    say(json.dumps(facts, ensure_ascii=False, default=str))


def fail(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(text.replace("\n", " ") + "\n")


def stop(zh: str, en: str = "") -> NoReturn:
    """End the command now."""
    raise Stop(zh, en)
