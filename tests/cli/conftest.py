"""The command as a person runs it: a process of its own on a folder of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Command = Callable[..., "subprocess.CompletedProcess[str]"]


def _command(data: Path) -> Command:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LUODI_", "DJANGO_"))}
    environment |= {"LUODI_MODE": "trial", "LUODI_HOSTS": "127.0.0.1", "LUODI_DATA": str(data)}

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
