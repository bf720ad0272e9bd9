"""Laws of the pharmacy, on both engines: stock is conserved, the last box goes once, nothing is half-written."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from luodi.orders.loop import Step
from luodi.orders.refusals import LoopMoved, LoopSkipped
from luodi.pharmacy import actions
from luodi.pharmacy.models import Dispense, Package
from luodi.stock import actions as stock
from luodi.stock import picking
from luodi.stock.models import Lot, Movement
from luodi.stock.picking import Need, Shelf
from luodi.stock.refusals import StockMoved, StockShort
from luodi.trust.refusal import Refusal
from tests.pharmacy.store import AMBROXOL, DAILY, LORATADINE, THREE_DAYS, Store, balanced

pytestmark = pytest.mark.law

TODAY = date(2026, 11, 23)


def together(jobs: Sequence[Callable[[], object]]) -> list[object]:
    """Run all jobs at once, each on a connection of its own; a job's answer is its result or its Refusal."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        try:
            gate.wait(20)
            return job()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_eight_dispensers_conserve_stock(open_store: Store) -> None:
    store = open_store
    tablets = [
        store.lot(AMBROXOL, "20", date.today() + timedelta(days=200), "A"),
        store.lot(AMBROXOL, "25", lot_no="B"),
    ]
    others = store.lot(LORATADINE, "100")
    pks = [store.ready("outpatient", *lines) for lines in [(THREE_DAYS, DAILY), (DAILY, THREE_DAYS)] * 4]
    answers = together([lambda rx=rx: actions.prepare(store.dispenser, rx, rev=store.rev(rx)) for rx in pks])
    short = [a for a in answers if isinstance(a, Refusal)]
    assert all(isinstance(a, StockShort) for a in short)
    assert len(short) == 3  # 45 tablets fill five of the eight prescriptions of nine
    assert sum(Lot.objects.get(pk=lot).on_hand for lot in tablets) == 0
    assert Lot.objects.get(pk=others).on_hand == 85
    assert Package.objects.count() == 10
    assert len(set(Package.objects.values_list("barcode", flat=True))) == 10
    assert balanced()


def test_the_last_box_goes_once(open_store: Store) -> None:
    store = open_store
    lot = store.lot(AMBROXOL, "9")
    one, other = store.ready("outpatient", THREE_DAYS), store.ready("outpatient", THREE_DAYS)
    answers = together([lambda rx=rx: actions.prepare(store.dispenser, rx, rev=store.rev(rx)) for rx in (one, other)])
    assert sum(isinstance(a, StockShort) for a in answers) == 1
    assert {store.step(one), store.step(other)} == {Step.PREPARED, Step.REVIEWED}
    assert Lot.objects.get(pk=lot).on_hand == 0
    assert balanced()


def test_two_people_prepare_one_prescription_once(open_store: Store) -> None:
    store = open_store
    lot = store.lot(AMBROXOL, "100")
    rx = store.ready("outpatient", THREE_DAYS)
    rev = store.rev(rx)
    answers = together([lambda: actions.prepare(store.dispenser, rx, rev=rev)] * 4)
    assert sum(isinstance(a, LoopMoved | LoopSkipped) for a in answers) == 3
    assert Lot.objects.get(pk=lot).on_hand == 91
    assert Dispense.objects.count() == 1
    assert balanced()


def test_undone_twice_at_once_puts_back_once(open_store: Store) -> None:
    store = open_store
    lot = store.lot(AMBROXOL, "50")
    rx = store.prepared("outpatient", THREE_DAYS)
    together([lambda: actions.unprepare(store.dispenser, rx, "damaged")] * 4)
    assert Lot.objects.get(pk=lot).on_hand == 50
    assert Movement.objects.filter(kind="return").count() == 1
    assert balanced()


def test_a_count_meets_a_moving_lot(open_store: Store) -> None:
    store = open_store
    lot = store.lot(AMBROXOL, "50")
    rx = store.ready("outpatient", THREE_DAYS)
    rev, seen = store.rev(rx), Lot.objects.get(pk=lot).rev
    approver = store.also("stock_approver").staff
    answers = together(
        [
            lambda: actions.prepare(store.dispenser, rx, rev=rev),
            lambda: stock.adjust(store.keeper, lot, Decimal(48), "routine", rev=seen, beside=approver),
        ]
    )
    assert not isinstance(answers[0], Refusal)
    assert Lot.objects.get(pk=lot).on_hand == (41 if isinstance(answers[1], StockMoved) else 39)
    assert balanced()


def test_the_database_itself_refuses_less_than_nothing(store: Store) -> None:
    lot = store.lot(AMBROXOL, "5")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.filter(pk=lot).update(on_hand=Decimal("-0.001"))
    row = Movement.objects.filter(lot=lot)
    for kind, qty in (("receipt", -1), ("dispense", 1), ("adjust", 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(kind=kind, qty=Decimal(qty))


def test_a_fault_in_the_middle_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lot = store.lot(AMBROXOL, "50")
    rx = store.ready("outpatient", THREE_DAYS)

    def broken(*_args: object) -> None:
        raise RuntimeError("power lost")

    monkeypatch.setattr("luodi.pharmacy.actions.dispensing._pack", broken)
    with pytest.raises(RuntimeError):
        actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    assert Lot.objects.get(pk=lot).on_hand == 50
    assert store.step(rx) == Step.REVIEWED
    assert not Dispense.objects.exists()
    assert balanced()


def test_parts_of_a_vial_add_up(store: Store) -> None:
    lot = store.lot(AMBROXOL, "0.3")
    row = Lot.objects.get(pk=lot)
    for counted in ("0.2", "0.1", "0.3", "0"):
        row.refresh_from_db()
        stock.adjust(
            store.keeper, lot, Decimal(counted), "miscounted", rev=row.rev, beside=store.also("stock_approver").staff
        )
        assert balanced()


quantities = st.decimals("0.001", "50", places=3)
shelves = st.lists(
    st.builds(
        lambda medicine, days, qty, state: (medicine, TODAY + timedelta(days=days), qty, state),
        st.sampled_from("AB"),
        st.integers(-3, 400),
        quantities,
        st.sampled_from(["usable", "usable", "usable", "quarantined", "recalled"]),
    ),
    max_size=12,
).map(lambda rows: [Shelf(n, m, f"L{n}", expiry, qty, state) for n, (m, expiry, qty, state) in enumerate(rows, 1)])
wanted = st.lists(st.builds(lambda m, q: Need(1, m, q), st.sampled_from("AB"), quantities), max_size=6)


@given(shelves, wanted)
def test_first_expired_first_out(lots: list[Shelf], needs: list[Need]) -> None:
    plan = picking.plan(needs, lots, TODAY)
    by_pk = {lot.lot: lot for lot in lots}
    short = {s.medicine for s in plan.shorts}
    taken = {lot.lot: sum((p.qty for p in plan.picks if p.lot == lot.lot), Decimal(0)) for lot in lots}
    assert all(p.qty > 0 for p in plan.picks)
    for pick in plan.picks:
        lot = by_pk[pick.lot]
        assert lot.state == "usable"
        assert lot.expiry >= TODAY
        assert lot.medicine == needs[pick.need].medicine
        assert lot.medicine not in short
    for lot in lots:
        assert taken[lot.lot] <= lot.on_hand
        earlier = [o for o in lots if o.medicine == lot.medicine and picking.usable(o, TODAY) and o.expiry < lot.expiry]
        if taken[lot.lot]:
            assert all(taken[o.lot] == o.on_hand for o in earlier)
    for position, need in enumerate(needs):
        got = sum((p.qty for p in plan.picks if p.need == position), Decimal(0))
        assert got == (0 if need.medicine in short else need.qty)
    for s in plan.shorts:
        held = sum(
            (lot.on_hand for lot in lots if lot.medicine == s.medicine and picking.usable(lot, TODAY)), Decimal(0)
        )
        assert (s.on_hand, s.on_hand < s.wanted) == (held, True)


@given(st.decimals("0.001", "1000", places=3), st.integers(1, 40))
def test_shares_add_up(qty: Decimal, parts: int) -> None:
    shares = picking.shares(qty, parts)
    assert len(shares) == parts
    assert sum(shares) == qty
    assert all(share >= 0 for share in shares)
