"""What a scanner may bring to the pharmacy's screens, and the sentence that answers it, in both languages."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from luodi.patients import queries as patients
from luodi.pharmacy import actions, barcode
from luodi.stock import gs1
from luodi.trust import clock
from tests.orders.place import refused
from tests.pharmacy.store import AMBROXOL, MONDAY, THREE_DAYS, Store
from tests.pharmacy.test_screens import GTIN, at, page, post, shown

LONG = "9" * 1_000_000
WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


def english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def band(store: Store) -> str:
    encounter = store.encounter("inpatient")
    from luodi.chart import queries as charts

    return patients.wristband(charts.encounter(encounter).patient, encounter)


@pytest.mark.parametrize(
    ("scan", "zh", "en"),
    [
        ("Y0123456789", "没有扫全", "not read whole"),
        ("known-form", "系统中没有这个包装条码", "No package has this barcode"),
        ("band", "这是患者的腕带", "wristband, not a package"),
        ("record", "这是病案号条码", "a record number"),
        (f"01{GTIN}", "药盒上的商品条码", "the code of the box"),
        ("6901234567892", "药盒上的商品条码", "the code of the box"),
        (LONG, "扫描到的内容太长", "too long"),
        ("'; DROP TABLE pharmacy_package;--", "没有扫全", "not read whole"),
    ],
)
@pytest.mark.parametrize("where", ["find", "scan"])
def test_what_is_no_package_is_told_in_both_languages(store: Store, where: str, scan: str, zh: str, en: str) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    record = patients.card(store.patient()).record_no
    code = {"known-form": barcode.new(), "band": band(store), "record": record}.get(scan, scan)
    args = (rx,) if where == "scan" else ()
    client = at(store.checker)
    text = shown(post(client, where, *args, code=code), 422)
    assert zh in text
    assert "请" in text
    assert len(text) < 100_000, "what was scanned is not sent back whole"
    assert en in shown(post(english(client), where, *args, code=code), 422)


def test_torn_and_foreign_labels(store: Store) -> None:
    store.lot(AMBROXOL)
    rx, other = store.prepared("outpatient", THREE_DAYS), store.prepared("outpatient", THREE_DAYS)
    (torn,) = store.codes(rx)
    actions.unprepare(store.dispenser, rx, "damaged", rev=store.rev(rx))
    checker = at(store.checker)
    assert "旧标签" in shown(post(checker, "find", code=torn), 422)
    actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    assert "请撕掉旧标签" in shown(post(checker, "scan", rx, code=torn), 422)
    text = shown(post(checker, "scan", rx, code=store.codes(other)[0]), 422)
    assert "属于另一张处方" in text
    assert "放回原来的药篮" in text


def test_full_width_and_lower_case_are_the_same_code(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    (code,) = store.codes(rx)
    checker = at(store.checker)
    for typed in (code.lower(), code.translate(WIDE), code.lower().translate(WIDE), f" {code}\x1d"):
        assert post(checker, "find", code=typed).url == reverse("pharmacy:desk", args=[rx])
        assert "还有 0 个没有扫描" in shown(post(checker, "scan", rx, code=typed))


def test_a_package_of_a_lot_that_expired_or_was_handed_over(store: Store) -> None:
    store.lot(AMBROXOL, expiry=date(2026, 11, 24))
    rx = store.prepared("outpatient", THREE_DAYS)
    code = store.codes(rx)
    with clock.at(MONDAY + timedelta(days=2)), refused("lot_blocked"):
        actions.check(store.checker, rx, code, rev=store.rev(rx))
    ward = store.ready("inpatient", THREE_DAYS)
    actions.prepare(store.dispenser, ward, rev=store.rev(ward))
    actions.check(store.checker, rx, code, rev=store.rev(rx))
    actions.hand_over(store.checker, rx, rev=store.rev(rx), asked=["name", "birth_date"])
    checker = at(store.checker)
    opened = shown(checker.get(post(checker, "find", code=code[0]).url))
    assert "已发药" in opened
    again = shown(post(checker, "checking", rx, rev=store.rev(rx), scanned=code), 422)
    assert "现在的环节是“已发药”" in again


def test_boxes_at_the_receipt(store: Store) -> None:
    keeper = at(store.keeper)
    old = f"01{GTIN}17261101" + "10B8"
    text = shown(post(keeper, "stock:receiving", code=old))
    assert "2026-11-01" in text
    assert "已经过期，不能入库" in text
    assert "has expired" in shown(post(english(at(store.keeper)), "stock:receiving", code=old))
    assert "B8" in shown(post(keeper, "stock:receiving", code=f"01{GTIN}1728013110B8".translate(WIDE)))
    for odd in ("01" + "፩" * 14, "17²²²²²²", LONG, "Y" + "0" * 11):
        answer = post(keeper, "stock:receiving", code=odd)
        text = shown(answer, 422 if odd == LONG else 200)
        assert "重新扫描" in text
        assert len(text) < 100_000


def test_digits_of_other_scripts_are_no_digits() -> None:
    for odd in ("01" + "፩" * 14, "17" + "፩" * 6, "(17)²²²²²²"):
        try:
            gs1.read(odd)
        except gs1.UnreadableError:
            continue
        assert gs1.read(odd).expiry is not None, odd


def test_a_page_that_lost_its_hidden_values_says_so(store: Store) -> None:
    rx = store.ready("outpatient", THREE_DAYS)
    assert "请刷新后重新操作" in shown(post(at(store.dispenser), "sending_back", rx, rev="x", reasons="X-1"), 422)
    assert page(at(store.dispenser), "desk", rx)
