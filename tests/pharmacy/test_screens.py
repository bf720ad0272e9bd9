"""The screens as a browser without JavaScript uses them."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from luodi.chart import actions as chart
from luodi.chart.types import Obs
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import actions, barcode, queries
from luodi.pharmacy.models import Mismatch
from luodi.stock import actions as stock
from luodi.stock.models import Lot
from luodi.trust import clock, sessions
from luodi.trust.actor import Actor
from luodi.trust.models import Entry, Holding
from tests.pharmacy.store import AMBROXOL, DAILY, LORATADINE, MONDAY, THREE_DAYS, Store, wish

GTIN = "09506000134352"
EYE_DROPS = "M0583"  # dosed by the drop, dispensed by the bottle


def at(who: Actor) -> Client:
    client = Client()
    holding = Holding.objects.filter(staff=who.staff, post__code=who.post).get()
    token, _row = sessions.begin(who.staff, "test", second_factor=True, holding=holding.pk)
    client.cookies[sessions.COOKIE] = token
    return client


def shown(response, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    text = response.content.decode()
    assert " style=" not in text
    keys = re.findall(r'data-key="([^"]+)"', text)
    assert len(keys) == len(set(keys)), keys
    return text


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    return shown(client.get(reverse(name if ":" in name else f"pharmacy:{name}", args=args)), status)


def post(client: Client, name: str, *args: object, **data: object):
    return client.post(reverse(name if ":" in name else f"pharmacy:{name}", args=args), data)


def test_the_queue_names_the_patient_and_records_the_reading(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    text = page(at(store.pharmacist), "review")
    assert "测试患者" in text
    assert reverse("pharmacy:sheet", args=[rx]) in text
    assert Entry.objects.filter(verb="read").exists()


def test_the_sheet_shows_patient_findings_and_lines(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS, DAILY)
    text = page(at(store.pharmacist), "sheet", rx)
    for words in ("氨溴索", "氯雷他定", "否认过敏", "J18", "体重", "2-5"):
        assert words in text, words


def test_no_raw_unit_is_shown_beside_a_patient(store: Store) -> None:
    """UCUM is for machines; the codes below are those that laboratory and vital signs are kept in."""
    rx = store.signed("inpatient", THREE_DAYS)
    card = prescriptions.prescription(rx)
    measured = [("BT", "38.2", "Cel"), ("SBP", "120", "mm[Hg]"), ("HR", "88", "/min"), ("WBC", "9.1", "10*9/L"),
                ("PLT", "210", "10^9/L"), ("CREA", "88", "umol/L"), ("EGFR", "54", "mL/min/1.73m2")]  # fmt: skip
    seen = [Obs(code, Decimal(value), unit) for code, value, unit in measured]
    chart.observe(store.ward_doctor, card.patient, card.encounter, seen)
    sheet = page(at(store.pharmacist), "sheet", rx)
    doctor = at(store.ward_doctor)
    visit, record, printed = (
        shown(doctor.get(reverse(f"chart:{name}", args=args)))
        for name, args in (
            ("encounter", (card.patient, card.encounter)),
            ("record", (card.patient,)),
            ("print", (card.patient, card.encounter)),
        )
    )
    for words in ("°C", "mmHg", "次/分", "10⁹/L", "µmol/L", "mL/min/1.73m²"):
        assert words in sheet, words
    for text in (sheet, visit, record, printed):
        for raw in (*(unit for _code, _value, unit in measured[:6]), "1.73m2"):
            assert f">{raw}<" not in text, raw
            assert f" {raw}<" not in text, raw


def test_pass_and_return_on_screen(store: Store) -> None:
    client = at(store.pharmacist)
    one, other = store.signed("outpatient", THREE_DAYS), store.signed("outpatient", DAILY)
    answer = post(client, "verdict", one, verdict="pass", rev=store.rev(one))
    assert answer.status_code == 303
    assert "已通过" in shown(client.get(answer.url))
    wrong = shown(post(client, "verdict", other, verdict="return", rev=store.rev(other), text="请复核"), 422)
    assert "退回须选择至少一项原因" in wrong
    assert "请复核" in wrong
    answer = post(client, "verdict", other, verdict="return", rev=store.rev(other), reasons=["2-5"], text="请复核")
    assert answer.status_code == 303
    assert (store.step(one), store.step(other)) == (Step.REVIEWED, Step.RETURNED)
    told = page(at(store.doctor), "returned", other)
    assert "请复核" in told
    assert "2-5" in told


def test_a_stale_sheet_is_refused_and_keeps_what_was_typed(store: Store) -> None:
    rx = store.signed("outpatient", THREE_DAYS)
    text = shown(
        post(at(store.pharmacist), "verdict", rx, verdict="return", rev=0, reasons=["2-5"], text="保留这句话"), 422
    )
    assert "保留这句话" in text
    assert 'value="2-5" checked' in text
    assert store.step(rx) == Step.SIGNED


def test_from_basket_to_hand_over_on_screen(store: Store) -> None:
    lot = store.lot(AMBROXOL, "100")
    rx = store.ready("outpatient", THREE_DAYS)
    dispenser, checker = at(store.dispenser), at(store.checker)
    assert reverse("pharmacy:desk", args=[rx]) in page(dispenser, "dispense")
    assert "A-01" in page(dispenser, "desk", rx)
    assert post(dispenser, "preparation", rx, rev=store.rev(rx)).status_code == 303
    (code,) = store.codes(rx)
    labels = page(dispenser, "labels", rx)
    assert "每次 1 片（30 mg）" in labels
    assert code in labels
    assert "肺炎" not in labels
    assert page(dispenser, "label", rx, 1).count("sheet label") == 1
    desk = page(checker, "desk", rx)
    assert code not in desk  # the second check is a scan, not a copy from the screen
    assert "没有扫全" in shown(post(checker, "scan", rx, code="Y000"), 422)
    assert not Mismatch.objects.exists()  # half a scan is no near miss
    assert "还有 1 个没有扫描" in shown(post(checker, "scan", rx, code=barcode.new()), 422)
    assert Mismatch.objects.get().kind == "unknown"
    assert "没有扫描" in shown(post(checker, "checking", rx, rev=store.rev(rx)), 422)
    scanned = shown(post(checker, "scan", rx, code=code.lower()))
    assert f'name="scanned" value="{code}"' in scanned
    assert post(checker, "checking", rx, rev=store.rev(rx), scanned=[code]).status_code == 303
    assert "至少两项" in shown(post(checker, "handing", rx, rev=store.rev(rx), asked=["name"]), 422)
    assert post(checker, "handing", rx, rev=store.rev(rx), asked=["name", "record_no"]).status_code == 303
    assert store.step(rx) == Step.DISPENSED
    assert Lot.objects.get(pk=lot).on_hand == 91
    assert "已发药" in page(dispenser, "desk", rx)


def test_a_scan_at_the_baskets_opens_its_prescription(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    client = at(store.checker)
    assert post(client, "find", code=store.codes(rx)[0]).url == reverse("pharmacy:desk", args=[rx])
    for wrong in ("", "Y000", "<script>alert(1)</script>", "😀" * 50):
        assert "<script>alert" not in shown(post(client, "find", code=wrong), 422)
    assert reverse("pharmacy:desk", args=[rx]) in page(client, "check")


def test_short_stock_and_return_to_the_doctor_on_screen(store: Store) -> None:
    store.lot(LORATADINE, "1")
    rx = store.ready("outpatient", DAILY)
    client = at(store.dispenser)
    assert "库存不足" in page(client, "desk", rx)
    assert "库存不足" in shown(post(client, "preparation", rx, rev=store.rev(rx)), 422)
    answer = post(client, "sending_back", rx, rev=store.rev(rx), reasons="X-1", text="请换药")
    assert answer.status_code == 303
    assert queries.returned(rx).text == "请换药"


def test_undo_on_screen(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    client = at(store.dispenser)
    shown(post(client, "undoing", rx, rev=store.rev(rx), reason=""), 422)
    assert post(client, "undoing", rx, rev=store.rev(rx), reason="damaged").status_code == 303
    assert store.step(rx) == Step.UNPREPARED


def test_labels_of_nothing_are_refused_in_words(store: Store) -> None:
    rx = store.ready("outpatient", THREE_DAYS)
    assert "请先调配" in page(at(store.dispenser), "labels", rx, status=404)


def test_receiving_by_search_and_by_scan(store: Store) -> None:
    client = at(store.keeper)
    found = shown(post(client, "stock:receiving", code="AXS"))
    assert f'value="{AMBROXOL}"' in found
    chosen = shown(post(client, "stock:receipt", medicine=AMBROXOL))
    assert "批号" in chosen
    goods = {"medicine": AMBROXOL, "lot_no": "B7", "expiry": "2028-01-31", "qty": "120", "place": "C-01"}
    assert "已过有效期" in shown(post(client, "stock:receipt", **(goods | {"expiry": "2026-11-22"})), 422)
    assert post(client, "stock:receipt", **(goods | {"product": GTIN})).status_code == 303
    again = shown(post(client, "stock:receiving", code=f"01{GTIN}1728013110B8"))
    assert 'value="B8"' in again
    assert 'value="2028-01-31"' in again
    assert f'value="{AMBROXOL}"' in again
    new = shown(post(client, "stock:receiving", code="01095060001343691728013110B9"))
    assert "第一次扫到" in new
    carried = shown(
        post(client, "stock:receiving", code="LLTD", product="09506000134369", lot_no="B9", expiry="2028-01-31")
    )
    assert 'name="product" value="09506000134369"' in carried
    shown(post(client, "stock:receipt", medicine="M9999"), 404)


def test_stock_at_a_glance_and_a_blind_count(store: Store) -> None:
    lot = store.lot(AMBROXOL, "77")
    stock.set_minimum(store.keeper, AMBROXOL, Decimal(100))
    client = at(store.keeper)
    assert "低于最低" in page(client, "stock:overview")
    assert "氨溴索" in shown(client.post(reverse("stock:overview"), {"text": "axs"}))
    assert "氨溴索" in page(client, "stock:medicine", AMBROXOL)
    assert "入库" in page(client, "stock:lot", lot)
    sheet = page(client, "stock:counting", lot).split("<main")[1].split("</main>")[0]
    assert "氨溴索" in sheet
    read = re.sub(r'value="[^"]{16,}"', "", sheet)  # without the random tokens of the form
    assert "77" not in read  # blind: the book's figure is not on the page
    rev = Lot.objects.get(pk=lot).rev
    shown(post(client, "stock:counting", lot, rev=rev, counted="-1", reason="routine"), 422)
    lost = {"rev": rev, "counted": "75", "reason": "lost"}
    assert "须另一人审批" in shown(post(client, "stock:counting", lot, **lost), 422)
    wrong = store.approving() | {"password": "wrong"}
    shown(post(client, "stock:counting", lot, **lost, **wrong), 422)
    assert Lot.objects.get(pk=lot).on_hand == 77
    assert post(client, "stock:counting", lot, **lost, **store.approving()).status_code == 303
    assert "刚刚有变化" in shown(post(client, "stock:counting", lot, **lost, **store.approving()), 422)
    assert post(client, "stock:minimum", AMBROXOL, least="50").status_code == 303


def test_quarantine_release_recall_on_screen(store: Store) -> None:
    lot = store.lot(AMBROXOL, "77")
    client = at(store.keeper)
    for turn, words in (("quarantine", "已隔离"), ("release", "可用"), ("recall", "已召回")):
        rev = Lot.objects.get(pk=lot).rev
        shown(post(client, "stock:turning", lot, rev=rev, turn=turn, reason=""), 422)
        assert post(client, "stock:turning", lot, rev=rev, turn=turn, reason="厂家通知").status_code == 303
        assert words in page(client, "stock:medicine", AMBROXOL)
    shown(post(client, "stock:turning", lot, rev=99, turn="explode", reason="x"), 422)


@pytest.mark.parametrize("name", ["review", "stock:overview", "stock:receiving"])
def test_each_screen_asks_for_its_permission(store: Store, name: str) -> None:
    page(at(store.nurse), name, status=403)


def test_a_stranger_has_no_care_of_the_patient(store: Store) -> None:
    store.lot(AMBROXOL)
    rx = store.prepared("outpatient", THREE_DAYS)
    page(at(store.stranger), "desk", rx, status=403)
    actions.unprepare(store.dispenser, rx, "damaged")


def holds_bottles(text: str) -> None:
    """Eye drops are counted by the bottle; 支 is the kept word, "container" that of a form which is not known."""
    for unit, there in (("bottle", True), ("支", False), ("container", False)):
        assert bool(re.search(rf"\d(&nbsp;|<[^>]*>|\s)*{unit}|(in|按)\s+{unit}", text)) is there, unit


def test_an_english_bench_reads_units_in_english_and_the_label_stays_chinese(store: Store) -> None:
    drops = wish(EYE_DROPS, "1", "滴", frequency="qid", route="oph")
    lot = store.lot(EYE_DROPS, "1")
    store.lot(AMBROXOL, "100")
    client, keeper, reviewer = at(store.dispenser), at(store.keeper), at(store.pharmacist)
    for browser in (client, keeper, reviewer):
        browser.cookies["luodi_language"] = "en"
    for text in (
        page(keeper, "stock:overview"),
        page(keeper, "stock:medicine", EYE_DROPS),
        page(keeper, "stock:lot", lot),
        shown(post(keeper, "stock:receipt", medicine=EYE_DROPS)),
    ):
        holds_bottles(text)
    signed = store.signed("outpatient", drops._replace(quantity=Decimal(4)))
    holds_bottles(page(reviewer, "sheet", signed))
    actions.review(store.pharmacist, signed, "pass", rev=store.rev(signed))
    holds_bottles(page(client, "desk", signed))
    refused = shown(post(client, "preparation", signed, rev=store.rev(signed)), 422)
    said = re.findall(r"wanted 4 [^<]*", refused)
    assert len(said) == 2, "the refusal, and the plan below it"
    for short in said:
        holds_bottles(short)
    rx = store.ready("outpatient", THREE_DAYS, drops._replace(quantity=Decimal(1)))
    holds_bottles(page(client, "desk", rx))
    actions.prepare(store.dispenser, rx, rev=store.rev(rx))
    holds_bottles(page(client, "desk", rx))
    labels = page(client, "labels", rx)
    assert "× 1 支" in labels
    assert "每次 1 片" in labels
    assert "bottle" not in labels
    kept = prescriptions.prescription(rx).lines
    assert [(line.dose_unit, line.pack_unit) for line in kept] == [("mg", "片"), ("滴", "支")]


def test_a_part_is_offered_where_the_shelf_lacks_something(store: Store) -> None:
    store.lot(AMBROXOL, "5")
    store.lot(LORATADINE, "100")
    rx = store.ready("outpatient", THREE_DAYS, DAILY)
    line, other = (each.pk for each in prescriptions.prescription(rx).lines)
    client = at(store.dispenser)
    text = page(client, "desk", rx)
    assert "先发一部分，其余记欠药" in text
    assert f'action="{reverse("pharmacy:preparation", args=[rx])}"' not in text
    rev = store.rev(rx)
    wrong = post(client, "preparing_part", rx, rev=rev, **{f"part-{line}": "5", f"part-{other}": "2"})
    assert "足量发出" in shown(wrong, 422)
    wrong = post(client, "preparing_part", rx, rev=rev, **{f"part-{line}": "99", f"part-{other}": ""})
    assert 'id="part"' in shown(wrong, 422)
    answer = post(client, "preparing_part", rx, rev=rev, **{f"part-{line}": "5", f"part-{other}": "3"})
    assert answer.status_code == 303
    assert "5" in page(client, "desk", rx)
    actions.check(store.also("check_pharmacist"), rx, store.codes(rx), rev=store.rev(rx))
    answer = post(client, "handing", rx, rev=store.rev(rx), asked=["name", "birth_date"])
    assert answer["Location"].startswith(reverse("pharmacy:desk", args=[rx]))
    text = page(client, "desk", rx)
    assert "部分已发，欠药待补" in text
    assert "已发出的部分" in text
    assert "测试患者" in page(client, "debts")
    slip = page(client, "debt_slip", rx)
    assert "还没有给您的药" in slip
    assert f'class="button" href="{reverse("pharmacy:debts")}"' in page(client, "dispense")
    answer = post(client, "debt_end", rx, rev=store.rev(rx), reason="")
    assert "请" in shown(answer, 422)
    answer = post(client, "debt_end", rx, rev=store.rev(rx), reason="elsewhere")
    assert answer["Location"].startswith(reverse("pharmacy:debts"))
    assert "患者已在别处取得" in page(client, "desk", rx)
    assert client.get(reverse("pharmacy:debt_slip", args=[rx])).status_code == 404


def test_the_rest_is_prepared_from_the_list(store: Store) -> None:
    store.lot(AMBROXOL, "5")
    rx = store.ready("outpatient", THREE_DAYS)
    (line,) = (each.pk for each in prescriptions.prescription(rx).lines)
    actions.prepare(store.dispenser, rx, rev=store.rev(rx), part={line: Decimal(5)})
    actions.check(store.also("check_pharmacist"), rx, store.codes(rx), rev=store.rev(rx))
    actions.hand_over(store.dispenser, rx, rev=store.rev(rx), asked=["name", "birth_date"])
    client = at(store.dispenser)
    assert "未到货" in page(client, "debts")
    store.lot(AMBROXOL, "50", lot_no="B")
    assert "已到货" in page(client, "debts")
    assert "补发欠药" in page(client, "desk", rx)
    assert post(client, "preparation", rx, rev=store.rev(rx)).status_code == 303
    assert [package.qty for package in queries.packages(rx)] == [4]
    page(client, "labels", rx)


def test_what_nobody_fetched_is_marked_and_put_back_with_its_reason(store: Store) -> None:
    store.lot(AMBROXOL, "500")
    rxs = [store.prepared("emergency", THREE_DAYS) for _each in range(2)]
    checker = store.also("check_pharmacist")
    for hours, rx in ((0, rxs[1]), (1, rxs[0])):
        with clock.at(MONDAY + timedelta(hours=hours)):
            actions.check(checker, rx, store.codes(rx), rev=store.rev(rx))
    with clock.at(MONDAY + timedelta(hours=2, minutes=1)):
        (late, timely) = queries.bench(store.dispenser.unit).hand
        assert [(late.pk, late.uncollected), (timely.pk, timely.uncollected)] == [(rxs[1], True), (rxs[0], False)]
        client = at(store.dispenser)
        assert page(client, "dispense").count("逾时未取") == 1
        chosen = '<option value="uncollected" selected>'
        assert chosen in page(client, "desk", rxs[1])
        assert chosen not in page(client, "desk", rxs[0])
        assert post(client, "undoing", rxs[1], rev=store.rev(rxs[1]), reason="uncollected").status_code == 303
