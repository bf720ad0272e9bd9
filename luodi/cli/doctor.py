"""`luodi doctor`: what this machine lacks, and the one command that mends each."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from luodi.cli import postgres
from luodi.cli.place import point
from luodi.cli.say import Stop

CHROMIUM = "apt-get install -y chromium"
FONT = "apt-get install -y fonts-wqy-microhei"
POSTGRESQL = "apt-get install -y postgresql"


class Finding(NamedTuple):
    """One thing looked at. needed: a hospital cannot do without it; the others serve tests and benchmarks."""

    what: str
    good: bool
    mend: str
    needed: bool


def chromium() -> str:
    """Path of a Chromium, "" where there is none."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )


def chinese_font() -> bool:
    """True where fontconfig knows a font with Chinese."""
    if not shutil.which("fc-list"):
        return False
    done = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True)  # noqa: S607
    return bool(done.stdout.strip())


def postgresql() -> bool:
    """True where the server programs are found."""
    try:
        postgres.programs()
    except postgres.Missing:
        return False
    return True


def for_tests() -> list[Finding]:
    """What the tests need beyond Python's packages."""
    return [
        Finding("Chromium", bool(chromium()), CHROMIUM, needed=False),
        Finding("中文字体 Chinese font", chinese_font(), FONT, needed=False),
        Finding("PostgreSQL", postgresql(), POSTGRESQL, needed=False),
    ]


def _hospital(folder: Path) -> Iterator[Finding]:
    from luodi.cli.place import open_hospital

    try:
        open_hospital(folder)
    except Stop as stop:
        yield Finding(str(stop), False, "luodi keys; LUODI_MODE=…", needed=True)
        return
    from luodi.web.health import CHECKS, NAME_BOTH, faults

    wrong = faults()
    mend = {"migrations": "luodi migrate", "root_key": "luodi keys", "disk": "释放磁盘空间 free some disk space"}
    if NAME_BOTH in wrong.get("root_key", ""):
        mend["root_key"] = 'root_key = "新 new; 旧 old"'
    for name in CHECKS:
        words = f"{name}: {wrong[name]}" if name in wrong else name
        yield Finding(words, name not in wrong, mend.get(name, "deploy/README.md"), needed=True)


def examine(data: Path | None) -> list[Finding]:
    """Everything, the machine first; the hospital only where a data folder exists."""
    folder = point(data)
    version = ".".join(map(str, sys.version_info[:3]))
    found = [Finding(f"Python {version}", sys.version_info >= (3, 11), "apt-get install -y python3", needed=True)]
    found += for_tests()
    if folder.exists():
        found += _hospital(folder)
    return found
