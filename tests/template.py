"""The migrated database with master data that every test process on SQLite begins with: made once, then copied.

Migrating alone is five seconds of processor for each process. The file is known by a digest of all that it is made of,
so a changed migration or table makes a new one.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

import django

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".test-database"
MADE_OF = ("luodi/*/migrations/*.py", "luodi/terms/*.py", "luodi/terms/data/*.csv", "tests/masterdata.py")


def _file() -> Path:
    made_of = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            made_of.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return KEPT / f"{made_of.hexdigest()[:32]}.sqlite3"


def copied(to: Path) -> bool:
    """Whether there was one to copy."""
    with contextlib.suppress(FileNotFoundError):
        shutil.copyfile(_file(), to)
        return True
    return False


def keep(database: Path) -> None:
    """Keep a database as it is now for the processes to come; those of an older make go."""
    file = _file()
    KEPT.mkdir(exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    with (
        contextlib.closing(sqlite3.connect(database)) as here,
        contextlib.closing(sqlite3.connect(unfinished)) as there,
    ):
        here.backup(there)
        there.execute("PRAGMA journal_mode = DELETE")
    unfinished.replace(file)
    for old in KEPT.glob("*.sqlite3"):
        if old != file:
            old.unlink(missing_ok=True)
