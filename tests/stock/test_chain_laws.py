"""Stock conserved: in any order of acts, by eight at once, and through kill -9, on both engines."""

import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from luodi.stock import actions as stock
from luodi.stock.models import Cargo, Movement, Transfer, Use
from luodi.trust import ledger
from luodi.trust.refusal import Refusal
from tests.orders.place import relate
from tests.pharmacy.test_laws import together
from tests.stock.chain import AMBROXOL, Chain, conserved
from tests.stock.mixed import Crew, work

pytestmark = pytest.mark.law

WRITER = """
import json, sys, django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from tests.stock.mixed import Crew, work
crew, seed = Crew.told(json.loads(sys.argv[2])), int(sys.argv[3])
while True:
    work(crew, seed, 1)
    print(seed, flush=True)
    seed += 1
"""


def crew_of(chain: Chain) -> Crew:
    return Crew(
        chain.central, chain.pharmacy, chain.supplier, chain.keeper, chain.second, chain.dispensary, chain.approver
    )


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_conserves_stock(chain: Chain, seed: int) -> None:
    for turn in range(8):
        work(crew_of(chain), seed * 100 + turn, 5)
        assert conserved()
    assert len(set(Movement.objects.values_list("kind", flat=True))) >= 3


def test_eight_at_once_conserve_stock(open_chain: Chain) -> None:
    crew = crew_of(open_chain)
    for _each in range(4):
        open_chain.deliver(qty="500")
    done = together([lambda seed=seed: work(crew, seed, 12) for seed in range(8)])
    assert not [each for each in done if isinstance(each, Refusal)]
    assert sum(each for each in done if isinstance(each, int)) > 20
    assert {"receipt", "send"} <= set(Movement.objects.values_list("kind", flat=True))
    assert conserved()


def test_one_transfer_is_received_or_cancelled_never_both(open_chain: Chain) -> None:
    open_chain.deliver()
    pk = open_chain.sent()
    cargo = {each.pk: each.on_way for each in Cargo.objects.all()}
    answers = together(
        [lambda: stock.receive_transfer(open_chain.dispensary, pk, cargo, rev=1)] * 2
        + [lambda: stock.cancel_transfer(open_chain.keeper, pk, "取消", rev=1)] * 2
    )
    assert sum(isinstance(each, Refusal) for each in answers) == 3
    assert Movement.objects.filter(kind__in=["arrive", "back"]).count() == 1
    assert open_chain.held(open_chain.central) + open_chain.held(open_chain.pharmacy) == 100
    assert conserved()


def test_a_dose_goes_back_into_the_cabinet_once(open_chain: Chain) -> None:
    chain, patient = open_chain, open_chain.store.place.patient()
    relate(chain.nurse, patient, chain.nurse.unit)
    chain.deliver()
    pk = stock.refill(chain.nurse, chain.cabinet, chain.central, [(AMBROXOL, Decimal(10))])
    stock.send(chain.keeper, pk, {AMBROXOL: Decimal(10)}, rev=0)
    stock.receive_refill(chain.nurse, pk, {each.pk: each.on_way for each in Cargo.objects.all()}, rev=1)
    together([lambda: stock.use(chain.nurse, chain.cabinet, AMBROXOL, Decimal(2), patient, idempotency="once")] * 4)
    use = Use.objects.get()
    together([lambda: stock.unuse(chain.nurse, use.pk, "取消")] * 4)
    assert Movement.objects.filter(kind="unuse").count() == 1
    assert chain.held(chain.cabinet) == 10
    assert conserved()


def test_kill_9_in_the_middle_conserves_stock(open_chain: Chain, tmp_path: Path) -> None:
    open_chain.deliver(qty="500")
    crew = json.dumps(crew_of(open_chain))
    for turn, seconds in enumerate((0.1, 0.3, 0.5)):
        out = tmp_path / f"done-{turn}"
        with out.open("wb") as file:
            name = str(connection.settings_dict["NAME"])
            command = [sys.executable, "-c", WRITER, name, crew, str(turn * 1000)]
            writer = subprocess.Popen(command, stdout=file, cwd=Path(__file__).parents[2])
            end = time.monotonic() + 60
            while not out.stat().st_size and time.monotonic() < end:
                time.sleep(0.02)
            time.sleep(seconds)
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
        assert out.read_text(), "nothing was done"
        assert conserved()
    assert Transfer.objects.exists() or Movement.objects.count() > 1
    ledger.seal()
    assert ledger.verify().ok
