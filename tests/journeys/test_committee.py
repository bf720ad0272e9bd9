"""The drug committee: a candidate is uploaded, compared, replayed, signed by two members and put in force; a doctor
then meets the new grade on the pad."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from luodi.terms import files
from tests.journeys.at_work import log_in, readable, refused
from tests.journeys.hands import Hands
from tests.journeys.test_doctor import prescribe
from tests.journeys.walk_in import walked_in

QUESTION = "#pad select[name^='answer-days-emergency']"
ASKED, TOLD = '""not_asked"":""ask""', '""not_asked"":""tell""'


def test_a_candidate_becomes_the_knowledge_in_force(page: Page, hospital, colleague, shot, tmp_path: Path):
    rules = (files.HERE / "rules.csv").read_text(encoding="utf-8")
    changed = tmp_path / "rules.csv"
    for old, new in (
        (ASKED, TOLD),
        ("five,kinds,refuse", "five,kinds,ask"),
        ("days-emergency,days,ask", "days-emergency,days,tell"),
    ):
        assert old in rules
        rules = rules.replace(old, new)
    changed.write_text(rules, encoding="utf-8")
    doctor = _five_days(colleague(), hospital)

    secretary = log_in(page, hospital.url, "dtcsec1", then="/committee/")
    expect(secretary.locator("main")).to_contain_text("未经药师审核")
    expect(secretary.locator("main")).to_contain_text("已过使用期限")
    expect(secretary.locator("main")).to_contain_text("演示候选")
    readable(secretary)
    shot(secretary, "committee")
    secretary.wait_for_load_state()
    secretary.keyboard.press("Alt+n")
    secretary.set_input_files("[name=tables]", str(changed))
    secretary.fill("[name=note]", "未询问过敏史改为提示")
    secretary.keyboard.press("Control+Enter")
    expect(secretary.locator(".page-head")).to_contain_text("候选")
    address = re.sub(r".*(/committee/.*)", r"\1", secretary.url)

    secretary.keyboard.press("Alt+d")
    expect(secretary.locator("table.table")).to_contain_text("拒绝 → 询问")
    expect(secretary.locator("caption")).to_contain_text("改动 3")
    readable(secretary)
    shot(secretary, "committee-changes")
    secretary.go_back()
    secretary.wait_for_load_state()
    secretary.keyboard.press("Alt+r")
    expect(secretary.locator("h1")).to_contain_text("重放")
    for _ in range(60):
        if secretary.locator("caption").count():
            break
        secretary.wait_for_timeout(1000)
        secretary.reload()
    expect(secretary.locator("main")).to_contain_text(re.compile(r"核对 \d{3} 张已签处方"))
    expect(secretary.locator("main")).to_contain_text("过敏史须询问并记录")
    expect(secretary.get_by_role("link", name="打开")).to_have_count(0)
    readable(secretary)
    shot(secretary, "committee-replay")
    told_before = secretary.locator("main").inner_text()
    secretary.reload()
    assert secretary.locator("main").inner_text() == told_before

    for login in ("chair1", "dtcpharm1"):
        member = log_in(colleague(), hospital.url, login, then=address)
        member.get_by_role("radio", name="批准", exact=True).check()
        member.locator("form", has=member.locator("[name=choice]")).get_by_role("button").press("Enter")
        expect(member.locator("main")).to_contain_text("签名有效")
        readable(member)
    expect(member.locator(".page-head")).to_contain_text("已批准")

    chair = log_in(colleague(), hospital.url, "chair1", then=address)
    chair.fill("[name=reason] >> nth=-1", "药事会第一次会议通过")
    shot(chair, "committee-version")
    chair.get_by_role("button", name="启用").click()
    expect(chair.locator(".page-head")).to_contain_text("现行")
    expect(chair.locator("main")).to_contain_text("已启用")

    doctor.reload()
    expect(doctor.locator("#pad")).to_contain_text("5 日用量")
    expect(doctor.locator(QUESTION)).to_have_count(0)
    expect(doctor.locator("#pad")).not_to_contain_text("未经药师审核")
    doctor.goto(f"{hospital.url}/terms/rules/")
    expect(doctor.locator("main")).to_contain_text("已经药事会批准")
    expect(doctor.locator("tr", has_text="每张处方不超过五种药品")).to_contain_text("询问")
    _back(chair, hospital.url)


def _five_days(doctor: Page, hospital) -> Page:
    """An emergency doctor writes five days and is asked why."""
    (patient,) = walked_in(hospital.data, "opened")
    log_in(doctor, hospital.url, "edoctor1", then=f"/chart/{patient.pk}/encounter/{patient.encounter}/")
    expect(doctor.locator("#pad")).to_be_visible()
    doctor.wait_for_load_state()
    prescribe(Hands(doctor), "lhms", "M0321", "150", "5")
    expect(doctor.locator(QUESTION)).to_have_count(1)
    expect(doctor.locator("#pad")).to_contain_text("未经药师审核")
    return doctor


def _back(chair: Page, url: str) -> None:
    """The way back is an act with a reason; the journeys that follow find the hospital as it was."""
    chair.goto(f"{url}/committee/")
    chair.locator("tr", has_text="曾经启用").get_by_role("link").click()
    chair.fill("[name=reason] >> nth=-1", "演示结束，退回原版本")
    chair.get_by_role("button", name="退回").click()
    expect(chair.locator(".page-head")).to_contain_text("现行")
    expect(chair.locator("main")).to_contain_text("已退回")


def test_an_agenda_item_is_decided_and_a_doctor_sees_none_of_it(page: Page, hospital, shot):
    log_in(page, hospital.url, "dtcsec1", then="/committee/overrides/")
    expect(page.locator("tr", has_text="interaction").first).to_contain_text("%")
    readable(page)
    shot(page, "committee-overrides")
    page.get_by_role("link", name="议程").click()
    expect(page.locator("#agenda")).to_contain_text("相互作用")
    readable(page)
    page.wait_for_load_state()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("坚持率")
    page.get_by_role("radio", name="保留").check()
    page.fill("[name=reason]", "例数太少，下季度再看")
    readable(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("例数太少，下季度再看")
    log_in(page, hospital.url, "doctor1", then="/committee/")
    refused(page, "权限")
