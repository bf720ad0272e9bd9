"""The fair turn between processes: it excludes, it serves in order, and a dead waiter or owner blocks nobody."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from luodi.trust.lock import turn

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="fair turns need open-file-description locks")

WORKER = """
import sys, time
from pathlib import Path
from luodi.trust.lock import turn
folder, name, hold = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
(folder / f"{name}.asks").touch()
with turn(folder / "turn"):
    with (folder / "order").open("a") as out:
        out.write(f"+{name}\\n"); out.flush()
    time.sleep(hold)
    with (folder / "order").open("a") as out:
        out.write(f"-{name}\\n")
"""


def _start(folder: Path, name: str, hold: float = 0.0) -> subprocess.Popen[bytes]:
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(folder), name, str(hold)])
    _until(lambda: (folder / f"{name}.asks").exists())
    time.sleep(0.05)  # from asking to drawing the ticket
    return worker


def _until(true: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


def _order(folder: Path) -> list[str]:
    file = folder / "order"
    return file.read_text().split() if file.exists() else []


def test_waiters_are_served_in_the_order_they_came(tmp_path: Path) -> None:
    with turn(tmp_path / "turn"):
        workers = [_start(tmp_path, name) for name in "abcd"]
        assert _order(tmp_path) == []
    for worker in workers:
        assert worker.wait(20) == 0
    assert _order(tmp_path) == ["+a", "-a", "+b", "-b", "+c", "-c", "+d", "-d"]


def test_a_killed_owner_lets_the_next_one_in(tmp_path: Path) -> None:
    owner = _start(tmp_path, "owner", hold=60)
    _until(lambda: "+owner" in _order(tmp_path))
    waiter = _start(tmp_path, "waiter")
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    assert waiter.wait(20) == 0
    assert _order(tmp_path) == ["+owner", "+waiter", "-waiter"]


def test_a_killed_waiter_neither_stalls_the_queue_nor_lets_two_in(tmp_path: Path) -> None:
    with turn(tmp_path / "turn"):
        dying = _start(tmp_path, "dying")
        last = _start(tmp_path, "last")
        os.kill(dying.pid, signal.SIGKILL)
        dying.wait()
        time.sleep(0.1)
        assert _order(tmp_path) == []
    assert last.wait(20) == 0
    assert _order(tmp_path) == ["+last", "-last"]
