"""Kill -9 of a writer in mid-write loses no acknowledged act, and the ledger stays whole."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from luodi.trust import ledger
from luodi.trust.models import Entry, Unit
from tests.trust.conftest import People

pytestmark = [pytest.mark.law]

WRITER = """
import sys, django
from django.conf import settings
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from luodi.trust import actions
from luodi.trust.actor import Actor
by = Actor(*(int(p) if p.isdigit() else p for p in sys.argv[2].split(",")))
number = 0
while True:
    code = f"k{sys.argv[3]}-{number}"
    actions.new_unit(by, code, code, code, "office")
    print(code, flush=True)
    number += 1
"""


def _acknowledged(people: People, turn: int, seconds: float, folder: Path) -> list[str]:
    by = people.system
    who = f"{by.staff},{by.post},{by.unit},{by.device},,{by.session}"
    out = folder / f"acknowledged-{turn}"
    with out.open("wb") as file:
        name = str(connection.settings_dict["NAME"])
        writer = subprocess.Popen([sys.executable, "-c", WRITER, name, who, str(turn)], stdout=file)
        end = time.monotonic() + 30
        while not out.stat().st_size and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(seconds)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
    lines = out.read_text().split("\n")
    return [line for line in lines[:-1] if line]


def test_no_acknowledged_act_is_lost_to_kill_9(lasting_people: People, tmp_path: Path) -> None:
    for turn, seconds in enumerate((0.05, 0.2, 0.35)):
        acknowledged = _acknowledged(lasting_people, turn, seconds, tmp_path)
        assert acknowledged
        kept = set(Unit.objects.filter(code__startswith=f"k{turn}-").values_list("code", flat=True))
        assert set(acknowledged) <= kept
        # at most the one act that was committed and not yet answered
        assert len(kept) - len(acknowledged) <= 1
        assert Entry.objects.filter(verb="unit.new").count() == Unit.objects.filter(code__startswith="k").count()
    ledger.seal()
    assert ledger.verify().ok
