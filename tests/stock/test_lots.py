"""药库: receive, open, count, quarantine, recall, minimum."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from luodi.stock import actions as stock
from luodi.stock import queries, refusals
from luodi.stock.actions import Receipt
from luodi.stock.models import Account, Count, Lot, LotChange
from luodi.trust.people import WrongCredentials
from luodi.trust.refusal import Forbidden
from tests.pharmacy.store import AMBROXOL, FAR, LORATADINE, Store, balanced

GTIN = "09506000134352"
YESTERDAY = date(2026, 11, 22)


def row(store: Store, medicine: str = AMBROXOL) -> queries.StockRow:
    return next(r for r in queries.stock(store.keeper.unit) if r.medicine == medicine)


def test_goods_of_one_lot_add_up(store: Store) -> None:
    first = store.lot(AMBROXOL, "100")
    assert store.lot(AMBROXOL, "50.5") == first
    assert store.lot(AMBROXOL, "1", lot_no="A2") != first
    assert row(store).usable == Decimal("151.5")
    assert balanced()


@pytest.mark.parametrize(
    "wrong",
    [
        {"medicine": "M9999"},
        {"lot_no": "  "},
        {"lot_no": "x" * 33},
        {"expiry": YESTERDAY},
        {"qty": Decimal(0)},
        {"qty": Decimal(-1)},
        {"qty": Decimal("NaN")},
        {"qty": Decimal("Infinity")},
        {"qty": Decimal("1e9")},
        {"qty": Decimal("0.0001")},
    ],
)
def test_a_senseless_receipt_is_refused(store: Store, wrong: dict) -> None:
    goods = {"medicine": AMBROXOL, "lot_no": "A1", "expiry": FAR, "qty": Decimal(1)} | wrong
    with pytest.raises(refusals.BadStock):
        stock.receive(store.keeper, **goods)
    assert not Lot.objects.exists()


def test_goods_that_expire_today_may_still_come_in(store: Store) -> None:
    store.lot(AMBROXOL, "1", YESTERDAY + timedelta(days=1))
    assert row(store).usable == 1


def test_an_opening_is_entered_once(store: Store) -> None:
    goods = [Receipt(AMBROXOL, "A1", FAR, Decimal(10)), Receipt(LORATADINE, "B1", FAR, Decimal(20), "C-3")]
    assert stock.open_stock(store.keeper, goods) == 2
    with pytest.raises(refusals.BadStock):
        stock.open_stock(store.keeper, goods)
    assert row(store).usable == 10
    assert balanced()


def test_a_product_code_is_learned_and_guards_the_next_receipt(store: Store) -> None:
    stock.receive(store.keeper, AMBROXOL, "A1", FAR, Decimal(1), product=GTIN)
    assert queries.product(GTIN) == AMBROXOL
    with pytest.raises(refusals.BadStock):
        stock.receive(store.keeper, LORATADINE, "B1", FAR, Decimal(1), product=GTIN)


@pytest.mark.parametrize(
    ("counted", "reason", "kind"), [("48", "routine", "adjust"), ("60", "found", "adjust"), ("45", "damaged", "waste")]
)
def test_a_count_becomes_one_movement(store: Store, counted: str, reason: str, kind: str) -> None:
    lot = store.lot(AMBROXOL, "50")
    rev = Lot.objects.get(pk=lot).rev
    difference = stock.adjust(
        store.keeper, lot, Decimal(counted), reason, rev=rev, beside=store.also("stock_approver").staff
    )
    assert difference == Decimal(counted) - 50
    assert (queries.movements(lot)[0].kind, queries.movements(lot)[0].balance) == (kind, Decimal(counted))
    assert Count.objects.get().expected == 50
    assert balanced()


def test_a_difference_is_approved_by_another(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    rev = Lot.objects.get(pk=lot).rev
    approver, helper = store.also("stock_approver"), store.also("dispenser")
    for beside in (None, store.keeper.staff, helper.staff):
        with pytest.raises(refusals.OtherPerson):
            stock.adjust(store.keeper, lot, Decimal(48), "lost", rev=rev, beside=beside)
    with pytest.raises(WrongCredentials):
        stock.adjust(store.keeper, lot, Decimal(48), "lost", rev=rev, approver=("nobody", "x"))
    assert (row(store).usable, Count.objects.count()) == (50, 0)
    stock.adjust(store.keeper, lot, Decimal(48), "lost", rev=rev, beside=approver.staff)
    assert Count.objects.get().approver_id == approver.staff
    with pytest.raises(IntegrityError), transaction.atomic():
        Count.objects.update(approver=store.keeper.staff)
    assert balanced()


def test_a_large_difference_needs_who_may_approve_that_much(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lot = store.lot(AMBROXOL, "50")
    Account.objects.update(cost=Decimal(1))
    monkeypatch.setattr("luodi.stock.figures.number", lambda _name: Decimal("1.5"))
    rev = Lot.objects.get(pk=lot).rev
    with pytest.raises(refusals.TooLarge):
        stock.adjust(store.keeper, lot, Decimal(48), "lost", rev=rev, beside=store.also("stock_approver").staff)
    head = store.also("pharmacy_head").staff
    assert stock.adjust(store.keeper, lot, Decimal(48), "lost", rev=rev, beside=head) == -2


def test_a_count_that_agrees_is_kept_without_a_movement(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    assert stock.adjust(store.keeper, lot, Decimal(50), "routine", rev=Lot.objects.get(pk=lot).rev) == 0
    assert len(queries.movements(lot)) == 1
    assert Count.objects.count() == 1


def test_a_count_of_another_moment_is_refused(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    rev = Lot.objects.get(pk=lot).rev
    store.lot(AMBROXOL, "10")
    with pytest.raises(refusals.StockMoved):
        stock.adjust(store.keeper, lot, Decimal(50), "routine", rev=rev)
    assert row(store).usable == 60


def test_quarantine_and_release_are_rows(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    rev = Lot.objects.get(pk=lot).rev
    stock.quarantine(store.keeper, lot, "外包装受潮", rev=rev)
    assert (row(store).usable, row(store).blocked) == (0, 50)
    with pytest.raises(refusals.BadStock):
        store.lot(AMBROXOL, "10")
    stock.release(store.keeper, lot, "检验合格", rev=rev + 1)
    assert row(store).usable == 50
    assert list(LotChange.objects.values_list("state", flat=True)) == ["quarantined", "usable"]


def test_a_recalled_lot_stays_recalled(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    rev = Lot.objects.get(pk=lot).rev
    stock.recall(store.keeper, lot, "召回通告", rev=rev)
    with pytest.raises(refusals.StockMoved):
        stock.release(store.keeper, lot, "改变主意", rev=rev + 1)


def test_a_change_needs_a_reason(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    with pytest.raises(refusals.BadStock):
        stock.quarantine(store.keeper, lot, "   ", rev=Lot.objects.get(pk=lot).rev)


def test_minimum_and_expiry_are_seen_at_a_glance(store: Store) -> None:
    store.lot(AMBROXOL, "5", date(2027, 1, 31), "SOON")
    stock.set_minimum(store.keeper, AMBROXOL, Decimal(3))
    stock.set_minimum(store.keeper, AMBROXOL, Decimal(30))
    unit = store.keeper.unit
    assert row(store).below
    assert row(store).expiring == 5
    assert [r.medicine for r in queries.stock(unit, show="below")] == [AMBROXOL]
    assert [r.medicine for r in queries.stock(unit, show="expiring")] == [AMBROXOL]
    assert queries.stock(unit, show="blocked") == []
    assert [r.medicine for r in queries.stock(unit, "AXS")] == [AMBROXOL]
    assert queries.stock(unit, "氯雷") == []


def test_stock_belongs_to_its_unit_and_post(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    assert queries.stock(store.units["W1"]) == []
    assert queries.lot(store.units["W1"], lot) is None
    with pytest.raises(Forbidden):
        stock.adjust(store.pharmacist, lot, Decimal(1), "routine", rev=1)
    with pytest.raises(refusals.NotFound):
        stock.adjust(store.keeper, 999_999, Decimal(1), "routine", rev=1)
