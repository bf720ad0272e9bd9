"""The stock chain act by act: bought, inspected, moved, counted, closed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from luodi.stock import actions as stock
from luodi.stock import refusals, taking
from luodi.stock.models import Account, Cargo, DeliveryLine, Lot, Movement, Order, Sheet, Stocktake, Transfer
from luodi.stock.queries import documents, supply
from luodi.trust import clock, ledger
from luodi.trust.access import NoCare
from luodi.trust.refusal import Forbidden
from tests.orders.place import relate
from tests.pharmacy.store import MONDAY
from tests.stock.chain import AMBROXOL, FAR, LORATADINE, Chain, conserved

D = Decimal


def wish(qty: str = "100", price: str = "0.5", medicine: str = AMBROXOL) -> stock.OrderWish:
    return stock.OrderWish(medicine, D(qty), D(price))


def sent_order(chain: Chain, *wishes: stock.OrderWish) -> int:
    pk = stock.draft_order(chain.buyer, chain.supplier, wishes or [wish()])
    stock.submit_order(chain.buyer, pk, rev=0)
    stock.approve_order(chain.approver, pk, rev=1)
    stock.send_order(chain.buyer, pk, rev=2)
    return pk


def test_an_order_is_approved_by_another_and_comes_in_parts(chain: Chain) -> None:
    pk = sent_order(chain)
    stock.inspect(chain.keeper, chain.supplier, [chain.goods(qty="40")], order=pk)
    assert Order.objects.get(pk=pk).state == "partial"
    with pytest.raises(refusals.BadStock):
        stock.inspect(chain.keeper, chain.supplier, [chain.goods(qty="61")], order=pk)
    stock.inspect(chain.keeper, chain.supplier, [chain.goods(qty="60")], order=pk)
    assert Order.objects.get(pk=pk).state == "done"
    with pytest.raises(refusals.PaperMoved):
        stock.end_order(chain.buyer, pk, "不再需要", rev=5)
    assert chain.held(chain.central) == 100
    assert conserved()


def test_a_large_order_is_approved_by_the_head(chain: Chain) -> None:
    pk = stock.draft_order(chain.buyer, chain.supplier, [wish("100000", "0.51")])
    stock.submit_order(chain.buyer, pk, rev=0)
    with pytest.raises(refusals.TooLarge):
        stock.approve_order(chain.approver, pk, rev=1)
    with pytest.raises(Forbidden):
        stock.approve_order(chain.buyer, pk, rev=1)
    stock.approve_order(chain.head, pk, rev=1)
    assert Order.objects.get(pk=pk).state == "approved"


def test_a_declined_order_goes_back_with_its_reason_and_comes_again(chain: Chain) -> None:
    pk = stock.draft_order(chain.buyer, chain.supplier, [wish()])
    stock.submit_order(chain.buyer, pk, rev=0)
    stock.decline_order(chain.approver, pk, "数量过多", rev=1)
    stock.revise_order(chain.buyer, pk, [wish("50")], rev=2)
    assert [row.line.qty for row in documents.ordered(pk)] == [50]
    with pytest.raises(refusals.PaperMoved):
        stock.submit_order(chain.buyer, pk, rev=2)
    assert [turn.reason for turn in documents.turns("order", pk)].count("数量过多") == 1


@pytest.mark.parametrize(
    "fault",
    [{"certificate": ""}, {"packaging": False}, {"expiry": date(2027, 1, 1)}, {"accepted": D(101)}, {"lot_no": " "}],
)
def test_unfit_goods_are_not_accepted(chain: Chain, fault: dict) -> None:
    with pytest.raises(refusals.BadStock):
        stock.inspect(chain.keeper, chain.supplier, [chain.goods()._replace(**fault)])
    assert not Movement.objects.exists()


def test_what_is_rejected_is_no_stock_and_goes_back_once(chain: Chain) -> None:
    line = chain.goods()._replace(accepted=D(90), reason="damaged")
    stock.inspect(chain.keeper, chain.supplier, [line])
    assert chain.held(chain.central) == 90
    row = DeliveryLine.objects.get()
    assert [each.pk for each, _drug in documents.rejected(chain.central)] == [row.pk]
    stock.send_back(chain.keeper, row.pk)
    assert documents.rejected(chain.central) == []
    with pytest.raises(refusals.PaperMoved):
        stock.send_back(chain.keeper, row.pk)
    with pytest.raises(refusals.BadStock):
        stock.inspect(chain.keeper, chain.supplier, [chain.goods()._replace(accepted=D(1))])


def test_a_delivery_sent_twice_comes_in_once(chain: Chain) -> None:
    first = stock.inspect(chain.keeper, chain.supplier, [chain.goods()], idempotency="t1")
    assert stock.inspect(chain.keeper, chain.supplier, [chain.goods()], idempotency="t1") == first
    assert chain.held(chain.central) == 100


def test_the_cold_chain_needs_two_people_and_a_temperature(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luodi.stock.figures.is_cold", lambda medicine: medicine == AMBROXOL)
    with pytest.raises(refusals.OtherPerson):
        stock.inspect(chain.keeper, chain.supplier, [chain.goods()._replace(warmest=D("5.0"))])
    monkeypatch.setattr("luodi.trust.people.credentials", lambda login, _password: chain.second.staff)
    for warmest in (None, D("8.1"), D("1.9")):
        with pytest.raises(refusals.BadStock):
            stock.inspect(chain.keeper, chain.supplier, [chain.goods()._replace(warmest=warmest)], second=("a", "b"))
    stock.inspect(chain.keeper, chain.supplier, [chain.goods()._replace(warmest=D(8))], second=("a", "b"))
    assert chain.held(chain.central) == 100


def test_a_transfer_is_conserved_at_every_moment(chain: Chain) -> None:
    chain.deliver()
    pk = chain.asked()
    assert conserved()
    stock.send(chain.keeper, pk, {AMBROXOL: D(30)}, rev=0)
    assert (chain.held(chain.central), chain.held(chain.pharmacy)) == (70, 0)
    assert Cargo.objects.get().on_way == 30
    assert conserved()
    stock.receive_transfer(chain.dispensary, pk, {Cargo.objects.get().pk: D(30)}, rev=1)
    assert (chain.held(chain.central), chain.held(chain.pharmacy)) == (70, 30)
    assert conserved()
    with pytest.raises(refusals.PaperMoved):
        stock.receive_transfer(chain.dispensary, pk, {Cargo.objects.get().pk: D(0)}, rev=2, reason="x")


@pytest.mark.parametrize(
    ("outcome", "central", "pharmacy"), [("found", 70, 30), ("returned", 72, 28), ("lost", 70, 28)]
)
def test_what_lacks_is_a_case_until_another_settles_it(chain: Chain, outcome: str, central: int, pharmacy: int) -> None:
    chain.deliver()
    pk = chain.sent()
    with pytest.raises(refusals.BadStock):
        stock.receive_transfer(chain.dispensary, pk, {Cargo.objects.get().pk: D(28)}, rev=1)
    stock.receive_transfer(chain.dispensary, pk, {Cargo.objects.get().pk: D(28)}, rev=1, reason="少两片")
    assert Transfer.objects.get().state == "differs"
    assert conserved()
    stock.settle(chain.approver, pk, outcome, "已核实", rev=2)
    assert (chain.held(chain.central), chain.held(chain.pharmacy)) == (central, pharmacy)
    assert Cargo.objects.get().on_way == 0
    assert conserved()


def test_a_cancelled_transfer_restores_once(chain: Chain) -> None:
    chain.deliver()
    pk = chain.sent()
    with pytest.raises(refusals.NotYours):
        stock.cancel_transfer(chain.dispensary, pk, "不要了", rev=1)
    stock.cancel_transfer(chain.keeper, pk, "车辆故障", rev=1)
    with pytest.raises(refusals.PaperMoved):
        stock.cancel_transfer(chain.keeper, pk, "车辆故障", rev=2)
    assert chain.held(chain.central) == 100
    assert conserved()


def test_a_blocked_lot_arrives_blocked(chain: Chain) -> None:
    lot = chain.deliver()
    pk = chain.sent()
    stock.recall(chain.keeper, lot, "召回通告", rev=Lot.objects.get(pk=lot).rev)
    stock.receive_transfer(chain.dispensary, pk, {Cargo.objects.get().pk: D(30)}, rev=1)
    assert Lot.objects.get(unit=chain.pharmacy).state == "recalled"


def test_the_moving_average(chain: Chain) -> None:
    chain.deliver(qty="100", price="0.5")
    chain.deliver(qty="50", price="0.8", lot_no="S2")
    account = Account.objects.get(unit=chain.central)
    assert (account.value, account.cost) == (D("90.0000"), D("0.600000"))
    chain.sent("30")
    assert Cargo.objects.get().value == D("18.0000")
    stock.cancel_transfer(chain.keeper, Transfer.objects.get().pk, "不要了", rev=1)
    assert Account.objects.get(unit=chain.central).value == 90
    assert supply.price_changes()[0][2:] == (D("0.5"), D("0.8"))
    chain.sent("150")
    assert Account.objects.get(unit=chain.central).value == 0
    assert conserved()


def test_a_cabinet_is_filled_used_and_restored_once(chain: Chain) -> None:
    patient = chain.store.place.patient()
    with pytest.raises(NoCare):
        stock.use(chain.nurse, chain.cabinet, AMBROXOL, D(2), patient)
    relate(chain.nurse, patient, chain.nurse.unit)
    stock.set_levels(chain.head, chain.cabinet, AMBROXOL, D(5), D(10))
    chain.deliver()
    (par,) = supply.pars(chain.cabinet)
    pk = stock.refill(chain.nurse, chain.cabinet, chain.central, [(AMBROXOL, par.lacks)])
    stock.send(chain.keeper, pk, {AMBROXOL: D(10)}, rev=0)
    stock.receive_refill(chain.nurse, pk, {Cargo.objects.get().pk: D(10)}, rev=1)
    use = stock.use(chain.nurse, chain.cabinet, AMBROXOL, D(2), patient, idempotency="u")
    assert stock.use(chain.nurse, chain.cabinet, AMBROXOL, D(2), patient, idempotency="u") == use
    assert supply.pars(chain.cabinet)[0].lacks == 2
    with pytest.raises(refusals.StockShort):
        stock.use(chain.nurse, chain.cabinet, AMBROXOL, D(9), patient)
    stock.unuse(chain.nurse, use, "患者拒绝")
    with pytest.raises(refusals.PaperMoved):
        stock.unuse(chain.nurse, use, "患者拒绝")
    assert chain.held(chain.cabinet) == 10
    assert conserved()


def test_no_cabinet_holds_concentrated_potassium_without_a_permit(chain: Chain) -> None:
    with pytest.raises(refusals.BadStock) as no:
        stock.set_levels(chain.head, chain.cabinet, "M0089", D(1), D(5))
    assert no.value.code == "cabinet_barred"
    with pytest.raises(refusals.BadStock):
        stock.refill(chain.nurse, chain.cabinet, chain.central, [("M0089", D(1))])
    stock.permit(chain.head, chain.cabinet, "M0089", "抢救需要")
    stock.set_levels(chain.head, chain.cabinet, "M0089", D(1), D(5))
    stock.set_levels(chain.head, chain.pharmacy, "M0089", D(1), D(5))


def count(chain: Chain, by: object, counted: str) -> None:
    sheet = Sheet.objects.latest("pk")
    stock.tally(by, sheet.pk, D(counted), seen=Lot.objects.get(pk=sheet.lot_id).rev)  # type: ignore[arg-type]


def test_a_difference_is_counted_again_by_another_and_approved_by_a_third(chain: Chain) -> None:
    chain.deliver()
    pk = stock.open_stocktake(chain.keeper)
    with pytest.raises(refusals.BadStock):
        stock.submit_stocktake(chain.keeper, pk, rev=0)
    count(chain, chain.keeper, "97")
    assert stock.submit_stocktake(chain.keeper, pk, rev=0) == "recounting"
    with pytest.raises(refusals.OtherPerson):
        count(chain, chain.keeper, "97")
    count(chain, chain.second, "98")
    assert stock.submit_stocktake(chain.keeper, pk, rev=1) == "submitted"
    with pytest.raises(Forbidden):
        stock.approve_stocktake(chain.keeper, pk, rev=2)
    chain.sent("30")  # what moves in between moves both
    assert stock.approve_stocktake(chain.approver, pk, rev=2) == D("-1.0000")
    assert chain.held(chain.central) == 68
    assert conserved()


def test_a_large_difference_is_for_the_head(chain: Chain) -> None:
    chain.deliver(qty="100", price="20")
    pk = stock.open_stocktake(chain.keeper)
    count(chain, chain.keeper, "40")
    stock.submit_stocktake(chain.keeper, pk, rev=0)
    count(chain, chain.second, "40")
    stock.submit_stocktake(chain.keeper, pk, rev=1)
    with pytest.raises(refusals.TooLarge):
        stock.approve_stocktake(chain.approver, pk, rev=2)
    assert stock.approve_stocktake(chain.head, pk, rev=2) == -1200


def test_a_count_of_a_lot_that_moved_meanwhile_is_asked_again(chain: Chain) -> None:
    lot = chain.deliver()
    stock.open_stocktake(chain.keeper)
    seen = Lot.objects.get(pk=lot).rev
    chain.sent()
    with pytest.raises(refusals.StockMoved):
        stock.tally(chain.keeper, Sheet.objects.get().pk, D(100), seen=seen)
    with pytest.raises(refusals.BadStock):
        stock.open_stocktake(chain.second)
    stock.cancel_stocktake(chain.keeper, Stocktake.objects.get().pk, "改日再盘", rev=0)
    assert chain.held(chain.central) == 70


def test_the_month_balances_in_quantity_and_value(chain: Chain) -> None:
    chain.deliver()
    chain.sent("30")
    first = date(2026, 11, 1)
    with pytest.raises(refusals.BadStock):
        stock.close_month(chain.head, chain.central, first)
    with clock.at(MONDAY + timedelta(days=20)):
        chain.deliver(qty="10", price="1", lot_no="S2")
        stock.close_month(chain.head, chain.central, first)
        with pytest.raises(refusals.BadStock):
            stock.close_month(chain.head, chain.central, first)
        (november,) = taking.month(chain.central, first, ledger.seal())
        (december,) = taking.month(chain.central, date(2026, 12, 1), ledger.head())
    assert (november.opening, november.came, november.went, november.closing_qty) == (0, 100, 30, 70)
    assert (november.came_value, november.went_value, november.closing_value) == (50, 15, 35)
    assert november.balances
    assert (december.opening, december.opening_value, december.closing_value) == (70, 35, 45)
    assert not november._replace(closing_value=D(36)).balances


def test_suggestions_say_why(chain: Chain) -> None:
    chain.deliver(qty="100")
    assert supply.suggestions(chain.central) == []
    chain.sent("60")  # two a day over thirty days: 24 are reached in lead time and safety, 52 are wanted
    assert supply.suggestions(chain.central) == []
    stock.send(chain.keeper, chain.asked("20"), {AMBROXOL: D(20)}, rev=0)
    (found,) = supply.suggestions(chain.central)
    # 80 in 30 days: 2.667 a day x (7 + 14 + 5) = 69.33, less the 20 on hand
    assert (found.used, found.on_hand, found.qty, found.price) == (80, 20, 50, D("0.5"))
    stock.set_levels(chain.head, chain.central, AMBROXOL, D(10), D(60))
    assert supply.suggestions(chain.central)[0].qty == 40
    sent_order(chain, wish("40"))
    assert supply.suggestions(chain.central) == []


def test_lists_of_what_expires_lacks_or_lies(chain: Chain) -> None:
    chain.deliver()
    stock.receive(chain.keeper, LORATADINE, "N1", date(2027, 1, 31), D(10))
    assert [each.lot.lot_no for each in supply.near_expiry(chain.central, 90)] == ["N1"]
    assert {each.lot.lot_no for each in supply.slow(chain.central)} == {"S1", "N1"}
    chain.sent()
    assert {each.lot.lot_no for each in supply.slow(chain.central)} == {"N1"}
    assert supply.available(chain.central, [AMBROXOL, "M9999"]) == {AMBROXOL: 70, "M9999": 0}
    chain.sent("70")
    assert [code for code, _drug in supply.out_of_stock(chain.central)] == [AMBROXOL]
    assert date(2027, 1, 31) < FAR


def test_the_pad_is_told_what_the_best_pharmacy_has(chain: Chain) -> None:
    assert supply.at_best(AMBROXOL) == 0
    chain.store.lot(AMBROXOL, "12")
    chain.deliver()  # the central store gives to no patient
    assert supply.at_best(AMBROXOL) == 12
