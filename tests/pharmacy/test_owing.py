"""欠药: a part handed over, the rest owed, fetched later or closed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

import pytest

from luodi.orders import actions as orders
from luodi.orders import facts as loops
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.orders.refusals import Lapsed, LoopMoved, LoopSkipped, RestLapsed
from luodi.pharmacy import actions, bench, owing, queries, refusals
from luodi.pharmacy.models import DebtEnd, HandOver, Package
from luodi.stock.models import Lot, Movement
from luodi.stock.refusals import StockShort
from luodi.trust import clock, ledger
from luodi.trust.refusal import Refusal
from tests.pharmacy.store import AMBROXOL, DAILY, LORATADINE, MONDAY, THREE_DAYS, Store, balanced, wish
from tests.pharmacy.test_laws import together

ASKED = ("name", "birth_date")
NIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # midnight in Shanghai: the prescription of Monday is over


def lines(rx: int) -> dict[str, int]:
    """Medicine → line pk."""
    return {line.medicine: line.pk for line in prescriptions.prescription(rx).lines}


def prepare(store: Store, rx: int, **part: str) -> None:
    """part: medicine=quantity; none: all of it."""
    asked = {lines(rx)[medicine]: Decimal(qty) for medicine, qty in part.items()}
    actions.prepare(store.dispenser, rx, rev=store.rev(rx), part=asked or None)


def hand(store: Store, rx: int) -> None:
    actions.check(store.also("check_pharmacist"), rx, store.codes(rx), rev=store.rev(rx))
    actions.hand_over(store.dispenser, rx, rev=store.rev(rx), asked=ASKED)


@pytest.fixture
def short(store: Store) -> int:
    """Nine tablets of ambroxol and three of loratadine are ordered; five and all are there."""
    store.lot(AMBROXOL, "5")
    store.lot(LORATADINE, "100")
    return store.ready("outpatient", THREE_DAYS, DAILY)


@pytest.fixture
def owed(store: Store, short: int) -> int:
    prepare(store, short, M0565="5", M0572="3")
    hand(store, short)
    return short


def test_nothing_is_parted_unasked(store: Store, short: int) -> None:
    with pytest.raises(StockShort):
        prepare(store, short)
    assert store.step(short) is Step.REVIEWED
    assert balanced()


def test_a_part_is_handed_over_and_the_rest_is_owed(store: Store, owed: int) -> None:
    card = prescriptions.prescription(owed)
    assert card.step is Step.OWED
    assert card.rest_until == datetime(2026, 11, 29, 16, 0, tzinfo=UTC)  # seven days, that of the hand-over counted
    assert bench.rest(card) == {lines(owed)[AMBROXOL]: Decimal(4)}
    (debt,) = queries.debts(store.dispenser.unit)
    assert (debt.pk, debt.come, debt.some, debt.overdue) == (owed, False, False, False)
    assert [(each.number, each.left, each.there) for each in debt.lines] == [(1, 4, 0)]
    assert queries.owed(store.dispenser.unit) == 1
    assert queries.debts(store.keeper.unit + 99) == []
    assert owed not in [row.pk for row in prescriptions.awaiting_preparation()]
    labels = [str(node["label"]) for node in prescriptions.strip(owed)]
    assert labels == ["开立", "签名", "审方", "部分发药", "调配", "药师核对", "发药"]
    assert prescriptions.strip(owed)[4]["state"] == "current"


def test_the_rest_is_given_when_it_has_come_also_past_the_validity(store: Store, owed: int) -> None:
    with clock.at(NIGHT + timedelta(days=2)):
        store.lot(AMBROXOL, "50", lot_no="B")
        (debt,) = queries.debts(store.dispenser.unit)
        assert debt.come
        prepare(store, owed)
        (package,) = queries.packages(owed)
        assert (package.medicine, package.qty) == (AMBROXOL, 4)
        hand(store, owed)
    assert store.step(owed) is Step.DISPENSED
    assert sorted(Package.objects.filter(line=lines(owed)[AMBROXOL]).values_list("qty", flat=True)) == [4, 5]
    assert [len(part.items) for part in queries.parts(prescriptions.prescription(owed))] == [2, 1]
    assert HandOver.objects.count() == 2
    assert queries.debts(store.dispenser.unit) == []
    assert balanced()


def test_a_rest_may_be_parted_again(store: Store, owed: int) -> None:
    until = prescriptions.prescription(owed).rest_until
    store.lot(AMBROXOL, "3", lot_no="B")
    with clock.at(MONDAY + timedelta(days=1)):
        prepare(store, owed, M0565="3")
        hand(store, owed)
    card = prescriptions.prescription(owed)
    assert (card.step, bench.rest(card)) == (Step.OWED, {lines(owed)[AMBROXOL]: Decimal(1)})
    assert card.rest_until == until  # the first hand-over set the time


def test_the_first_hand_over_is_bound_by_the_validity(store: Store, short: int) -> None:
    prepare(store, short, M0565="5", M0572="3")
    with clock.at(NIGHT), pytest.raises(Lapsed):
        hand(store, short)


def test_past_its_time_the_rest_is_not_given_and_can_be_put_back_and_closed(store: Store, owed: int) -> None:
    lot = store.lot(AMBROXOL, "50", lot_no="B")
    prepare(store, owed)
    late = NIGHT + timedelta(days=6)
    with clock.at(late):
        with pytest.raises(RestLapsed):
            hand(store, owed)
        assert [card.pk for card in queries.strays(store.dispenser.unit)] == [owed]
        actions.unprepare(store.dispenser, owed, "uncollected", rev=store.rev(owed))
        assert Lot.objects.get(pk=lot).on_hand == 50
        assert store.step(owed) is Step.OWED
        assert queries.debts(store.dispenser.unit)[0].overdue
        with pytest.raises(RestLapsed):
            prepare(store, owed)
        actions.end_debt(store.dispenser, owed, "late", rev=store.rev(owed))
    assert store.step(owed) is Step.DISPENSED
    assert DebtEnd.objects.get().reason == "late"
    assert str(queries.ended(owed).reason) == "逾期未取"
    assert balanced()


def test_what_was_parted_neither_lapses_nor_goes_back_nor_is_extended(store: Store, owed: int) -> None:
    rev = store.rev(owed)
    with clock.at(NIGHT + timedelta(days=4)):
        assert prescriptions.beyond_extension(9) == []
        assert prescriptions.lapsed(store.doctor.staff) == []
        for step, proof in ((Step.RETURNED, {"reasons": ["2-5"]}), (Step.UNPREPARED, {"reason": "damaged"})):
            with pytest.raises(LoopSkipped):
                orders.advance(store.dispenser, owed, step, proof, rev=rev)
        with pytest.raises(LoopSkipped):
            orders.expire(store.dispenser, owed)
        with pytest.raises(Refusal, match="处方"):
            orders.extend(store.doctor, owed, 3, "患者未到")


def test_undoing_the_rest_leads_back_to_the_debt(store: Store, owed: int) -> None:
    store.lot(AMBROXOL, "50", lot_no="B")
    prepare(store, owed)
    torn = store.codes(owed)[0]
    actions.unprepare(store.dispenser, owed, "damaged", rev=store.rev(owed))
    assert store.step(owed) is Step.OWED
    assert queries.is_torn(torn)
    with pytest.raises(Refusal, match="已经发出"):
        actions.unprepare(store.dispenser, owed, "damaged", rev=store.rev(owed))
    assert [str(n["label"]) for n in prescriptions.strip(owed)].count("部分发药") == 1


def test_a_package_of_the_first_part_is_told_at_the_second_check(store: Store, owed: int) -> None:
    first = store.codes(owed)[0]
    store.lot(AMBROXOL, "50", lot_no="B")
    prepare(store, owed)
    checker = store.also("check_pharmacist")
    with pytest.raises(refusals.WrongScan, match="已在上一次发出"):
        actions.check(checker, owed, [*store.codes(owed), first], rev=store.rev(owed))
    assert actions.mismatch(checker, owed, first) == "handed"


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"M0565": "5", "M0572": "2"}, "足量发出"),
        ({"M0565": "5"}, "足量发出"),
        ({"M0565": "0", "M0572": "0"}, "至少"),
        ({"M0565": "10", "M0572": "3"}, "应发数量"),
        ({"M0565": "-1", "M0572": "3"}, "应发数量"),
    ],
)
def test_a_part_that_may_not_be(store: Store, short: int, part: dict[str, str], why: str) -> None:
    with pytest.raises(refusals.BadPart, match=why):
        prepare(store, short, **part)
    assert store.step(short) is Step.REVIEWED
    assert not Movement.objects.filter(kind="dispense").exists()


def test_more_than_the_shelf_holds_is_short_all_the_same(store: Store, short: int) -> None:
    with pytest.raises(StockShort):
        prepare(store, short, M0565="6", M0572="3")


def test_a_ward_receives_a_prescription_whole(store: Store) -> None:
    store.lot(AMBROXOL, "2")
    rx = store.ready("inpatient", THREE_DAYS)
    with pytest.raises(refusals.BadPart, match="整张"):
        prepare(store, rx, M0565="2")
    assert queries.plan(rx, store.dispenser.unit).parts == []


def test_a_debt_is_closed_with_a_reason_and_once(store: Store, owed: int) -> None:
    with pytest.raises(refusals.BadPart, match="原因"):
        actions.end_debt(store.dispenser, owed, "because", rev=store.rev(owed))
    rev = store.rev(owed)
    actions.end_debt(store.dispenser, owed, "unwanted", rev=rev)
    with pytest.raises(refusals.BadPart, match="没有可结清"):
        actions.end_debt(store.dispenser, owed, "unwanted", rev=rev)
    (loop,) = [fact for fact in loops.loops(ledger.seal()) if fact.prescription == owed]
    assert (loop.end, loop.whole) == ("closed", True)


def test_nothing_is_owed_where_all_or_nothing_was_given(store: Store, short: int) -> None:
    store.lot(AMBROXOL, "50", lot_no="B")
    prepare(store, short)
    with pytest.raises(refusals.BadPart, match="没有可结清"):
        actions.end_debt(store.dispenser, short, "unwanted", rev=store.rev(short))
    hand(store, short)
    assert store.step(short) is Step.DISPENSED


def test_the_doctor_may_stop_the_rest(store: Store, owed: int) -> None:
    store.lot(AMBROXOL, "50", lot_no="B")
    prepare(store, owed)
    orders.stop(store.doctor, owed, "wrong_entry")
    actions.unprepare(store.dispenser, owed, "stopped")
    assert store.step(owed) is Step.STOPPED
    assert balanced()


def test_a_class_without_a_term_is_not_parted(store: Store, short: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owing, "in_force", lambda *_given: [])
    with pytest.raises(refusals.BadPart, match="整张"):
        prepare(store, short, M0565="5", M0572="3")


def test_what_is_parted_counts_as_taken(store: Store, owed: int) -> None:
    with clock.at(NIGHT + timedelta(hours=2)):
        on = clock.today()
        patient = prescriptions.prescription(owed).patient
        assert {drug.medicine for drug in prescriptions.current_drugs(patient, on)} == {AMBROXOL, LORATADINE}


@pytest.mark.law
def test_two_at_once_give_the_rest_once(open_store: Store) -> None:
    store = open_store
    store.lot(AMBROXOL, "5")
    rx = store.ready("outpatient", THREE_DAYS)
    prepare(store, rx, M0565="5")
    hand(store, rx)
    lot = store.lot(AMBROXOL, "50", lot_no="B")
    rev = store.rev(rx)
    answers = together(
        [lambda: actions.prepare(store.dispenser, rx, rev=rev)] * 3
        + [lambda: actions.end_debt(store.dispenser, rx, "unwanted", rev=rev)]
    )
    assert sum(not isinstance(a, Refusal) for a in answers) == 1
    assert all(isinstance(a, LoopMoved | LoopSkipped | refusals.BadPart) for a in answers if isinstance(a, Refusal))
    assert Lot.objects.get(pk=lot).on_hand == (46 if store.step(rx) is Step.PREPARED else 50)
    assert balanced()


@pytest.mark.law
@pytest.mark.parametrize("seed", range(3))
def test_no_line_is_ever_given_twice(open_store: Store, seed: int) -> None:
    """Deliveries, parts, undoings, hand-overs and closings in any order: what left never exceeds what was ordered."""
    store, rng, number = open_store, Random(seed), count()
    checker, medicines = store.also("check_pharmacist"), (AMBROXOL, LORATADINE)
    rxs = [store.ready("outpatient", THREE_DAYS, DAILY) for _each in range(3)]

    def deliver(_rx: int) -> None:
        store.lot(rng.choice(medicines), str(rng.randrange(1, 6)), lot_no=f"L{next(number)}")

    def fill(rx: int) -> None:
        plan = queries.plan(rx, store.dispenser.unit)
        part = {each.line.pk: each.offered for each in plan.parts}
        actions.prepare(store.dispenser, rx, rev=store.rev(rx), part=part or None)

    acts = (
        deliver,
        fill,
        fill,
        lambda rx: actions.check(checker, rx, store.codes(rx), rev=store.rev(rx)),
        lambda rx: actions.hand_over(store.dispenser, rx, rev=store.rev(rx), asked=ASKED),
        lambda rx: actions.unprepare(store.dispenser, rx, "damaged", rev=store.rev(rx)),
        lambda rx: actions.end_debt(store.dispenser, rx, "unwanted", rev=store.rev(rx)) if rng.random() < 0.1 else None,
    )
    for _turn in range(60):
        rx, act = rng.choice(rxs), rng.choice(acts)
        try:
            act(rx)
        except Refusal:
            continue
        for each in rxs:
            card = prescriptions.prescription(each)
            given = bench.given_before(each)
            assert all(given.get(line.pk, 0) <= line.quantity for line in card.lines)
            if card.step is Step.DISPENSED:
                assert not bench.rest(card) or DebtEnd.objects.filter(prescription=each).exists()
            if card.step is Step.OWED:
                assert given
                assert bench.rest(card)
    assert balanced()
    assert HandOver.objects.exists()


def test_what_the_shelf_offers(store: Store) -> None:
    card = prescriptions.prescription(store.ready("outpatient", THREE_DAYS, wish(AMBROXOL, "30", "mg", days="1")))
    first, second = card.lines
    left = owing.rest(card.lines, {})
    offer = owing.offered(card.lines, left, {AMBROXOL: Decimal("10.5")})
    assert offer == {first.pk: Decimal(9), second.pk: Decimal(1)}  # whole tablets of what the first line left
    assert owing.rest(card.lines, {first.pk: Decimal(9)}) == {second.pk: second.quantity}
