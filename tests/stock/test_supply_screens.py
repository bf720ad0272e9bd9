"""The screens of the stock chain as a browser without JavaScript uses them."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from luodi.stock import actions as stock
from luodi.stock.models import Cargo, Lot, Order, Sheet, Stocktake, Transfer, Use
from tests.orders.place import relate
from tests.pharmacy.test_screens import at, page, post
from tests.stock.chain import AMBROXOL, FAR, Chain, conserved


def token(text: str) -> str:
    found = re.search(r'name="idempotency" value="([^"]+)"', text)
    assert found
    return found[1]


TABS = ("overview", "places", "orders", "transfers", "stocktakes", "expiry", "months")


@pytest.mark.parametrize("name", TABS)
@pytest.mark.parametrize("full", [False, True])
def test_every_tab_opens_empty_and_full(chain: Chain, name: str, full: bool) -> None:
    if full:
        chain.deliver()
        chain.sent()
        stock.open_stocktake(chain.keeper)
        stock.draft_order(chain.buyer, chain.supplier, [stock.OrderWish(AMBROXOL, Decimal(3), Decimal(1))])
    for who in (chain.keeper, chain.head, chain.buyer):
        text = page(at(who), f"stock:{name}")
        assert all(reverse(f"stock:{each}") in text for each in TABS)


def test_from_a_suggestion_to_goods_on_the_shelf(chain: Chain) -> None:
    stock.set_levels(chain.head, chain.central, AMBROXOL, Decimal(10), Decimal(60))
    buyer, keeper = at(chain.buyer), at(chain.keeper)
    text = page(buyer, "stock:suggestions")
    assert 'value="60"' in text
    names = {f"qty-{AMBROXOL}": "40", f"price-{AMBROXOL}": "0.5", "supplier": chain.supplier}
    again = {**names, "idempotency": token(text)}
    for _twice in range(2):
        assert post(buyer, "stock:suggestions", **again).status_code == 303
    order = Order.objects.get()
    assert post(buyer, "stock:order_turn", order.pk, turn="submit", rev=0).status_code == 303
    assert post(at(chain.approver), "stock:order_turn", order.pk, turn="decline", rev=1).status_code == 422
    assert post(at(chain.approver), "stock:order_turn", order.pk, turn="approve", rev=1).status_code == 303
    assert post(buyer, "stock:order_turn", order.pk, turn="send", rev=2).status_code == 303
    assert reverse("stock:inspection", args=[order.pk]) in page(keeper, "stock:order", order.pk)
    text = page(keeper, "stock:inspection", order.pk)
    prefix = re.search(r'name="(\d+)-lot_no"', text)[1]  # type: ignore[index]
    row = {"lot_no": "S1", "expiry": FAR.isoformat(), "qty": "40", "accepted": "39", "price": "0.5", "packaging": "on"}
    sent = {f"{prefix}-{key}": value for key, value in row.items()} | {"idempotency": token(text)}
    refused = post(keeper, "stock:inspection", order.pk, **sent)
    assert refused.status_code == 422
    assert 'value="39' in refused.content.decode(), "what was typed is kept"
    sent |= {f"{prefix}-certificate": "R1", f"{prefix}-reason": "damaged"}
    assert post(keeper, "stock:inspection", order.pk, **sent).status_code == 303
    assert (chain.held(chain.central), Order.objects.get().state) == (39, "partial")
    assert "拒收待退回供应商" in page(keeper, "stock:orders")


def test_a_transfer_from_request_to_receipt(chain: Chain) -> None:
    chain.deliver()
    asker, keeper = at(chain.dispensary), at(chain.keeper)
    sent = {"drug-0": "氨溴", "qty-0": "30", "source": chain.central, "idempotency": token(page(asker, "stock:asking"))}
    assert post(asker, "stock:asking", **sent | {"drug-0": "没有这种药"}).status_code == 422
    assert post(asker, "stock:asking", **sent | {"drug-0": AMBROXOL, "qty-0": "三十"}).status_code == 422
    assert post(asker, "stock:asking", **sent | {"drug-0": AMBROXOL}).status_code == 303
    pk = Transfer.objects.get().pk
    assert f'name="qty-{AMBROXOL}"' not in page(asker, "stock:transfer", pk), "who asked does not send"
    assert f'name="qty-{AMBROXOL}"' in page(keeper, "stock:transfer", pk)
    assert post(keeper, "stock:transfer_turn", pk, turn="send", rev=0, **{f"qty-{AMBROXOL}": "30"}).status_code == 303
    name = f"qty-{Cargo.objects.get().pk}"
    assert name in page(asker, "stock:transfer", pk)
    assert post(asker, "stock:transfer_turn", pk, turn="receive", rev=1, **{name: "29"}).status_code == 422
    sent = {name: "29", "reason": "少一片"}
    assert post(asker, "stock:transfer_turn", pk, turn="receive", rev=1, **sent).status_code == 303
    approver = at(chain.approver)
    assert "丢失，核销" in page(approver, "stock:transfer", pk)
    assert post(approver, "stock:transfer_turn", pk, turn="lost", reason="查清", rev=2).status_code == 303
    assert conserved()


def test_the_sheet_of_a_stocktake_is_blind(chain: Chain) -> None:
    chain.deliver(qty="137")
    first, second = at(chain.keeper), at(chain.second)
    assert post(first, "stock:stocktakes", shelf="").status_code == 303
    pk, sheet = Stocktake.objects.get().pk, Sheet.objects.get()
    assert "137" not in page(first, "stock:stocktake", pk)
    seen = Lot.objects.get().rev
    counted = {f"c-{sheet.pk}": "130", f"s-{sheet.pk}": seen, "turn": "submit"}
    assert post(first, "stock:stocktake", pk, rev=0, **counted).status_code == 303
    assert "137" not in page(second, "stock:stocktake", pk)
    assert post(first, "stock:stocktake", pk, rev=1, **counted).status_code == 422
    assert post(second, "stock:stocktake", pk, rev=1, **counted).status_code == 303
    text = page(at(chain.approver), "stock:stocktake", pk)
    assert "137" in text
    assert "-7" in text
    assert post(at(chain.approver), "stock:stocktake", pk, rev=2, turn="approve").status_code == 303
    assert chain.held(chain.central) == 130


def test_a_month_is_a_table(chain: Chain) -> None:
    chain.deliver()
    answer = at(chain.head).get(reverse("stock:months") + "?month=2026-11&csv=1")
    assert answer["Content-Type"].startswith("text/csv")
    assert post(at(chain.head), "stock:months", month="2026-11").status_code == 422, "it is not over"
    assert page(at(chain.head), "stock:months").count("没有库存变动") == 1


def test_a_cabinet_on_the_ward(chain: Chain) -> None:
    patient = chain.store.place.patient()
    relate(chain.nurse, patient, chain.nurse.unit)
    nurse = at(chain.nurse)
    stock.set_levels(chain.head, chain.cabinet, AMBROXOL, Decimal(5), Decimal(10))
    chain.deliver()
    text = page(nurse, "stock:cabinets")
    asked = {"turn": "refill", "unit": chain.cabinet, "source": chain.central, "idempotency": token(text)}
    for _twice in range(2):
        assert post(nurse, "stock:cabinets", **asked).status_code == 303
    pk = Transfer.objects.get().pk
    stock.send(chain.keeper, pk, {AMBROXOL: Decimal(10)}, rev=0)
    cargo = Cargo.objects.get().pk
    got = {"turn": "receive", "transfer": pk, "rev": 1, f"qty-{cargo}": "10"}
    assert post(nurse, "stock:cabinets", **got).status_code == 303
    taken = {"turn": "use", "unit": chain.cabinet, "medicine": AMBROXOL, "qty": "1"}
    assert post(nurse, "stock:cabinets", **taken, wristband="X").status_code == 422
    use = stock.use(chain.nurse, chain.cabinet, AMBROXOL, Decimal(1), patient)
    assert str(patient) not in re.findall(r"取用记录.*", page(nurse, "stock:cabinets"))
    assert post(nurse, "stock:cabinets", turn="unuse", use=use, reason="").status_code == 422
    assert post(nurse, "stock:cabinets", turn="unuse", use=use, reason="患者拒绝").status_code == 303
    assert Use.objects.get().ended.reason == "患者拒绝"
    assert chain.held(chain.cabinet) == 10


def test_the_pad_says_what_the_pharmacy_lacks(chain: Chain) -> None:
    place = chain.store.place
    rx, doctor = place.draft(), at(place.doctor)
    line = {"dose": "30", "dose_unit": "mg", "route": "po", "frequency": "tid", "days": "3", "quantity": ""}
    sent = line | {"medicine": AMBROXOL}
    assert "缺药" in post(doctor, "orders:check", rx, **sent).content.decode()
    chain.store.lot(AMBROXOL, "8")
    assert "缺药：药房现有 8" in post(doctor, "orders:check", rx, **sent).content.decode()
    chain.store.lot(AMBROXOL, "1")
    answer = post(doctor, "orders:check", rx, **sent).content.decode()
    assert "缺药" not in answer
    assert "共" in answer
