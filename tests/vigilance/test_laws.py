"""Laws of a recall, on both engines: whatever runs beside it, nothing of the lot goes on, and everybody is found."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from luodi.pharmacy import actions as pharmacy
from luodi.pharmacy.models import HandOver, Picked
from luodi.stock import actions as stock
from luodi.stock.models import Lot
from luodi.trust import clock, ledger
from luodi.trust.refusal import Refusal
from luodi.vigilance import actions, queries
from luodi.vigilance.models import RecallCase, RecallLot
from luodi.ward.models import Administration
from tests.orders.place import refused
from tests.pharmacy.store import FAR, balanced
from tests.vigilance.safe import AMBROXOL, MONDAY, THREE_DAYS, Safe
from tests.ward.scene import hire

pytestmark = pytest.mark.law


def together(jobs: Sequence[Callable[[], object]]) -> list[object]:
    """Run all jobs at once, each on a connection of its own; a job's answer is its result or its Refusal."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            with clock.at(MONDAY):
                gate.wait(20)
                return job()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_a_recall_beside_everything_else(open_safe: Safe) -> None:
    safe = open_safe
    waiting = [safe.ready("outpatient", THREE_DAYS) for _ in range(3)]
    baskets = [safe.prepared("outpatient", THREE_DAYS) for _ in range(2)]
    checked = [safe.prepared("outpatient", THREE_DAYS) for _ in range(2)]
    for rx in checked:
        pharmacy.check(safe.checker, rx, safe.codes(rx), rev=safe.rev(rx))
    revs = {rx: safe.rev(rx) for rx in (*waiting, *baskets, *checked)}
    codes = {rx: safe.codes(rx) for rx in baskets}
    keeper = hire("keeper2", "stock_keeper", safe.units["W1"])
    asked = ["name", "birth_date"]
    jobs: list[Callable[[], object]] = [partial(safe.recall, "A1")]
    jobs += [partial(pharmacy.prepare, safe.dispenser, rx, rev=revs[rx]) for rx in waiting]
    jobs += [partial(pharmacy.check, safe.checker, rx, codes[rx], rev=revs[rx]) for rx in baskets]
    jobs += [partial(pharmacy.hand_over, safe.checker, rx, rev=revs[rx], asked=asked) for rx in checked]
    jobs += [partial(stock.receive, keeper, AMBROXOL, "A1", FAR, Decimal(40))]
    answers = together(jobs)
    case = answers[0]
    assert isinstance(case, int), answers
    # whatever came first, afterwards every lot of the number stands recalled, in both units
    assert set(Lot.objects.filter(medicine=AMBROXOL, lot_no="A1").values_list("state", flat=True)) == {"recalled"}
    found = queries.recall(case)
    assert found.trace is not None
    assert found.trace.sums.gap == 0
    assert balanced()
    # everybody who holds some is on the list, also who was served in the same instant
    handed = set(HandOver.objects.values_list("dispense__prescription__patient", flat=True))
    assert {one.patient for one in found.people} == handed
    for patient in handed:
        actions.contact(safe.recaller, case, patient, "told", "phone")
    # and from here on nothing of it moves: not picked, not checked, not handed over
    picked, given_out = Picked.objects.count(), HandOver.objects.count()
    rest = [
        *(partial(pharmacy.prepare, safe.dispenser, rx, rev=safe.rev(rx)) for rx in waiting),
        *(partial(pharmacy.check, safe.checker, rx, safe.codes(rx), rev=safe.rev(rx)) for rx in baskets),
        *(partial(pharmacy.hand_over, safe.checker, rx, rev=safe.rev(rx), asked=asked) for rx in (*checked, *baskets)),
        partial(stock.receive, keeper, AMBROXOL, "A1", FAR, Decimal(40)),
    ]
    assert all(isinstance(answer, Refusal) for answer in together(rest))
    assert (picked, given_out) == (Picked.objects.count(), HandOver.objects.count())
    ledger.seal()
    assert ledger.verify().ok


def test_at_the_bedside_a_recalled_package_stays_in_the_ward(open_safe: Safe) -> None:
    safe = open_safe
    rx = safe.inpatient()
    doses = safe.doses(rx)[:3]
    with clock.at(doses[0].planned_at):
        safe.give(doses[0])
        safe.recall()
    for dose in doses[1:]:
        with clock.at(dose.planned_at), refused("package_blocked"):
            safe.give(dose)
    assert Administration.objects.filter(outcome="given").count() == 1
    (one,) = queries.recall(RecallCase.objects.get().pk).people
    assert sorted(piece.where for piece in one.pieces) == ["given", *["ward"] * 8]


def test_of_two_recalls_at_once_one_is_opened(open_safe: Safe) -> None:
    answers = together([partial(open_safe.recall, "A1")] * 4)
    assert sum(isinstance(answer, int) for answer in answers) == 1, answers
    assert RecallCase.objects.count() == 1
    case = RecallCase.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecallLot.objects.create(case=case, medicine=AMBROXOL, lot_no="A1")
    assert balanced()
