"""Every form of the pharmacy, sent twice."""

from decimal import Decimal

from django.urls import reverse

from luodi.pharmacy import barcode
from luodi.pharmacy.models import Mismatch
from luodi.stock import queries as shelves
from luodi.stock.models import Lot, Minimum, Movement
from tests.pharmacy.store import AMBROXOL, DAILY, THREE_DAYS, Store, balanced
from tests.pharmacy.test_screens import at, page, shown
from tests.sending import token_of, twice


def to(name: str, *args: object) -> str:
    return reverse(name if ":" in name else f"pharmacy:{name}", args=args)


def test_a_review_and_a_return(store: Store) -> None:
    client = at(store.pharmacist)
    rx, other = store.signed("outpatient", THREE_DAYS), store.signed("outpatient", DAILY)
    second = twice(client, to("verdict", rx), {"verdict": "pass", "rev": store.rev(rx)})
    assert "内容已有变化" in shown(second, 422)
    posted = {"verdict": "return", "rev": store.rev(other), "reasons": ["2-5"], "text": "请复核"}
    assert "内容已有变化" in shown(twice(client, to("verdict", other), posted), 422)


def test_from_picking_to_the_window(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.ready("outpatient", THREE_DAYS)
    dispenser, checker = at(store.dispenser), at(store.checker)
    for client, name, posted in (
        (dispenser, "preparation", {}),
        (dispenser, "undoing", {"reason": "damaged"}),
        (dispenser, "preparation", {}),
        (checker, "checking", {"scanned": None}),
        (checker, "handing", {"asked": ["name", "birth_date"]}),
    ):
        scans = {"scanned": store.codes(rx)} if "scanned" in posted else {}
        second = twice(client, to(name, rx), posted | scans | {"rev": store.rev(rx)})
        assert "没有保存" in shown(second, 422), name
    assert Lot.objects.get().on_hand == 91
    assert balanced()


def test_back_to_the_doctor(store: Store) -> None:
    rx = store.ready("outpatient", THREE_DAYS)
    posted = {"rev": store.rev(rx), "reasons": "X-1", "text": "请换药"}
    assert "内容已有变化" in shown(twice(at(store.dispenser), to("sending_back", rx), posted), 422)


def test_one_wrong_scan_is_one_near_miss(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    checker = at(store.checker)
    posted = {"code": barcode.new(), "idempotency": token_of(page(checker, "desk", rx))}
    second = twice(checker, to("scan", rx), posted)
    assert "没有这个包装条码" in shown(second, 422)
    checker.post(to("scan", rx), posted | {"idempotency": "another-form"})
    assert Mismatch.objects.count() == 2, "a new scan of the same package is another near miss"


def test_goods_come_in_once(store: Store) -> None:
    keeper = at(store.keeper)
    goods = {"medicine": AMBROXOL, "lot_no": "B7", "expiry": "2028-01-31", "qty": "40"}
    form = shown(keeper.post(to("stock:receipt"), {"medicine": AMBROXOL}))
    goods["idempotency"] = token_of(form)
    second = twice(keeper, to("stock:receipt"), goods)
    assert second.status_code == 303, "the person sees what the first did"
    assert Lot.objects.get().on_hand == 40
    again = keeper.post(to("stock:receipt"), goods | {"idempotency": "another-form"})
    assert again.status_code == 303
    assert Lot.objects.get().on_hand == 80, "another form is another delivery"
    other = keeper.post(to("stock:receipt"), goods | {"lot_no": "B8"})
    assert "这张表单已经用过" in shown(other, 422)
    assert Movement.objects.count() == 2
    assert balanced()


def test_counts_minimums_and_states(store: Store) -> None:
    lot, keeper = store.lot(AMBROXOL), at(store.keeper)
    rev = shelves.lot(store.units["PHA"], lot).rev
    second = twice(
        keeper, to("stock:counting", lot), {"rev": rev, "counted": "98", "reason": "lost"} | store.approving()
    )
    assert "刚刚有变化" in shown(second, 422)
    twice(keeper, to("stock:minimum", AMBROXOL), {"least": "20"})
    assert Minimum.objects.get().least == Decimal(20)
    for turn in ("quarantine", "release", "recall"):
        rev = shelves.lot(store.units["PHA"], lot).rev
        second = twice(keeper, to("stock:turning", lot), {"rev": rev, "turn": turn, "reason": "外观异常"})
        assert "刚刚有变化" in shown(second, 422), turn
    assert balanced()
