"""A lot is received, handed out and given; a recall stops it at the bed and in the basket, and everybody is told."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.arranging import Patient, arranged
from tests.journeys.at_work import log_in, readable, scan
from tests.journeys.hands import Hands
from tests.journeys.walk_in import WalkIn, walked_in

MEDICINE = "M0565"


@pytest.fixture(scope="module")
def people(hospital) -> tuple[Patient, WalkIn, WalkIn]:
    """One in the ward with a package, one who takes the medicine home, one whose basket is still being filled."""
    (ward,) = arranged(hospital.data, "received:ambroxol")
    home, basket = walked_in(hospital.data, f"prepared:{MEDICINE}:30", f"prepared:{MEDICINE}:30")
    return ward, home, basket


def _hand_out(page: Page, hospital, one: WalkIn) -> None:
    log_in(page, hospital.url, "check1", then=f"/pharmacy/dispense/{one.rx}/")
    for code in one.packages:
        scan(page, code)
        expect(page.locator("#packages .scanned").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="发给患者")).to_be_visible()
    for asked in ("name", "birth_date"):
        page.locator(f"[name=asked][value={asked}]").check()
    page.locator("form[action$='/hand-over/'] button.primary").press("Enter")
    page.wait_for_load_state()


def _lots(page: Page, hospital, one: WalkIn) -> str:
    page.goto(f"{hospital.url}/pharmacy/dispense/{one.rx}/")
    found = re.search(r"D\d{4}[ABN]", page.locator("#packages").inner_text())
    assert found, "the basket says its lot"
    return found[0]


def test_from_the_notice_to_the_report(page: Page, hospital, people, colleague, shot, record_property):
    ward, home, basket = people
    checker = colleague()
    _hand_out(checker, hospital, home)
    lot = _lots(checker, hospital, home)
    hands = Hands(page)
    log_in(page, hospital.url, "recall1", then="/vigilance/recalls/")
    readable(page)
    hands.press("Alt+n")
    page.wait_for_url("**/recalls/new/")
    hands.type(MEDICINE)
    hands.press("Enter")
    page.locator(f"button[value={MEDICINE}]").press("Enter")
    expect(page.locator("main")).to_contain_text(lot)
    hands.type(lot, page.locator("[name=lot_nos]"))
    page.locator("[name=level][value='1']").press("Space")
    hands.type("含量不符合规定", page.locator("[name=reason]"))
    readable(page)
    hands.press("Control+Enter")
    page.wait_for_url("**/vigilance/recalls/*/?done=opened")
    case = page.url.split("?")[0]
    expect(page.locator("#people")).to_contain_text(ward.name)
    expect(page.locator("#people")).to_contain_text(home.name)
    expect(page.locator(f"#person-{basket.pk}")).to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("未停用")
    readable(page)
    shot(page, "recall")
    record_property("keystrokes", hands.struck)

    # at the bed, in the basket: nothing of the lot goes on
    nurse = log_in(colleague(), hospital.url, "nurse1", then="/ward/rounds/")
    scan(nurse, ward.band)
    expect(nurse.locator("main")).to_contain_text("氨溴索")
    scan(nurse, ward.packages[0])
    nurse.wait_for_load_state()
    expect(nurse.locator("main")).to_contain_text("已召回")
    expect(nurse.locator("form[action$='/administration/'] button.primary")).to_have_count(0)
    checker.goto(f"{hospital.url}/pharmacy/dispense/{basket.rx}/")
    for code in basket.packages:
        scan(checker, code)
        checker.wait_for_load_state()
    checker.keyboard.press("Control+Enter")
    expect(checker.locator("main")).to_contain_text("已召回")

    # everybody on the list is told; what comes back is booked
    page.locator("#close [name=words]").fill("全部办理")
    page.locator("#close button").press("Enter")
    expect(page.locator("#close")).to_contain_text("没有联系过")
    for one in page.locator("#people tbody tr").evaluate_all("rows => rows.map(row => row.id.slice(7))"):
        page.goto(f"{case}patients/{one}/")
        page.locator("[name=state][value=told]").press("Space")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/?done=contacted")
    page.goto(f"{case}patients/{home.pk}/")
    masked = page.locator("main section .mono").first.inner_text()
    assert "*" in masked
    page.get_by_role("button", name="显示号码").press("Enter")
    expect(page.locator("#number")).not_to_contain_text("*")
    readable(page)
    shot(page, "recall-person")
    page.goto(f"{case}patients/{home.pk}/")
    page.get_by_role("button", name="记录收回").first.press("Enter")
    page.wait_for_url("**/?done=recovered")
    expect(page.locator("main")).to_contain_text("收回")
    page.goto(case)
    expect(page.locator("main")).to_contain_text("待告知 0 人")
    page.locator("#close [name=words]").fill("全部办理")
    page.locator("#close button").press("Enter")
    expect(page.locator("#close")).to_contain_text("药篮里还有")

    # the pharmacy empties its baskets of the lot, and the case is closed
    pharmacist = log_in(colleague(), hospital.url, "dispense1", then=f"/pharmacy/dispense/{basket.rx}/")
    _empty(pharmacist, hospital)
    page.locator("#close [name=words]").fill("全部办理")
    page.locator("#close button").press("Enter")
    page.wait_for_url("**/?done=closed")
    expect(page.locator("main")).to_contain_text("已结案")
    page.goto(f"{case}paper/")
    expect(page.locator("body")).to_contain_text(lot)
    shot(page, "recall-paper")


def _empty(page: Page, hospital) -> None:
    """Put back every basket that a recalled lot lies in, as the bench lists them."""
    page.goto(f"{hospital.url}/pharmacy/dispense/")
    rows = page.locator("tr[id^=row-]").evaluate_all("rows => [...new Set(rows.map(row => row.id.slice(4)))]")
    for rx in rows:
        page.goto(f"{hospital.url}/pharmacy/dispense/{rx}/")
        if "已召回" not in page.locator("main").inner_text():
            continue
        form = page.locator("form").filter(has=page.locator("option[value=lot_blocked]"))
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        form.locator("[name=reason]").select_option("lot_blocked")
        form.locator("button").press("Enter")
        page.wait_for_url("**/?done=undone")
