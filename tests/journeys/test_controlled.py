"""Controlled drugs: issued by two, empties and residue accounted for, counted, stopped, resolved, printed."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from luodi.simulator.crew import PASSWORD
from luodi.trust.clock import HOSPITAL_ZONE
from tests.journeys.at_work import log_in, readable, scan
from tests.journeys.walk_in import WalkIn, walked_in

AGENT_ID = "11010519491231002X"
MORPHINE = re.compile("吗啡 1ml:10mg")


@pytest.fixture(scope="module")
def patients(hospital) -> dict[str, WalkIn]:
    half = "reviewed:M0457:5:sc:st:1"
    return dict(zip(("first", "second"), walked_in(hospital.data, half, half), strict=True))


def second(page: Page, login: str, within: str = "main") -> None:
    """The second person enters login and password at the screen of the first."""
    page.locator(f"{within} [name=second_login]").fill(login)
    page.locator(f"{within} [name=second_password]").fill(PASSWORD)


def test_from_the_prescription_to_the_printed_register(page: Page, hospital, patients, colleague, shot):
    mine = patients["first"]
    bench = log_in(page, hospital.url, "dispense1", then=f"/pharmacy/dispense/{mine.rx}/")
    bench.locator("form[action$='/preparation/'] button.primary").click()
    expect(bench.locator("main")).to_contain_text("须由两人办理")
    second(bench, "dispense1", "form:has(h2:text('按货位取药'))")
    bench.keyboard.press("Control+Enter")
    expect(bench.locator("main")).to_contain_text("第二人不能是您自己")
    second(bench, "drugs1", "form:has(h2:text('按货位取药'))")
    readable(bench)
    shot(bench, "controlled-prepare")
    bench.keyboard.press("Control+Enter")
    expect(bench.locator("#packages")).to_contain_text("调配")
    (code,) = bench.locator("#packages li .mono.muted").all_inner_texts()

    window = log_in(colleague(), hospital.url, "check1", then=f"/pharmacy/dispense/{mine.rx}/")
    scan(window, code)
    expect(window.locator("#packages .scanned")).to_have_count(1)
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("heading", name="发给患者")).to_be_visible()
    for asked in ("name", "id_card"):
        window.locator(f"[name=asked][value={asked}]").check()
    window.locator("[name=agent]").fill("李代办")
    window.keyboard.press("Control+Enter")
    expect(window.locator("main")).to_contain_text("请填写患者的身份证明编号")
    window.locator("[name=id_no]").fill(mine.id_no or "E20261123")
    window.locator("[name=agent_id]").fill(AGENT_ID)
    window.keyboard.press("Control+Enter")
    window.wait_for_url("**/pharmacy/dispense/?done=handed")

    nurse = log_in(colleague(), hospital.url, "triage1", then="/controlled/residues/")
    readable(nurse)
    nurse.get_by_role("link", name=mine.number).press("Enter")
    expect(nurse.locator("main")).to_contain_text("残余 5 mg")
    nurse.locator("[name=how]").select_option("flushed")
    second(nurse, "edoctor1")
    nurse.keyboard.press("Control+Enter")
    nurse.wait_for_url("**/controlled/residues/?done=wasted")
    expect(nurse.get_by_role("link", name=mine.number)).to_have_count(0)

    keeper = log_in(colleague(), hospital.url, "drugs1", then="/controlled/empties/")
    readable(keeper)
    shot(keeper, "controlled-empties")
    lot = keeper.locator("tr", has_text=mine.number).locator("td").nth(3).inner_text()
    keeper.get_by_role("link", name=mine.number).press("Enter")
    for typed in ("错批号", lot):
        keeper.locator("[name=lot_no]").fill(typed)
        keeper.locator("[name=qty]").fill("1")
        second(keeper, "drugs2")
        keeper.keyboard.press("Control+Enter")
        if typed != lot:
            expect(keeper.locator("main")).to_contain_text("批号与发出的批号不一致")
    keeper.wait_for_url("**/controlled/empties/?done=returned")

    _counted(keeper, hospital.url, short_of="吗啡 1ml:10mg")
    keeper.wait_for_url("**/controlled/?done=mismatch")
    expect(keeper.locator("tr", has_text=MORPHINE)).to_contain_text("账物不符，暂停发出")
    readable(keeper)
    shot(keeper, "controlled")

    other = patients["second"]
    bench.goto(f"{hospital.url}/pharmacy/dispense/{other.rx}/")
    second(bench, "drugs1", "form:has(h2:text('按货位取药'))")
    bench.keyboard.press("Control+Enter")
    expect(bench.locator("main")).to_contain_text("清点账物不符，尚未处理，暂停发出")

    head = log_in(colleague(), hospital.url, "pharmhead1", then="/controlled/")
    head.get_by_role("link", name=MORPHINE).press("Enter")
    expect(head.locator("main")).to_contain_text("清点不符")
    readable(head)
    shot(head, "controlled-mismatch")
    head.locator("[name=reason]").select_option("miscounted")
    head.locator("[name=reported_to]").fill("分管院长")
    reported = datetime.now(HOSPITAL_ZONE) - timedelta(minutes=5)
    head.locator("[name=reported_at]").fill(reported.strftime("%Y-%m-%dT%H:%M"))
    head.locator("main [name=text]").fill("复点一致，清点时漏数一支")
    head.keyboard.press("Control+Enter")
    expect(head.locator("main")).to_contain_text("可以继续发出")

    bench.goto(f"{hospital.url}/pharmacy/dispense/{other.rx}/")
    second(bench, "drugs1", "form:has(h2:text('按货位取药'))")
    bench.keyboard.press("Control+Enter")
    expect(bench.locator("#packages")).to_contain_text("调配")

    keeper.goto(f"{hospital.url}/controlled/register/")
    expect(keeper.locator("body")).to_contain_text(mine.number)
    expect(keeper.locator("body")).to_contain_text("李代办")
    expect(keeper.locator("body")).to_contain_text(AGENT_ID)
    shot(keeper, "controlled-register")
    keeper.goto(f"{hospital.url}/controlled/")
    keeper.get_by_role("link", name=MORPHINE).press("Enter")
    expect(keeper.locator("main")).to_contain_text(mine.number)
    readable(keeper)
    keeper.keyboard.press("Alt+p")
    expect(keeper.locator("body")).to_contain_text("本页合计")
    expect(keeper.locator("body")).to_contain_text("专管员签名")


def _counted(page: Page, url: str, short_of: str) -> None:
    """Count everything as the books have it, and one drug one short; the figures stand for a look into the cabinet."""
    page.goto(f"{url}/controlled/")
    held = {
        row.locator("td").nth(0).inner_text(): (
            row.locator("td strong").inner_text(),
            row.locator("td").nth(3).inner_text(),
        )
        for row in page.locator("main tbody tr").all()
    }
    page.keyboard.press("Alt+c")
    expect(page.locator("h1")).to_have_text("清点")
    for row in page.locator("main tbody tr").all():
        balance, empties = held[row.locator("th").inner_text()]
        counted = int(balance) - (short_of in row.inner_text())
        row.locator("input:visible").first.fill(str(counted))
        row.locator("input").last.fill(empties)
    readable(page)
    second(page, "drugs2")
    page.keyboard.press("Control+Enter")
