"""What the shelf lacks: a part is handed over, the rest is owed, comes, is given; and goods that are brought back.

Montelukast alone is short in the demo: no other journey prescribes it.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.at_work import log_in, readable, scan
from tests.journeys.hands import Hands
from tests.journeys.walk_in import WalkIn, walked_in

SHORT = "M0564"


@pytest.fixture(scope="module")
def mine(hospital) -> WalkIn:
    """Three tablets are ordered, two lie on the shelf."""
    return walked_in(hospital.data, f"stocked:{SHORT}:2", f"reviewed:{SHORT}:10:po:qn:3")[0]


def _checked_and_handed(page: Page, hospital, mine: WalkIn) -> list[str]:
    """The second pharmacist scans what lies there, asks for two identifiers and hands it over."""
    page.goto(f"{hospital.url}/pharmacy/dispense/{mine.rx}/labels/")
    codes = re.findall(r"Y[0-9A-Z]{11}", page.locator("body").inner_text())
    page.goto(f"{hospital.url}/pharmacy/dispense/{mine.rx}/")
    for number, code in enumerate(codes, start=1):
        scan(page, code)
        expect(page.locator("#packages .scanned")).to_have_count(number)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="发给患者")).to_be_visible()
    for asked in ("name", "birth_date"):
        page.locator(f"[name=asked][value={asked}]").check()
    page.locator("form[action$='/hand-over/'] button.primary").press("Enter")
    page.wait_for_load_state()
    return codes


def test_a_part_is_handed_over_owed_and_filled_when_it_has_come(
    page: Page, hospital, mine: WalkIn, colleague, shot, record_property
):
    hands = Hands(page)
    log_in(page, hospital.url, "dispense1", then=f"/pharmacy/dispense/{mine.rx}/")
    part = page.locator("#part")
    expect(part).to_contain_text("库存不足：需要 3 片，可用 2 片")
    box = part.locator("input[name^='part-']")
    expect(box).to_have_value("2")
    readable(page)
    shot(page, "part")
    box.fill("3")
    hands.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("库存不足")
    expect(page.locator("#packages")).to_have_count(0)
    page.locator("#part input[name^='part-']").fill("2")
    hands.press("Control+Enter")
    expect(page.locator("#packages")).to_contain_text("2 片")
    checker = log_in(colleague(), hospital.url, "check1")
    (first,) = _checked_and_handed(checker, hospital, mine)
    expect(checker.locator("main")).to_contain_text("其余记为欠药")
    expect(checker.locator("#given")).to_contain_text("× 2")
    readable(checker)
    checker.keyboard.press("Alt+w")
    checker.wait_for_url(re.compile("/debt/$"))
    expect(checker.locator("main")).to_contain_text("还没有给您的药")
    expect(checker.locator("main")).to_contain_text("1 片")

    page.goto(f"{hospital.url}/pharmacy/dispense/")
    hands.press("Alt+w")
    row = page.locator(f"#row-{mine.rx}")
    expect(row).to_contain_text("未到货")
    walked_in(hospital.data, f"stocked:{SHORT}:20")
    page.reload()
    expect(row).to_contain_text("已到货")
    readable(page)
    shot(page, "debts")
    row.locator("[data-open]").press("Enter")
    expect(page.locator("main")).to_contain_text("补发欠药")
    hands.press("Control+Enter")
    expect(page.locator("#packages")).to_contain_text("1 片")

    checker.goto(f"{hospital.url}/pharmacy/dispense/{mine.rx}/")
    scan(checker, first)
    expect(checker.locator("main")).to_contain_text("已在上一次发出")
    _checked_and_handed(checker, hospital, mine)
    expect(checker.locator("main")).to_contain_text("已发药")
    page.goto(f"{hospital.url}/pharmacy/debts/")
    expect(page.locator(f"#row-{mine.rx}")).to_have_count(0)
    record_property("keystrokes", hands.struck)


def test_a_package_is_brought_back_and_judged_by_another(page: Page, hospital, colleague, shot):
    given = walked_in(hospital.data, "prepared:M0572:10:po:qd:3")[0]
    checker = log_in(colleague(), hospital.url, "check1")
    _checked_and_handed(checker, hospital, given)
    log_in(page, hospital.url, "dispense1", then="/pharmacy/returns/")
    scan(page, given.packages[0])
    page.wait_for_url(re.compile("/returns/packages/"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("没有保存")
    page.get_by_label("退药原因").select_option("wrong_drug")
    page.get_by_label("未拆封").check()
    readable(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("等另一位药师判定")
    row = page.locator("#to-judge tr", has_text=given.name)
    expect(row).to_contain_text("发药差错")
    row.locator("[data-open]").press("Enter")
    expect(page.locator("main")).not_to_contain_text("质量判定")

    checker.goto(f"{hospital.url}/pharmacy/returns/")
    readable(checker)
    shot(checker, "returns")
    checker.locator("#to-judge tr", has_text=given.name).locator("[data-open]").press("Enter")
    checker.get_by_label("合格，放回货架").check()
    readable(checker)
    checker.keyboard.press("Control+Enter")
    expect(checker.locator("#judged")).to_contain_text(given.name)
    expect(checker.locator("#to-judge")).not_to_contain_text(given.name)
