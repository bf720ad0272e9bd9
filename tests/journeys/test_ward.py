"""The last step of the loop, at the bed: placed, banded, verified, received, given once, or left with a reason."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from luodi.simulator.crew import PASSWORD
from tests.journeys.arranging import Patient, arranged
from tests.journeys.at_work import PHONE, log_in, readable, refused, scan

WORDS = ["opened", "reviewed", "handed"] + ["received"] * 6 + ["received:insulin", "placed", "opened"]


GIVING = "form[action$='/administration/']"


@pytest.fixture(scope="module")
def patients(hospital) -> dict[str, Patient]:
    """One patient for each of the journeys below."""
    names = [
        "to_place",
        "to_verify",
        "to_receive",
        "to_give",
        "stranger",
        "shared",
        "refused",
        "held",
        "unscanned",
        "insulin",
        "to_release",
        "to_seek",
    ]
    return dict(zip(names, arranged(hospital.data, *WORDS), strict=True))


@pytest.fixture
def nurse(page: Page, hospital) -> Page:
    """A nurse's handheld at the rounds of her ward."""
    page.set_viewport_size(PHONE)
    return log_in(page, hospital.url, "nurse1", then="/ward/rounds/")


def at_dose(page: Page, patient: Patient) -> None:
    """Band, then package: the dose stands open with both scanned."""
    scan(page, patient.band)
    expect(page.locator("main")).to_contain_text("腕带已扫描")
    scan(page, patient.packages[0])
    expect(page.locator("main h1")).to_have_text("床旁核对")


def give(page: Page) -> None:
    page.locator(GIVING).get_by_role("button").click()


def test_a_doctor_gives_a_bed_and_a_band(page: Page, hospital, patients, shot):
    found = patients["to_place"]
    log_in(page, hospital.url, "edoctor1", then="/ward/board/")
    page.get_by_role("link", name="内科一病区").click()
    free = page.locator(".bed.free").first
    bed = free.locator(".bed-code").inner_text()
    free.get_by_role("link", name="安排患者").click()
    page.get_by_label(re.compile(found.name)).check()
    readable(page)
    page.keyboard.press("Control+Enter")
    card = page.locator(".bed", has=page.locator(".bed-code", has_text=re.compile(f"^{re.escape(bed)}$")))
    expect(card).to_contain_text(found.name)
    expect(card).to_contain_text("否认过敏")
    readable(page)
    shot(page, "ward")
    card.get_by_role("link", name="腕带").click()
    sheet = page.locator(".sheet").first
    expect(sheet).to_contain_text(found.name)
    expect(sheet).to_contain_text(re.compile(r"W[0-9A-Z]{11}"))
    shot(page, "wristband")


def test_a_bed_is_given_up_after_a_question_by_keys_alone(page: Page, hospital, patients, shot):
    found = patients["to_release"]
    log_in(page, hospital.url, "nurse1", then="/ward/board/")
    card = page.locator(".bed", has_text=found.name)
    leave, panel = card.get_by_role("link", name="离床"), page.locator("#panel")
    leave.press("Enter")
    expect(panel).to_contain_text(found.name)
    expect(panel.locator("[data-panel-title]")).to_be_focused()
    expect(panel).to_contain_text("就诊由医师另行结束")
    readable(page)
    shot(page, "release")
    page.keyboard.press("Escape")
    expect(panel).to_be_empty()
    expect(leave).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.locator("[data-panel-title]")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).not_to_contain_text(found.name)


def test_a_nurse_seeks_the_emergency_patient_who_is_to_come(page: Page, hospital, patients):
    found = patients["to_seek"]
    log_in(page, hospital.url, "nurse1", then="/ward/board/")
    page.locator(".bed.free").first.get_by_role("link", name="安排患者").press("Enter")
    expect(page.locator("main")).not_to_contain_text(found.name)
    page.get_by_label("从急诊接收").fill(found.name)
    page.keyboard.press("Enter")
    page.get_by_label(re.compile(found.name)).check()
    readable(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".bed", has_text=found.name)).to_be_visible()


def test_a_nurse_verifies_and_the_ward_receives_by_scan(page: Page, hospital, patients, shot):
    checked, packed = patients["to_verify"], patients["to_receive"]
    log_in(page, hospital.url, "nurse1", then="/ward/orders/")
    page.locator("#ward-verify").get_by_role("link", name=checked.name).click()
    expect(page.locator("#panel")).to_contain_text(checked.number)
    readable(page)
    shot(page, "verify")
    page.keyboard.press("Alt+p")
    expect(page.locator("#ward-verify")).not_to_contain_text(checked.name)

    page.locator("#ward-receive").get_by_role("link", name=packed.name).click()
    expect(page.locator("#panel")).to_contain_text("还有 1 个药包没有扫描")
    scan(page, patients["to_give"].packages[0])
    expect(page.locator("#panel")).to_contain_text("这个药包不属于这张处方")
    scan(page, packed.packages[0])
    expect(page.locator("#ward-receive")).not_to_contain_text(packed.name)
    page.goto(f"{hospital.url}/ward/orders/{packed.rx}/")
    expect(page.locator(".loop")).to_contain_text("演示病区护士甲")


def test_a_dose_is_given_on_the_rounds_and_the_strip_tells(nurse: Page, hospital, patients, shot, colleague):
    found = patients["to_give"]
    expect(nurse.locator("main")).to_contain_text(found.name)
    readable(nurse)
    scan(nurse, found.band)
    expect(nurse.locator("main")).to_contain_text("腕带已扫描")
    readable(nurse)
    shot(nurse, "round")
    scan(nurse, found.packages[0])
    expect(nurse.locator(".rights .right")).to_have_count(5)
    readable(nurse)
    shot(nurse, "rounds")
    give(nurse)
    expect(nurse.locator("main")).to_contain_text("氨溴索")
    expect(nurse.locator("main")).to_contain_text("已给药")

    doctor = log_in(colleague(), hospital.url, "wdoctor1", then=f"/orders/rx/{found.rx}/")
    strip = doctor.locator(".loop").first.locator("li", has_text="给药")
    expect(strip).to_contain_text("演示病区护士甲")
    expect(strip).to_contain_text("内科一病区")
    expect(strip).to_contain_text(re.compile(r"\d\d:\d\d"))
    readable(doctor)
    shot(doctor, "loop")


def test_another_patients_band_stops_the_hand(nurse: Page, patients, shot):
    mine, other = patients["stranger"], patients["held"]
    scan(nurse, mine.packages[0])
    expect(nurse.locator("main h1")).to_have_text("床旁核对")
    scan(nurse, other.band)
    refused(nurse, "患者不对：腕带不是这次用药的患者")
    expect(nurse.locator(GIVING)).to_have_count(0)
    expect(nurse.locator(".rights .wrong")).to_contain_text("患者")
    readable(nurse)
    shot(nurse, "wrong-patient")
    scan(nurse, mine.band)
    expect(nurse.locator(".rights .right")).to_have_count(5)


def test_a_code_that_nobody_printed_is_told(nurse: Page):
    scan(nurse, "W00000000000")
    refused(nurse, "不认识这个")


def test_two_nurses_at_one_package(nurse: Page, hospital, patients, colleague):
    """Both stand at the dose with both scans; both press at once: one gives, the other reads who and when."""
    found = patients["shared"]
    second = colleague()
    second.set_viewport_size(PHONE)
    log_in(second, hospital.url, "nurse2", then="/ward/rounds/")
    at_dose(nurse, found)
    at_dose(second, found)
    with ThreadPoolExecutor(2) as hands:
        answers = list(hands.map(_give, [(p.context.cookies(), *_form(p)) for p in (nurse, second)]))
    assert sorted(status for status, _text in answers) == [303, 422]
    lost = next(text for status, text in answers if status == 422)
    assert re.search(r"已给药：演示病区护士[甲乙]，\d\d:\d\d", lost)
    # and the one who was slower scans once more
    scan(nurse, found.packages[0])
    refused(nurse, "演示病区护士")


def test_a_high_alert_drug_needs_a_second_nurse(nurse: Page, patients, shot):
    found = patients["insulin"]
    at_dose(nurse, found)
    give(nurse)
    refused(nurse, "高警示药品需要第二人核对")
    nurse.fill("[name=witness_login]", "nurse1")
    nurse.fill("[name=witness_password]", PASSWORD)
    give(nurse)
    refused(nurse, "核对人不能是您自己")
    nurse.fill("[name=witness_login]", "nurse2")
    nurse.fill("[name=witness_password]", "not-her-password")
    give(nurse)
    refused(nurse, "核对人的工号或密码不正确")
    readable(nurse)
    shot(nurse, "witness")
    nurse.fill("[name=witness_login]", "nurse2")
    nurse.fill("[name=witness_password]", PASSWORD)
    give(nurse)
    expect(nurse.locator("main")).to_contain_text("已给药")


def test_a_dose_may_be_held_and_refused_with_a_reason(nurse: Page, patients):
    for name, choice, words in (("held", "禁食或禁饮", "暂缓"), ("refused", "患者拒绝服用或注射", "拒绝")):
        found = patients[name]
        nurse.goto(re.sub(r"/ward/.*", "/ward/rounds/", nurse.url))
        at_dose(nurse, found)
        nurse.get_by_role("button", name="记录没有给药").click()
        refused(nurse, "没有给药的原因：这个字段是必填项")
        # the scans of before still hold
        expect(nurse.locator(".rights .right")).to_have_count(5)
        nurse.select_option("[name=why]", label=choice)
        nurse.get_by_role("button", name="记录没有给药").click()
        expect(nurse.locator("main")).to_contain_text(choice)
        expect(nurse.locator("main")).to_contain_text(words)


def test_a_dose_without_a_scan_says_why(nurse: Page, hospital, patients):
    found = patients["unscanned"]
    scan(nurse, found.packages[0])
    nurse.locator("details.paper summary").click()
    give(nurse)
    refused(nurse, "腕带或药包没有扫描")
    nurse.select_option("[name=unscanned_reason]", "wristband_unreadable")
    give(nurse)
    expect(nurse.locator("main")).to_contain_text("已给药")
    nurse.goto(f"{hospital.url}/ward/board/")
    expect(nurse.locator("table")).to_contain_text("腕带污损或无法佩戴")


def _form(page: Page) -> tuple[str, dict[str, str]]:
    """Address and fields of the form that gives."""
    form = page.locator(GIVING)
    fields = form.evaluate("form => Object.fromEntries(new FormData(form))")
    return form.evaluate("form => form.action"), fields


def _give(sent: tuple[list[dict[str, str]], str, dict[str, str]]) -> tuple[int, str]:
    """The button, pressed without waiting for the browser's turn: the two requests really meet."""
    import httpx

    cookies, url, fields = sent
    with httpx.Client(cookies={c["name"]: c["value"] for c in cookies}, follow_redirects=False) as client:
        answer = client.post(url, data=fields, headers={"Origin": re.sub(r"(://[^/]+).*", r"\1", url)})
    return answer.status_code, answer.text
