"""配发药: picks, packages, the second check, handing over, and the way back."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from luodi.orders import actions as orders
from luodi.orders.loop import Step
from luodi.orders.refusals import LoopMoved, LoopSkipped
from luodi.pharmacy import actions, barcode, queries, refusals
from luodi.pharmacy.models import Dispense, Mismatch, Package
from luodi.stock import actions as stock
from luodi.stock import queries as shelves
from luodi.stock import refusals as no
from luodi.stock.models import Lot, Movement
from luodi.trust import clock, ledger
from luodi.trust.models import Entry
from tests.pharmacy.store import AMBROXOL, DAILY, FAR, LORATADINE, THREE_DAYS, Store, balanced, wish

SHANGHAI = ZoneInfo("Asia/Shanghai")


def on_hand(lot: int) -> Decimal:
    return Lot.objects.get(pk=lot).on_hand


def test_the_first_to_expire_goes_first(store: Store) -> None:
    late = store.lot(AMBROXOL, "100", date(2028, 1, 1), "LATE")
    soon = store.lot(AMBROXOL, "5", date(2027, 1, 1), "SOON")
    rx = store.prepared("outpatient", THREE_DAYS)
    assert (on_hand(soon), on_hand(late)) == (0, 96)
    (package,) = queries.packages(rx)
    assert [(lot.lot_no, lot.qty) for lot in package.lots] == [("SOON", 5), ("LATE", 4)]
    assert package.expiry == date(2027, 1, 1)
    assert balanced()


def test_the_plan_on_screen_is_what_the_act_takes(store: Store) -> None:
    store.lot(AMBROXOL, "4", date(2027, 1, 1), "SOON", "B-02")
    store.lot(AMBROXOL, "100", FAR, "LATE", "A-01")
    rx = store.ready("outpatient", THREE_DAYS)
    planned = queries.plan(rx, store.keeper.unit)
    assert [(p.place, p.lot_no, p.qty) for p in planned.pulls] == [("A-01", "LATE", 5), ("B-02", "SOON", 4)]
    actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    moved = Movement.objects.filter(kind="dispense").values_list("lot__lot_no", "qty")
    assert sorted(moved) == [("LATE", -5), ("SOON", -4)]


@pytest.mark.parametrize("turn", ["quarantine", "recall"])
def test_a_blocked_lot_is_never_picked(store: Store, turn: str) -> None:
    blocked = store.lot(AMBROXOL, "100", date(2027, 1, 1), "BLOCKED")
    fine = store.lot(AMBROXOL, "100", FAR, "FINE")
    getattr(stock, turn)(store.keeper, blocked, "厂家通知", rev=Lot.objects.get(pk=blocked).rev)
    store.prepared("outpatient", THREE_DAYS)
    assert (on_hand(blocked), on_hand(fine)) == (100, 91)


def test_a_lot_is_good_through_its_last_day_and_not_a_second_longer(store: Store) -> None:
    store.lot(AMBROXOL, "100", date(2026, 11, 23), "TODAY")
    rx = store.ready("outpatient", THREE_DAYS)
    orders.extend(store.doctor, rx, 2, "患者住得远")
    with clock.at(datetime(2026, 11, 23, 23, 59, 59, tzinfo=SHANGHAI)):
        assert not queries.plan(rx, store.keeper.unit).short
    with clock.at(datetime(2026, 11, 24, 0, 0, 0, tzinfo=SHANGHAI)):
        ((line, wanted, held),) = queries.plan(rx, store.keeper.unit).short
        assert (line.medicine, wanted, held) == (AMBROXOL, 9, 0)
        with pytest.raises(no.StockShort):
            actions.prepare(store.dispenser, rx, rev=store.rev(rx))


def test_short_stock_names_the_drug_and_writes_nothing(store: Store) -> None:
    plenty, few = store.lot(AMBROXOL, "100"), store.lot(LORATADINE, "2")
    rx = store.ready("outpatient", THREE_DAYS, DAILY)
    before = Movement.objects.count()
    with pytest.raises(no.StockShort) as refused:
        actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    assert "氯雷他定" in str(refused.value)
    assert "需要 3" in str(refused.value)
    assert "可用 2" in str(refused.value)
    assert (on_hand(plenty), on_hand(few), Movement.objects.count()) == (100, 2, before)
    assert not Dispense.objects.exists()
    assert not Package.objects.exists()
    assert store.step(rx) == Step.REVIEWED
    last = Entry.objects.latest("id")
    assert last.verb == "refused"


def test_stock_of_another_pharmacy_is_not_touched(store: Store) -> None:
    elsewhere = store.keeper._replace(unit=store.place.units["W1"])
    lot = Lot.objects.get(pk=store.lot(AMBROXOL, "100"))
    Lot.objects.filter(pk=lot.pk).update(unit=elsewhere.unit)
    rx = store.ready("outpatient", THREE_DAYS)
    with pytest.raises(no.StockShort):
        actions.prepare(store.dispenser, rx, rev=store.rev(rx))


def test_outpatients_get_one_package_a_line_wards_one_a_dose(store: Store) -> None:
    store.lot(AMBROXOL, "100")
    store.lot(LORATADINE, "100")
    rx = store.prepared("outpatient", THREE_DAYS, DAILY)
    assert [(p.number, p.qty, p.task) for p in queries.packages(rx)] == [(1, 9, None), (2, 3, None)]
    ward = store.prepared("inpatient", wish(AMBROXOL, "30", "mg", days="1"), wish(LORATADINE, "5", "mg", "qd", "1"))
    packages = queries.packages(ward)
    assert [p.qty for p in packages] == [1, 1, 1, Decimal("0.5")]
    assert len({p.task for p in packages}) == 4
    assert all(p.planned_at for p in packages)
    assert balanced()


def test_as_needed_doses_of_a_ward_are_packed_one_by_one(store: Store) -> None:
    store.lot("M0472", "100")
    rx = store.prepared("inpatient", wish("M0472", "500", "mg", "prn", "1", quantity=Decimal(3), prn=True))
    assert [(p.qty, p.task) for p in queries.packages(rx)] == [(1, None)] * 3


def test_barcodes_are_unique_and_find_their_package(store: Store) -> None:
    store.lot(AMBROXOL, "100")
    rx = store.prepared("inpatient", THREE_DAYS)
    codes = store.codes(rx)
    assert len(set(codes)) == len(codes) == 9
    assert all(barcode.is_valid(code) for code in codes)
    card = queries.package(f" {codes[3].lower()}\x1d")
    assert card is not None
    assert (card.prescription, card.seq) == (rx, 4)
    assert queries.package("Y0000000000X") is None


def test_a_stale_page_does_not_prepare(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("outpatient", THREE_DAYS)
    with pytest.raises(LoopMoved):
        actions.prepare(store.dispenser, rx, rev=store.rev(rx) - 1)


def test_no_step_is_skipped(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.signed("outpatient", THREE_DAYS)
    with pytest.raises(LoopSkipped):
        actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    prepared = store.prepared("outpatient", THREE_DAYS)
    with pytest.raises(LoopSkipped):
        actions.hand_over(store.checker, prepared, rev=store.rev(prepared), asked=["name", "record_no"])


def test_the_checker_is_another_person(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("outpatient", THREE_DAYS)
    both = store.both
    actions.prepare(both.as_dispenser, rx, rev=store.rev(rx))
    with pytest.raises(refusals.OwnWork):
        actions.check(both.as_checker, rx, store.codes(rx), rev=store.rev(rx))
    actions.check(store.checker, rx, store.codes(rx), rev=store.rev(rx))
    assert store.step(rx) == Step.CHECKED
    assert queries.dispensing(rx).checked_by


def test_every_package_is_scanned(store: Store) -> None:
    store.lot(AMBROXOL)
    store.lot(LORATADINE)
    rx = store.prepared("outpatient", THREE_DAYS, DAILY)
    first, second = store.codes(rx)
    with pytest.raises(refusals.NotAllScanned) as refused:
        actions.check(store.checker, rx, [first, first], rev=store.rev(rx))
    assert "氯雷他定" in str(refused.value)
    assert "1 个没有扫描" in str(refused.value)
    assert store.step(rx) == Step.PREPARED
    actions.check(store.checker, rx, [second, first], rev=store.rev(rx))


def test_a_foreign_package_says_whose_line_it_is_and_names_nobody(store: Store) -> None:
    store.lot(AMBROXOL)
    store.lot(LORATADINE)
    mine, other = store.prepared("outpatient", THREE_DAYS), store.prepared("outpatient", DAILY)
    (foreign,) = store.codes(other)
    with pytest.raises(refusals.WrongScan) as refused:
        actions.check(store.checker, mine, [*store.codes(mine), foreign], rev=store.rev(mine))
    words = str(refused.value)
    assert "氯雷他定" in words
    assert "测试患者" not in words
    assert store.step(mine) == Step.PREPARED
    assert actions.mismatch(store.checker, mine, foreign) == "foreign"
    assert actions.mismatch(store.checker, mine, "Y12345") == "unknown"
    assert Mismatch.objects.count() == 2
    with pytest.raises(no.BadStock):
        actions.mismatch(store.checker, mine, store.codes(mine)[0])


@pytest.mark.parametrize("code", ["Y12345", "", "<script>", "P" * 400, "Y0000000000X"])
def test_an_unknown_code_is_an_answer_not_an_error(store: Store, code: str) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    with pytest.raises(refusals.WrongScan):
        actions.check(store.checker, rx, [code], rev=store.rev(rx))


def test_a_patient_is_asked_for_two_identifiers(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    actions.check(store.checker, rx, store.codes(rx), rev=store.rev(rx))
    for asked in ([], ["name"], ["name", "name"], ["name", "bed"]):
        with pytest.raises(refusals.AskTwo):
            actions.hand_over(store.checker, rx, rev=store.rev(rx), asked=asked)
    actions.hand_over(store.checker, rx, rev=store.rev(rx), asked=["name", "birth_date"])
    assert store.step(rx) == Step.DISPENSED
    assert queries.dispensing(rx).handed_at


def test_a_ward_receives_without_identifiers(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("inpatient", THREE_DAYS)
    actions.check(store.checker, rx, store.codes(rx), rev=store.rev(rx))
    actions.hand_over(store.checker, rx, rev=store.rev(rx))
    assert store.step(rx) == Step.DISPENSED


def test_a_recall_stops_packages_on_the_bench(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    store.lot(AMBROXOL, "50", date(2029, 1, 1), "NEXT")
    rx = store.prepared("outpatient", THREE_DAYS)
    assert [(t.prescription, t.packages, t.qty, t.state) for t in queries.traced(lot)] == [(rx, 1, 9, "prepared")]
    stock.recall(store.keeper, lot, "国家药监局召回通告", rev=Lot.objects.get(pk=lot).rev)
    assert queries.package(store.codes(rx)[0]).blocked
    with pytest.raises(refusals.LotBlocked):
        actions.check(store.checker, rx, store.codes(rx), rev=store.rev(rx))
    actions.unprepare(store.dispenser, rx, "lot_blocked", rev=store.rev(rx))
    actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    assert queries.packages(rx)[0].lot_no == "NEXT"
    assert on_hand(lot) == 50
    assert balanced()


def test_undoing_puts_stock_back_once_by_new_movements(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    rx = store.prepared("outpatient", THREE_DAYS)
    old = store.codes(rx)
    actions.unprepare(store.dispenser, rx, "wrong_item", rev=store.rev(rx))
    assert on_hand(lot) == 50
    assert [(m.kind, m.qty) for m in shelves.movements(lot)] == [("return", 9), ("dispense", -9), ("receipt", 50)]
    assert queries.package(old[0]) is None
    with pytest.raises(refusals.NotFound):
        actions.unprepare(store.dispenser, rx, "wrong_item", rev=store.rev(rx))
    actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    with pytest.raises(refusals.WrongScan) as refused:
        actions.check(store.checker, rx, old, rev=store.rev(rx))
    assert "旧标签" in str(refused.value)
    assert on_hand(lot) == 41
    assert balanced()


def test_what_was_handed_over_is_not_undone(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("inpatient", THREE_DAYS)
    actions.check(store.checker, rx, store.codes(rx), rev=store.rev(rx))
    actions.hand_over(store.checker, rx, rev=store.rev(rx))
    with pytest.raises(no.BadStock):
        actions.unprepare(store.dispenser, rx, "damaged", rev=store.rev(rx))


def test_packages_of_a_stopped_prescription_go_back_to_the_shelf(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50")
    rx = store.prepared("outpatient", THREE_DAYS)
    orders.stop(store.doctor, rx, "condition_changed")
    assert [row.pk for row in queries.bench(store.dispenser.unit).stray] == [rx]
    actions.unprepare(store.dispenser, rx, "stopped")
    assert store.step(rx) == Step.STOPPED
    assert on_hand(lot) == 50
    assert not queries.bench(store.dispenser.unit).stray


def test_the_baskets_follow_the_loop(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("outpatient", THREE_DAYS)

    def baskets() -> list[list[int]]:
        return [[row.pk for row in basket] for basket in queries.bench(store.dispenser.unit)]

    assert baskets() == [[rx], [], [], []]
    actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    assert baskets() == [[], [rx], [], []]
    actions.check(store.checker, rx, store.codes(rx), rev=store.rev(rx))
    assert baskets() == [[], [], [rx], []]
    actions.hand_over(store.checker, rx, rev=store.rev(rx), asked=["name", "record_no"])
    assert baskets() == [[], [], [], []]


def test_the_evidence_of_an_act_names_nobody(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    actions.check(store.checker, rx, store.codes(rx), rev=store.rev(rx))
    for entry in Entry.objects.filter(verb__startswith="dispense"):
        assert "测试患者" not in entry.facts
        assert not any(code in entry.facts for code in store.codes(rx))
    assert ledger.seal()
