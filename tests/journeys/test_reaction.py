"""A nurse reports a reaction to the dose that was given; the officer weighs it, writes the allergy, submits, closes."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.arranging import Patient, arranged
from tests.journeys.at_work import log_in, readable, scan
from tests.journeys.hands import Hands


@pytest.fixture(scope="module")
def patient(hospital) -> Patient:
    (made,) = arranged(hospital.data, "received:ambroxol")
    return made


def _given(page: Page, hospital, patient: Patient) -> None:
    log_in(page, hospital.url, "nurse1", then="/ward/rounds/")
    scan(page, patient.band)
    expect(page.locator("main")).to_contain_text("腕带已扫描")
    scan(page, patient.packages[0])
    expect(page.locator("main h1")).to_have_text("床旁核对")
    page.locator("form[action$='/administration/']").get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("已给药")


def test_from_the_bedside_to_closing(page: Page, hospital, patient: Patient, colleague, shot, record_property):
    _given(page, hospital, patient)
    hands = Hands(page)
    page.goto(f"{hospital.url}/vigilance/reactions/")
    expect(page.locator("main [name=text]")).to_be_focused()
    readable(page)
    scan(page, patient.band)
    page.get_by_role("link", name=patient.name).press("Enter")
    page.wait_for_url("**/reactions/new/")
    expect(page.locator("main")).to_contain_text("床旁给药")
    hands.press("Control+Enter")
    expect(page.locator("main [data-form-errors]").first).to_be_visible()
    page.locator("[name=suspects]").first.press("Space")
    page.locator("[name=terms][value=rash]").press("Space")
    hands.type("给药后躯干出现红色皮疹，瘙痒", page.locator("[name=words]"))
    page.locator("[name=seriousness][value=important]").press("Space")
    readable(page)
    shot(page, "reaction-form")
    hands.press("Control+Enter")
    page.wait_for_url("**/vigilance/reactions/*/?done=reported")
    expect(page.locator("main")).to_contain_text("待评价")
    report = page.url.split("?")[0]
    record_property("keystrokes", hands.struck)

    officer = log_in(colleague(), hospital.url, "adr1", then="/vigilance/reactions/")
    officer.get_by_role("link", name=patient.name).press("Enter")
    officer.wait_for_url(report)
    readable(officer)
    expect(officer.locator("#allergy")).to_have_count(0)
    officer.locator("#assess [name=causality][value=probable]").press("Space")
    officer.locator("#assess button.primary").press("Enter")
    officer.wait_for_url("**/?done=assessed")
    expect(officer.locator("#allergy")).to_be_visible()
    readable(officer)
    shot(officer, "reaction-assessed")
    officer.locator("#allergy [name=severity]").select_option("moderate")
    officer.locator("#allergy button.danger").press("Enter")
    officer.wait_for_url("**/?done=charted")
    expect(officer.locator("body")).not_to_contain_text("否认过敏")
    officer.locator("#submit [name=reference]").fill("2026-0001-J")
    officer.locator("#submit button.primary").press("Enter")
    officer.wait_for_url("**/?done=submitted")
    officer.locator("form[action$='/closing/'] button").press("Enter")
    expect(officer.locator("main")).to_contain_text("随访后结案")
    officer.goto(report)
    officer.locator("#follow [name=words]").fill("次日皮疹消退")
    officer.locator("#follow button").press("Enter")
    officer.wait_for_url("**/?done=followed")
    officer.locator("form[action$='/closing/'] button").press("Enter")
    officer.wait_for_url("**/vigilance/reactions/?done=closed")
    expect(officer.get_by_role("link", name=patient.name)).to_have_count(0)


def test_a_hint_is_dismissed_with_a_reason(page: Page, hospital):
    log_in(page, hospital.url, "adr1", then="/vigilance/candidates/")
    readable(page)
    rows = page.locator("main tbody tr")
    before = rows.count()
    assert before, "the demo opens with a hint"
    rows.first.locator("summary").press("Enter")
    rows.first.locator("[name=reason]").fill("与用药无时间关系")
    rows.first.locator("form button").press("Enter")
    page.wait_for_url("**/?done=dismissed")
    expect(page.locator("main tbody tr")).to_have_count(before - 1)
