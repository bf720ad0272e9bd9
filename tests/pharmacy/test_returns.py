"""退药 at the window: taken back by one, judged by another, to the shelf once or never."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.urls import reverse

from luodi.controlled import duties
from luodi.pharmacy import actions, queries, refusals, taking
from luodi.pharmacy.models import Decision, Package, Return
from luodi.stock import actions as stock
from luodi.stock import figures, recalled
from luodi.stock.models import Account, Lot, Movement
from luodi.stock.refusals import StockMoved
from luodi.trust import clock
from luodi.trust.once import TokenUsed
from luodi.trust.refusal import Refusal
from luodi.vigilance.queries.tracing import trace
from tests.orders.place import relate
from tests.pharmacy.store import AMBROXOL, DAILY, FAR, LORATADINE, MONDAY, THREE_DAYS, Store, balanced
from tests.pharmacy.test_laws import together
from tests.pharmacy.test_screens import at, page, post, shown
from tests.sending import token_of, twice

ASKED = ("name", "birth_date")


@pytest.fixture
def lot(store: Store) -> int:
    return store.lot(AMBROXOL, "100")


@pytest.fixture
def package(store: Store, lot: int) -> int:
    """Nine tablets that a patient was given."""
    return handed(store)


def handed(store: Store, *lines: object) -> int:
    rx = store.prepared("outpatient", *(lines or (THREE_DAYS,)))
    actions.check(store.also("check_pharmacist"), rx, store.codes(rx), rev=store.rev(rx))
    actions.hand_over(store.dispenser, rx, rev=store.rev(rx), asked=ASKED)
    return Package.objects.filter(dispense__prescription=rx).order_by("seq").values_list("pk", flat=True)[0]


def take(store: Store, package: int, lot: int, qty: str = "9", reason: str = "wrong_drug", **more: object) -> int:
    given = {"intact": True} | more
    return actions.take_back(store.dispenser, package, {lot: Decimal(qty)}, reason, **given)  # type: ignore[arg-type]


def judge(store: Store, ret: int, outcome: str = "restock", words: str = "查清") -> None:
    actions.judge(store.also("check_pharmacist"), ret, outcome, words)


def on_hand(lot: int) -> Decimal:
    return Lot.objects.get(pk=lot).on_hand


def test_what_is_whole_goes_back_into_its_own_lot_at_what_it_left_for(store: Store, lot: int, package: int) -> None:
    before = Account.objects.get(medicine=AMBROXOL)
    ret = take(store, package, lot, "4")
    assert on_hand(lot) == 91, "it waits apart until it is judged"
    judge(store, ret)
    assert on_hand(lot) == 95
    (moved,) = Movement.objects.filter(kind="takeback")
    gave = Movement.objects.get(kind="dispense")
    assert (moved.qty, moved.document) == (4, ret)
    assert moved.value == round(gave.value * 4 / gave.qty, 4)
    assert Account.objects.get(medicine=AMBROXOL).qty == before.qty + 4
    assert queries.left_in(package) == {lot: 5}
    assert balanced()


def test_a_part_of_a_package_and_then_the_rest_and_no_more(store: Store, lot: int, package: int) -> None:
    take(store, package, lot, "4")
    with pytest.raises(refusals.BadReturn, match="超过"):
        take(store, package, lot, "5.5")
    take(store, package, lot, "5")
    with pytest.raises(refusals.BadReturn, match="超过"):
        take(store, package, lot, "0.001")
    with pytest.raises(refusals.BadReturn, match="全部退药"):
        take(store, package, lot, "0")
    assert [len(queries.to_judge(store.dispenser.unit)), Return.objects.count()] == [2, 2]


@pytest.mark.parametrize("qty", ["-1", "0.0005"])
def test_no_odd_quantity(store: Store, lot: int, package: int, qty: str) -> None:
    with pytest.raises(refusals.BadReturn):
        take(store, package, lot, qty)


def test_who_took_it_back_does_not_judge_it(store: Store, lot: int, package: int) -> None:
    checker = store.also("check_pharmacist")
    ret = actions.take_back(checker, package, {lot: Decimal(9)}, "wrong_drug", intact=True)
    with pytest.raises(refusals.OwnWork):
        actions.judge(checker, ret, "restock")
    assert on_hand(lot) == 91


@pytest.mark.parametrize(
    ("reason", "intact", "why"),
    [("quality", True, "按退药原因"), ("wrong_drug", False, "不完好")],
)
def test_what_may_not_go_to_the_shelf(
    store: Store, lot: int, package: int, reason: str, intact: bool, why: str
) -> None:
    ret = take(store, package, lot, reason=reason, intact=intact)
    with pytest.raises(refusals.BadReturn, match=why):
        judge(store, ret)
    (card,) = queries.to_judge(store.dispenser.unit)
    assert any(why in str(each) for each in card.barred)
    with pytest.raises(refusals.BadReturn, match="写明"):
        judge(store, ret, "waste", " ")
    judge(store, ret, "waste", "片剂受潮")
    assert on_hand(lot) == 91
    assert not Movement.objects.filter(kind="takeback").exists()


@pytest.mark.parametrize("turn", ["quarantine", "recall"])
def test_a_blocked_lot_is_never_filled_again(store: Store, lot: int, package: int, turn: str) -> None:
    ret = take(store, package, lot)
    getattr(stock, turn)(store.keeper, lot, "厂家通知", rev=Lot.objects.get(pk=lot).rev)
    with pytest.raises(refusals.BadReturn, match="不能放回货架"):
        judge(store, ret)
    assert on_hand(lot) == 91


def test_an_expired_lot_is_never_filled_again(store: Store) -> None:
    lot = store.lot(AMBROXOL, "50", date(2026, 11, 25))
    package = handed(store)
    ret = take(store, package, lot)
    with clock.at(MONDAY + timedelta(days=3)), pytest.raises(refusals.BadReturn, match="已过期"):
        judge(store, ret)


def test_a_lot_blocked_between_the_look_and_the_move_stops_the_shelf(
    store: Store, lot: int, package: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ret = take(store, package, lot)
    stock.quarantine(store.keeper, lot, "待检", rev=Lot.objects.get(pk=lot).rev)
    monkeypatch.setattr("luodi.pharmacy.actions.returning._require_fit", lambda _row: None)
    with pytest.raises(StockMoved):
        judge(store, ret)
    assert not Decision.objects.exists()


def test_cold_goods_that_left_the_house_stay_out(
    store: Store, lot: int, package: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ret = take(store, package, lot)
    monkeypatch.setattr(figures, "is_cold", lambda medicine: medicine == AMBROXOL)
    with pytest.raises(refusals.BadReturn, match="冷藏"):
        judge(store, ret)


def test_controlled_drugs_go_another_way(store: Store, lot: int, package: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "kept", lambda medicine: True)
    with pytest.raises(refusals.BadReturn, match="麻醉、精神药品"):
        take(store, package, lot)


def test_only_what_was_handed_over_and_only_by_its_own_door(store: Store, lot: int, package: int) -> None:
    rx = store.prepared("outpatient", THREE_DAYS)
    (lying,) = (each.pk for each in queries.packages(rx))
    with pytest.raises(refusals.BadReturn, match="没有发出过"):
        take(store, lying, lot)
    relate(store.registrar, queries.packs([package])[package].patient, store.nurse.unit)
    with pytest.raises(refusals.BadReturn, match="病区退药"):
        actions.give_back(store.nurse, package, "refused", intact=True)
    with pytest.raises(refusals.BadReturn, match="原因"):
        take(store, package, lot, reason="refused")
    with pytest.raises(refusals.NotFound):
        take(store, 99999, lot)


def test_what_is_handed_back_may_be_brought_again(store: Store, lot: int, package: int) -> None:
    ret = take(store, package, lot)
    judge(store, ret, "refused", "非质量问题")
    with pytest.raises(refusals.BadReturn, match="已由"):
        judge(store, ret, "restock")
    assert not queries.is_returned(package)
    assert take(store, package, lot, reason="quality") != ret


def test_a_form_sent_twice_takes_back_once(store: Store, lot: int, package: int) -> None:
    one = take(store, package, lot, "3", idempotency="t1")
    assert take(store, package, lot, "3", idempotency="t1") == one
    other = handed(store)
    with pytest.raises(TokenUsed):
        take(store, other, lot, idempotency="t1")
    assert Return.objects.count() == 1


def test_a_recall_counts_what_came_back(store: Store, lot: int, package: int) -> None:
    judge(store, take(store, package, lot, "4"))
    judge(store, take(store, package, lot, "2", reason="quality"), "waste", "受潮")
    found = trace(AMBROXOL, ["A1"])
    (piece,) = found.pieces
    assert (piece.carried.qty, piece.back, piece.left) == (5, 2, 3)
    assert found.sums.gap == 0
    (figure,) = recalled.figures(AMBROXOL, ["A1"])
    assert (figure.packed, figure.on_hand) == (5, 95)
    judge(store, take(store, package, lot, "3"))
    assert trace(AMBROXOL, ["A1"]).sums.gap == 0
    whole = handed(store)
    judge(store, take(store, whole, lot))
    assert [each.carried.package for each in trace(AMBROXOL, ["A1"]).pieces] == [package]


@pytest.mark.law
def test_many_decide_at_once_and_stock_comes_back_once(open_store: Store) -> None:
    store = open_store
    lot = store.lot(AMBROXOL, "100")
    package = handed(store)
    ret = take(store, package, lot)
    checker = store.also("check_pharmacist")
    answers = together([lambda: actions.judge(checker, ret, "restock")] * 3 + [
        lambda: actions.judge(checker, ret, "waste", "受潮")
    ])  # fmt: skip
    assert sum(not isinstance(each, Refusal) for each in answers) == 1
    restocked = Decision.objects.get().outcome == "restock"
    assert on_hand(lot) == (100 if restocked else 91)
    assert balanced()


@pytest.mark.law
def test_many_bring_one_package_at_once(open_store: Store) -> None:
    store = open_store
    lot = store.lot(AMBROXOL, "100")
    package = handed(store)
    answers = together([lambda: take(store, package, lot, "5")] * 4)
    assert sum(isinstance(each, refusals.BadReturn) for each in answers) == 3
    assert queries.left_in(package) == {lot: 4}


@pytest.mark.law
@pytest.mark.parametrize("seed", range(2))
def test_never_more_comes_back_than_left(open_store: Store, seed: int) -> None:
    store, rng = open_store, Random(seed)
    lots = {AMBROXOL: store.lot(AMBROXOL, "100", FAR, "A"), LORATADINE: store.lot(LORATADINE, "50")}
    packages = [handed(store, THREE_DAYS, DAILY) for _each in range(2)]
    out = {medicine: Lot.objects.get(pk=lot).on_hand for medicine, lot in lots.items()}
    for _turn in range(40):
        try:
            if rng.random() < 0.6:
                reason = rng.choice([*taking.reasons(taking.WINDOW)])
                take(store, rng.choice(packages), lots[AMBROXOL], str(rng.randrange(1, 6)), reason)
            elif (row := Return.objects.filter(decision=None).order_by("?").first()) is not None:
                judge(store, row.pk, rng.choice([*taking.OUTCOMES]))
        except Refusal:
            continue
        assert all(0 <= qty <= 9 for package in packages for qty in queries.left_in(package).values())
        assert trace(AMBROXOL, ["A"]).sums.gap == 0
    assert out[AMBROXOL] <= on_hand(lots[AMBROXOL]) <= 100
    assert balanced()


def test_the_screens_from_the_scan_to_the_judgement(store: Store, lot: int, package: int) -> None:
    client = at(store.dispenser)
    code = Package.objects.get(pk=package).barcode
    assert "没有待判定的退药" in page(client, "returns")
    assert "条码" in shown(post(client, "return_scan", code="12345678"), 422)
    answer = post(client, "return_scan", code=code)
    assert answer["Location"] == reverse("pharmacy:take_back", args=[package])
    form = page(client, "take_back", package)
    wrong = post(client, "take_back", package, **{f"lot-{lot}": "99", "reason": ""})
    assert "退回数量" in shown(wrong, 422)
    posted = {f"lot-{lot}": "9", "reason": "wrong_drug", "intact": "on", "idempotency": token_of(form)}
    assert twice(client, reverse("pharmacy:take_back", args=[package]), posted).status_code == 303
    (ret,) = Return.objects.values_list("pk", flat=True)
    assert "测试患者" in page(client, "returns")
    assert "另一位药师" not in page(client, "return", ret), "a dispenser does not judge"
    checker = at(store.also("check_pharmacist"))
    assert "质量判定" in page(checker, "return", ret)
    assert "写明" in shown(post(checker, "return", ret, outcome="waste", words=""), 422)
    assert post(checker, "return", ret, outcome="restock", words="").status_code == 303
    assert "合格，放回货架" in page(checker, "returns")
    assert "已全部退药" in page(client, "take_back", package)
    assert client.get(reverse("pharmacy:return", args=[99999])).status_code == 404
