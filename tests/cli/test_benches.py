"""Benchmarks of screens and search, run tiny on a hospital of their own, on SQLite. Nothing here is timed."""

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import ROOT, surroundings

RUN = "import sys, pathlib; from luodi.cli import bench; bench.FOLDER = pathlib.Path(sys.argv[1]); "
RUN += "bench.run('tiny', quick=True, engine='sqlite')"
TINY = """
from benchmarks import {name}


def main(*, quick, engine):
    from luodi.simulator import seed

    seed.hospital()
    return {name}.measured({sizes})
"""


def measured(tmp_path: Path, name: str, sizes: str) -> tuple[dict, dict[str, dict]]:
    (tmp_path / "tiny.py").write_text(TINY.format(name=name, sizes=sizes))
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path)], cwd=ROOT, env=surroundings(tmp_path / "data"), capture_output=True,
        text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    return told, {result["metric"]: result for result in told["results"]}


def test_every_search_finds_whom_it_should_among_sealed_patients(tmp_path: Path) -> None:
    told, found = measured(tmp_path, "search", "60, 40, 6")
    assert told["errors"] == 0
    assert told["patients"] == 60
    assert found.keys() >= {
        "name_p95",
        "id_number_p95",
        "initials_two_p95",
        "phone_last_four_p95",
        "commonest_both_p95",
    }
    assert found["id_number_p95"]["found"] == 1
    assert all(result["found"] >= 1 for result in found.values())


def test_every_listener_is_told_every_call(tmp_path: Path) -> None:
    told, found = measured(tmp_path, "listeners", "12, 4")
    assert told["errors"] == 0
    assert found["listeners"]["value"] == 12
    assert found["delivered"]["value"] == 1
    assert found["delay_p95"]["value"] > 0
    assert found["live_memory"]["value"] > found["live_memory"]["floor"] / 2


def test_a_small_morning_has_no_error(tmp_path: Path) -> None:
    told, found = measured(tmp_path, "morning", '6, 6.0, 5, ["doctor1", "doctor2"]')
    assert (told["errors"], told["wrong"]) == (0, [])
    assert found["register_p95"]["times"] == 6
    assert found["finish_p95"]["times"] >= 1
    assert found["listening"]["value"] == 5


def test_a_check_of_five_drugs_against_twenty_reads_all_that_is_known(tmp_path: Path) -> None:
    told, found = measured(tmp_path, "check", "20")
    assert told["errors"] == 0
    assert told["drugs"] == 2000
    assert told["pairs"] > 20_000
    assert found["check_ms_p95"]["value"] > found["check_ms_p95"]["floor"] > 0
    assert found["checks_per_s"]["value"] > 0
