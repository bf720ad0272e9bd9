"""One recall stops a lot in every unit, finds everybody, and closes when the quantities add up."""

from datetime import timedelta
from decimal import Decimal

import pytest

from luodi.pharmacy import actions as pharmacy
from luodi.stock import actions as stock
from luodi.stock.models import Lot, LotNumber
from luodi.trust import access, clock
from luodi.vigilance import actions, queries
from luodi.vigilance.models import Contact, RecallCase, Recovery
from tests.orders.place import refused
from tests.pharmacy.store import FAR, balanced
from tests.vigilance.safe import AMBROXOL, THREE_DAYS, Safe
from tests.ward.scene import hire


def _elsewhere(safe: Safe) -> int:
    keeper = hire("keeper2", "stock_keeper", safe.units["W1"])
    return stock.receive(keeper, AMBROXOL, "A1", FAR, Decimal(30))


def test_everything_stops_in_all_units_at_once(safe: Safe) -> None:
    other = _elsewhere(safe)
    home, ward = safe.at_home(), safe.inpatient()
    basket = safe.prepared("outpatient", THREE_DAYS)
    checked = safe.prepared("outpatient", THREE_DAYS)
    pharmacy.check(safe.checker, checked, safe.codes(checked), rev=safe.rev(checked))
    waiting = safe.ready("outpatient", THREE_DAYS)
    dose = safe.doses(ward)[0]
    safe.recall()
    assert set(Lot.objects.filter(medicine=AMBROXOL).values_list("state", flat=True)) == {"recalled"}
    assert Lot.objects.get(pk=other).state == "recalled"
    with refused("stock_short"):
        pharmacy.prepare(safe.dispenser, waiting, rev=safe.rev(waiting))
    with refused("lot_blocked"):
        pharmacy.check(safe.checker, basket, safe.codes(basket), rev=safe.rev(basket))
    with refused("lot_blocked"):
        pharmacy.hand_over(safe.checker, checked, rev=safe.rev(checked), asked=["name", "birth_date"])
    with clock.at(dose.planned_at), refused("package_blocked"):
        safe.give(dose)
    with refused("lot_number_recalled"):
        stock.receive(hire("keeper3", "stock_keeper", safe.units["ED"]), AMBROXOL, "A1", FAR, Decimal(5))
    assert safe.lot(AMBROXOL, "50", lot_no="B7"), "another number of the medicine goes on"
    found = queries.trace(AMBROXOL, ["A1"])
    assert set(found.patients) == {safe.patient_of(home), safe.patient_of(ward)}
    assert balanced()


def test_a_number_that_no_unit_has_is_refused_when_it_comes(safe: Safe) -> None:
    safe.recall("Z9")
    assert LotNumber.objects.get(lot_no="Z9").recalled
    with refused("lot_number_recalled"):
        safe.lot(AMBROXOL, "5", lot_no="Z9")
    assert not Lot.objects.filter(lot_no="Z9").exists()


def test_the_quantities_add_up_and_each_piece_is_where_it_is(safe: Safe) -> None:
    safe.at_home()
    ward = safe.inpatient()
    safe.prepared("outpatient", THREE_DAYS)
    dose = safe.doses(ward)[0]
    with clock.at(dose.planned_at):
        safe.give(dose)
        case = safe.recall()
        found = queries.recall(case).trace
    assert found is not None
    sums = found.sums
    assert (sums.came_in, sums.prepared, sums.home, sums.ward, sums.given) == (500, 9, 9, 8, 1)
    assert (sums.on_hand, sums.gap) == (500 - 27, 0)
    given = [piece for piece in found.pieces if piece.where == "given"]
    assert [piece.given_at for piece in given] == [dose.planned_at]


def test_told_brought_back_and_closed(safe: Safe) -> None:
    home, ward = safe.at_home(), safe.inpatient()
    basket = safe.prepared("outpatient", THREE_DAYS)
    case = safe.recall()
    first, second = safe.patient_of(home), safe.patient_of(ward)
    assert access.cares(safe.recaller, first)
    assert [one.patient for one in queries.recall(case).people] == [first, second], "at home first"
    with refused("vigilance_stage"):
        actions.close_recall(safe.recaller, case, "全部处理完毕")
    actions.contact(safe.recaller, case, first, "not_reached", "phone")
    actions.contact(safe.recaller, case, first, "told", "phone", words="已停用，明日带回", idempotency="t")
    actions.contact(safe.recaller, case, first, "told", "phone", words="已停用，明日带回", idempotency="t")
    actions.contact(safe.recaller, case, second, "told", "in_person")
    assert Contact.objects.count() == 3
    stranger = safe.patient()
    with refused("vigilance_not_found"):
        actions.contact(safe.recaller, case, stranger, "told", "phone")
    piece = queries.recall(case).people[0].pieces[0]
    package, lot = piece.carried.package, piece.carried.lot
    with refused("vigilance_invalid"):
        actions.recover(safe.recaller, case, package, lot, Decimal(10))
    actions.recover(safe.recaller, case, package, lot, Decimal(7), idempotency="r")
    actions.recover(safe.recaller, case, package, lot, Decimal(7), idempotency="r")
    with refused("vigilance_invalid"):
        actions.recover(safe.recaller, case, package, lot, Decimal(3))
    assert Recovery.objects.count() == 1
    assert Lot.objects.get(pk=lot).on_hand == 500 - 27, "what comes back never goes to the shelf"
    with refused("vigilance_stage"):
        actions.close_recall(safe.recaller, case, "全部处理完毕")  # a basket still holds the lot
    pharmacy.unprepare(safe.dispenser, basket, "lot_blocked", rev=safe.rev(basket))
    actions.close_recall(safe.recaller, case, "全部处理完毕")
    card = queries.recall(case)
    assert card.ended_at is not None
    assert {key: card.figures[key] for key in ("home", "ward", "back", "out", "gap", "patients")} == {
        "home": "9", "ward": "9", "back": "7", "out": "11", "gap": "0", "patients": 2,
    }  # fmt: skip
    assert not access.cares(safe.recaller, first)
    with refused("vigilance_stage"):
        actions.contact(safe.recaller, case, first, "told", "phone")


def test_a_recall_is_opened_once(safe: Safe) -> None:
    case = safe.recall()
    with refused("lot_recalled_already"):
        safe.recall("A1", "A2")
    assert list(RecallCase.objects.values_list("pk", flat=True)) == [case]
    assert not LotNumber.objects.filter(lot_no="A2").exists()


@pytest.mark.parametrize(("level", "hours"), [("1", 24), ("2", 72), ("3", 168)])
def test_who_is_not_told_in_time_makes_it_late(safe: Safe, level: str, hours: int) -> None:
    safe.at_home()
    case = safe.recall(level=level)
    card = queries.recall(case)
    assert card.due == card.noticed_at + timedelta(hours=hours)
    assert not card.late
    with clock.at(card.due + timedelta(minutes=1)):
        assert queries.recall(case).late
