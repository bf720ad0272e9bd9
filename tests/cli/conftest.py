"""The command as a person runs it: a process of its own on a folder (and a database) of its own."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import ENGINE

ROOT = Path(__file__).parents[2]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


def surroundings(data: Path, database: str = "", mode: str = "trial") -> dict[str, str]:
    """The environment of a hospital's processes, with nothing of this process's own settings."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("LUODI_", "DJANGO_"))}
    clean |= {"LUODI_MODE": mode, "LUODI_HOSTS": "127.0.0.1", "LUODI_DATA": str(data)}
    return clean | ({"LUODI_DATABASE": database} if database else {})


def _command(data: Path) -> Command:
    environment = surroundings(data)

    def run(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "luodi", *words],
            cwd=ROOT, env=environment | settings, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip

    return run


@pytest.fixture
def luodi(tmp_path: Path) -> Command:
    """`luodi("migrate")` runs the command on a trial hospital in tmp_path/data, which is not there yet."""
    return _command(tmp_path / "data")


@pytest.fixture(scope="session")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("prepared") / "data"
    command = _command(data)
    assert command("keys").returncode == 0
    migrated = command("migrate")
    assert migrated.returncode == 0, migrated.stderr
    return data


@pytest.fixture
def trial(luodi: Command, _prepared: Path, tmp_path: Path) -> Command:
    """A prepared, empty hospital, a copy of its own for each test."""
    shutil.copytree(_prepared, tmp_path / "data")
    return luodi


class Place(NamedTuple):
    """A hospital of this run's engine: its folder, and its database where that is PostgreSQL."""

    data: Path
    database: str
    mode: str = "trial"

    def start(self, *words: str, **settings: str) -> "subprocess.Popen[str]":
        """Begin a command on it."""
        return subprocess.Popen(
            [sys.executable, *(words if words[0] == "-m" else ("-m", "luodi", *words))],
            cwd=ROOT, env=surroundings(*self) | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL, text=True, start_new_session=True,
        )  # fmt: skip

    def __call__(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run a command on it to its end."""
        process = self.start(*words, **settings)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def opens(self) -> bool:
        """True where it is a whole hospital: its ledger verifies."""
        return self("ledger", "verify").returncode == 0

    def tables(self) -> set[str]:
        """What stands in the PostgreSQL database."""
        import psycopg

        with psycopg.connect(self.database) as link:
            return {row[0] for row in link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def new_place(data: Path, template: str = "template0") -> Place:
    """A folder that is not there yet and, on PostgreSQL, a database that is empty or a copy of `template`."""
    if ENGINE == "sqlite":
        return Place(data, "")
    import psycopg

    server, name = os.environ["LUODI_DATABASE"].rsplit("/", 1)[0], f"place_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return Place(data, f"{server}/{name}")


def copied(place: Place, data: Path, mode: str = "trial") -> Place:
    """The same hospital once more."""
    shutil.copytree(place.data, data)
    return new_place(data, place.database.rpartition("/")[2] or "template0")._replace(mode=mode)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A prepared hospital of this run's engine with its keys; it is copied, never changed."""
    place = new_place(tmp_path_factory.mktemp("founded") / "data")
    for word in ("keys", "migrate"):
        done = place(word)
        assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def standing(founded: Place, tmp_path: Path) -> Place:
    """A copy of `founded` for one test."""
    return copied(founded, tmp_path / "data")
