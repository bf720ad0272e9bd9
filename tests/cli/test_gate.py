"""The promise of the gate by the commands alone: weighed, worked on, backed up, restored, worked on, replayed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Place, copied, new_place

pytestmark = pytest.mark.law


def told(place: Place, *words: str) -> Any:
    done = place(*words)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def work(place: Place, *words: str) -> Any:
    return told(place, "-m", "tests.cli.gatework", *words)


def test_a_gate_replays_after_backup_restore_and_further_work(founded: Place, tmp_path: Path) -> None:
    place = copied(founded, tmp_path / "data", "demo")
    assert place("seed").returncode == 0
    told(place, "simulate", "--visits", "12", "--seed", "3", "--json")
    weighing = str(work(place, "weigh")["weighing"])
    frozen = work(place, "replay", weighing)
    assert frozen["same"]
    assert frozen["verdict"] == "pass"
    assert frozen["signed"] == [True]
    assert all("None" not in pair for pair in frozen["figures"])

    work(place, "go-on", "700100")
    assert place("backup", str(tmp_path / "b"), "--with-keys").returncode == 0
    (source,) = (tmp_path / "b").iterdir()
    restored = new_place(tmp_path / "again")._replace(mode="demo")
    done = restored("restore", str(source))
    assert done.returncode == 0, done.stderr
    assert work(restored, "replay", weighing) == frozen

    told(restored, "simulate", "--visits", "8", "--seed", "5", "--json")
    later = str(work(restored, "go-on", "700200")["weighing"])
    assert restored.opens()
    assert work(restored, "replay", weighing) == frozen
    fresh = work(restored, "replay", later)
    assert fresh["same"]
    assert fresh["head"] > frozen["head"]
    assert fresh["figures"] != frozen["figures"], "the further work is seen by a weighing of its own"
