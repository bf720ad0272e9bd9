"""The triage nurse: signs, a suggested level, and a reason where she knows better."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.at_work import log_in, readable
from tests.journeys.hands import Hands
from tests.journeys.walk_in import WalkIn, walked_in


@pytest.fixture(scope="module")
def waiting(hospital) -> WalkIn:
    return walked_in(hospital.data, "arrived")[0]


def test_vitals_suggest_and_a_lower_level_asks_why(page: Page, hospital, waiting: WalkIn, shot, record_property):
    log_in(page, hospital.url, "triage1", then="/reception/triage/")
    hands = Hands(page)
    page.locator(f"#row-{waiting.encounter} [data-open]").press("Enter")
    expect(page.locator("#panel-title")).to_have_text(waiting.name)
    for name, value in {
        "complaint": "胸闷气短1小时",
        "pulse": "152",
        "systolic": "104",
        "respiration": "26",
        "spo2": "88",
    }.items():
        hands.type(value, page.locator(f"#assessment [name={name}]"))
    hands.press("Tab")
    expect(page.locator("#suggestion")).to_contain_text("建议级别")
    shot(page, "triage")
    readable(page)
    page.locator("#assessment [name=level][value='4']").check()
    hands.press("Control+Enter")
    expect(page.locator("#assessment")).to_contain_text("理由")
    expect(page.locator("#assessment [name=pulse]")).to_have_value("152")
    expect(page.locator("#assessment .wrong, #assessment .errors").first).to_be_visible()
    hands.type("复测脉搏 96，指脉氧探头松动，复测 97%", page.locator("#assessment [name=reason]"))
    hands.press("Control+Enter")
    expect(page.locator(f"#row-{waiting.encounter}")).to_contain_text("Ⅳ")
    record_property("keystrokes", hands.struck)


def test_the_queue_of_the_emergency_clinic(page: Page, hospital, shot):
    log_in(page, hospital.url, "triage1", then="/reception/queue/")
    expect(page.locator("#waiting")).to_be_visible()
    readable(page)
    shot(page, "queue")


def test_a_green_channel_is_opened_noted_and_ended(page: Page, hospital, shot):
    log_in(page, hospital.url, "triage1", then="/reception/triage/")
    page.locator("#triage [data-open]").first.click()
    expect(page.locator("#panel form .button.danger")).to_be_visible()
    page.select_option("#panel [name=kind]", "stroke")
    page.locator("#panel form .button.danger").click()
    page.wait_for_url("**/reception/triage/green/*/")
    expect(page.locator(".points li")).to_have_count(2)
    readable(page)
    shot(page, "green-channel")
    page.keyboard.press("Alt+m")
    expect(page.locator(".points li").first.locator("form")).to_have_count(0)
    page.locator(".points [name=at]").fill("soon")
    page.locator(".points .button").click()
    expect(page.locator("main")).to_contain_text("14:05")
    page.get_by_role("link", name="返回列表").click()
    expect(page.locator("#green tbody tr").first).to_be_visible()
    readable(page)
    shot(page, "green-channels")
