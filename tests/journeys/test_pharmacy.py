"""The pharmacy: reviewed worst first, returned with a reason, prepared, checked by another, handed over."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from luodi.pharmacy.queries.waiting import PLACES
from luodi.trust.clock import HOSPITAL_ZONE
from tests.journeys.at_work import log_in, readable, scan
from tests.journeys.hands import Hands
from tests.journeys.walk_in import WalkIn, walked_in

DONE = re.compile(r"/pharmacy/review/(\d+/)?\?done=")  # the next sheet, or the list


@pytest.fixture(scope="module")
def patients(hospital) -> dict[str, WalkIn]:
    made = walked_in(hospital.data, "signed", "signed", "reviewed", "prepared")
    return dict(zip(("to_return", "to_pass", "to_prepare", "stranger"), made, strict=True))


def test_worst_first_and_returned_with_a_reason(page: Page, hospital, patients, shot, record_property):
    mine, hands = patients["to_return"], Hands(page)
    log_in(page, hospital.url, "review1", then="/pharmacy/review/")
    places = [row.get_attribute("data-place") for row in page.locator("#review-queue tbody tr").all()]
    assert [PLACES.index(place) for place in places] == sorted(PLACES.index(place) for place in places)
    readable(page)
    shot(page, "review-queue")
    page.locator(f"#row-{mine.rx} [data-open]").press("Enter")
    expect(page.locator("h1")).to_contain_text(mine.number)
    readable(page)
    page.locator("#return button.danger").press("Enter")
    expect(page.locator("#return")).to_contain_text("至少一项原因")
    hands.press("Alt+r")
    expect(page.locator("#reason-find")).to_be_focused()
    hands.type("1-1")
    expect(page.locator("#reasons fieldset:visible")).to_have_count(1)
    expect(page.locator("#reasons fieldset:visible")).to_contain_text("1-1")
    page.locator("#reasons [data-row]:visible input").first.press("Space")
    expect(page.locator("#return .error")).to_be_hidden()
    expect(page.locator("#return [data-form-errors]")).to_be_hidden()
    hands.type("请补充用药疗程依据", page.locator("#return [name=text]"))
    page.evaluate("scrollTo(0, 0)")
    shot(page, "review")
    hands.press("Control+Enter")
    page.wait_for_url(DONE)
    page.goto(f"{hospital.url}/pharmacy/review/")
    expect(page.locator(f"#row-{mine.rx}")).to_have_count(0)
    record_property("keystrokes", hands.struck)


def test_the_reply_passes_the_second_review(page: Page, hospital, patients, colleague):
    mine = walked_in(hospital.data, "signed")[0]
    log_in(page, hospital.url, "review1", then=f"/pharmacy/review/{mine.rx}/")
    page.locator("#reasons input[type=checkbox]").first.check()
    page.locator("#return [name=text]").fill("请确认剂量")
    page.locator("#return button.danger").press("Enter")
    page.wait_for_url(DONE)
    page.goto(f"{hospital.url}/pharmacy/review/")
    doctor = log_in(colleague(), hospital.url, "edoctor1", then=f"/orders/encounter/{mine.encounter}/?rx={mine.rx}")
    doctor.locator("#sign-form [name=text]").fill("剂量已核对")
    for question in doctor.locator("select[name^='answer-']").all():
        question.select_option(index=1)
    doctor.locator("#sign-form button.primary").press("Enter")
    expect(doctor.locator("#pad")).to_contain_text("已送药师审方")
    page.reload()
    expect(page.locator(f"#row-{mine.rx}")).to_contain_text("再审")
    page.locator(f"#row-{mine.rx} [data-open]").press("Enter")
    expect(page.locator("main")).to_contain_text("剂量已核对")
    page.keyboard.press("Alt+p")
    page.wait_for_url(DONE)
    page.goto(f"{hospital.url}/pharmacy/review/")
    expect(page.locator(f"#row-{mine.rx}")).to_have_count(0)


def test_prepared_checked_by_another_with_a_wrong_scan_and_handed_over(
    page: Page, hospital, patients, colleague, shot, record_property
):
    mine, hands = patients["to_prepare"], Hands(page)
    log_in(page, hospital.url, "dispense1", then="/pharmacy/dispense/")
    readable(page)
    shot(page, "dispense")
    page.locator(f"#row-{mine.rx} [data-open]").press("Enter")
    expect(page.locator("main")).to_contain_text("按货位取药")
    expiries = re.findall(r"20\d\d-\d\d-\d\d", page.locator("form[action$='/preparation/']").inner_text())
    assert expiries, "nothing is picked"
    assert min(expiries) >= datetime.now(HOSPITAL_ZONE).strftime("%Y-%m-%d"), "an expired lot is picked"
    readable(page)
    hands.press("Control+Enter")
    expect(page.locator("#packages")).to_contain_text("调配")
    expect(page.get_by_role("button", name=re.compile("核对完成"))).to_have_count(0)
    codes = page.locator("#packages li .mono.muted").all_inner_texts()
    assert codes
    page.goto(f"{hospital.url}/pharmacy/dispense/{mine.rx}/labels/")
    expect(page.locator("svg, img").first).to_be_visible()
    for one in codes:
        expect(page.locator("body")).to_contain_text(one)

    checker = log_in(colleague(), hospital.url, "check1", then=f"/pharmacy/dispense/{mine.rx}/")
    scan(checker, patients["stranger"].packages[0])
    expect(checker.locator("#packages")).to_contain_text("扫错 1 次")
    expect(checker.locator("#packages .scanned")).to_have_count(0)
    for one in codes:
        scan(checker, one)
        expect(checker.locator("#packages .scanned").first).to_be_visible()
    readable(checker)
    checker.keyboard.press("Control+Enter")
    expect(checker.get_by_role("heading", name="发给患者")).to_be_visible()
    for asked in ("name", "birth_date"):
        checker.locator(f"[name=asked][value={asked}]").check()
    checker.locator("form[action$='/hand-over/'] button.primary").press("Enter")
    checker.wait_for_load_state()
    checker.goto(f"{hospital.url}/pharmacy/dispense/{mine.rx}/")
    expect(checker.locator("#packages")).to_contain_text("发药")
    record_property("keystrokes", hands.struck)


def test_an_unknown_code_says_so(page: Page, hospital):
    log_in(page, hospital.url, "dispense1", then="/pharmacy/dispense/")
    scan(page, "P9999999X")
    expect(page.locator("main .error, main .errors, main [data-refusal]").first).to_be_visible()
    readable(page)


def test_the_stock_and_what_is_short(page: Page, hospital, shot):
    log_in(page, hospital.url, "store1", then="/stock/")
    expect(page.locator("#stock-text")).to_be_focused()
    readable(page)
    shot(page, "stock")
    hands = Hands(page)
    hands.type("lhms")
    hands.press("Enter")
    expect(page.locator("main [data-rows]")).to_contain_text("罗红霉素")


def test_quarantined_stock_is_not_picked_and_the_lack_is_told(page: Page, hospital, colleague):
    """Clindamycin alone is taken off the shelf, lot by lot: no other journey prescribes it."""
    mine = walked_in(hospital.data, "reviewed:M0325:150")[0]
    log_in(page, hospital.url, "store1", then="/stock/medicines/M0325/")
    expect(page.locator("h1")).to_contain_text("克林霉素")
    lots = [link.get_attribute("href") for link in page.locator("[data-rows] [data-open]").all()]
    assert lots
    for lot in lots:
        page.goto(f"{hospital.url}{lot}")
        turn = page.locator("button[name=turn][value=quarantine]")
        if turn.count():
            page.locator("form[action$='/state/'] [name=reason]").fill("外观异常待查")
            turn.press("Enter")
            expect(page.locator("main")).to_contain_text("不会被调配")
    readable(page)
    bench = log_in(colleague(), hospital.url, "dispense1", then=f"/pharmacy/dispense/{mine.rx}/")
    expect(bench.locator("main")).to_contain_text("克林霉素 库存不足")
    expect(bench.get_by_role("button", name=re.compile("调配完成"))).to_have_count(0)
    readable(bench)


@contextlib.contextmanager
def out_of_date(data: Path, medicine: str) -> Iterator[None]:
    """Every lot of a medicine ended its days yesterday; put right afterwards, for the other journeys."""
    with contextlib.closing(sqlite3.connect(data / "hospital.sqlite3", timeout=20, isolation_level=None)) as rows:
        days = rows.execute("SELECT expiry, id FROM stock_lot WHERE medicine = ?", [medicine]).fetchall()
        rows.execute("UPDATE stock_lot SET expiry = date('now', '-2 days') WHERE medicine = ?", [medicine])
        try:
            yield
        finally:
            rows.executemany("UPDATE stock_lot SET expiry = ? WHERE id = ?", days)


def test_a_lot_that_expired_on_the_shelf_is_neither_handed_over_nor_picked(page: Page, hospital, colleague):
    """Loratadine was packed before midnight: the checker is told, takes it back, and no expired lot is picked again."""
    packed, waiting = walked_in(hospital.data, "prepared:M0572:10", "reviewed:M0572:10")
    with out_of_date(hospital.data, "M0572"):
        log_in(page, hospital.url, "check1", then=f"/pharmacy/dispense/{packed.rx}/")
        for number, code in enumerate(packed.packages, start=1):
            scan(page, code)
            expect(page.locator("#packages .scanned")).to_have_count(number)
        page.keyboard.press("Control+Enter")
        expect(page.locator("main").get_by_role("alert")).to_contain_text("包装中有不能发出的批次")
        expect(page.locator("main")).to_contain_text("已过期")
        expect(page.locator("main")).to_contain_text("请退回调配")
        expect(page.get_by_role("heading", name="发给患者")).to_have_count(0)
        readable(page)
        bench = log_in(colleague(), hospital.url, "dispense1", then=f"/pharmacy/dispense/{waiting.rx}/")
        expect(bench.locator("main")).to_contain_text("库存不足")
        expect(bench.get_by_role("button", name=re.compile("调配完成"))).to_have_count(0)
        readable(bench)
    bench.reload()
    bench.keyboard.press("Control+Enter")
    expect(bench.locator("#packages")).to_contain_text("调配")
