"""A dump of the test's database restored into another one, with the connection pointed at the copy."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from luodi.cli.postgres import programs


@contextmanager
def restored(folder: Path) -> Iterator[None]:
    """Dump now, restore into a new database, and work in that one inside the block."""
    copy = _sqlite(folder) if connection.vendor == "sqlite" else _postgresql(folder)
    connection.close()
    original = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        if connection.vendor == "postgresql":
            _run("dropdb", copy)


def _sqlite(folder: Path) -> str:
    target = str(folder / "copy.sqlite3")
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
    return target


def _postgresql(folder: Path) -> str:
    name, dump = f"{connection.settings_dict['NAME']}_copy", str(folder / "dump")
    _run("pg_dump", "--format=custom", f"--file={dump}", connection.settings_dict["NAME"])
    _run("createdb", name)
    _run("pg_restore", "--no-owner", f"--dbname={name}", dump)
    return name


def _run(program: str, *words: str) -> None:
    where = connection.settings_dict
    keys = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(where[key]) for name, key in keys.items() if where.get(key)}
    subprocess.run([str(programs() / program), *words], check=True, env=os.environ | given)
