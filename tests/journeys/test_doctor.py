"""The doctor's desk: from the call to the signature, and the answer to a pharmacist who sends it back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.at_work import log_in, readable
from tests.journeys.hands import Hands
from tests.journeys.walk_in import WalkIn, walked_in


@pytest.fixture(scope="module")
def patients(hospital) -> dict[str, WalkIn]:
    made = walked_in(hospital.data, "triaged", "opened", "opened", "signed")
    return dict(zip(("caller", "asked", "closed", "returned"), made, strict=True))


@pytest.fixture
def doctor(page: Page, hospital) -> Page:
    log_in(page, hospital.url, "edoctor1", then="/chart/desk/")
    page.wait_for_url("**/chart/desk/")
    return page


def at_desk(page: Page, hospital, patient: WalkIn) -> None:
    page.goto(f"{hospital.url}/chart/{patient.pk}/encounter/{patient.encounter}/")
    expect(page.locator("#pad")).to_be_visible()


def prescribe(hands: Hands, initials: str, code: str, dose: str, days: str = "3") -> None:
    """A line by the initials of the drug: found, highlighted, dosed, added."""
    page = hands.page
    if page.get_by_role("button", name=re.compile("新开处方")).count():
        hands.press("Alt+n")
    expect(page.locator("#medicine-q")).to_be_visible()
    page.locator("#medicine-q").fill("")
    hands.press("Alt+m")
    expect(page.locator("#medicine-q")).to_be_focused()
    hands.type(initials)
    option = page.locator("#medicine-options [data-option]", has_text=code)
    expect(option).to_be_visible()
    places = page.locator("#medicine-options [data-option]").all_inner_texts()
    for _ in range(next(n for n, text in enumerate(places) if code in text) + 1):
        hands.press("ArrowDown")
    hands.press("Enter")
    expect(page.locator(".line-form")).to_be_visible()
    page.locator(".line-form [name=dose]").fill("")
    hands.type(dose, page.locator(".line-form [name=dose]"))
    page.locator(".line-form [name=dose_unit]").select_option("mg")
    page.locator(".line-form [name=route]").select_option("po")
    page.locator(".line-form [name=frequency]").select_option("bid")
    page.locator(".line-form [name=days]").fill("")
    hands.type(days, page.locator(".line-form [name=days]"))
    hands.press("Alt+a")
    expect(page.locator("#pad .rx-lines")).to_contain_text(places[0].split()[0][:2])


def answer_all(page: Page) -> None:
    """Every question of the check is answered with the first reason that it offers."""
    for question in page.locator("select[name^='answer-']").all():
        question.select_option(index=1)


def sign(hands: Hands) -> None:
    answer_all(hands.page)
    hands.page.locator("#sign-form button.primary").focus()
    hands.press("Control+Enter")


def test_call_start_write_diagnose_ask_prescribe_sign(doctor: Page, hospital, patients, shot, record_property):
    mine, hands = patients["caller"], Hands(doctor)
    called = doctor.locator(f"form[action='/reception/tickets/{mine.ticket}/call/'] button")
    expect(called).to_be_visible()
    readable(doctor)
    hands.choose(called)
    expect(called).to_have_count(0)
    hands.choose(doctor.locator(f"form[action='/reception/tickets/{mine.ticket}/start/'] button"))
    doctor.wait_for_url(f"**/encounter/{mine.encounter}/")
    hands.type("咽痛、发热2天", doctor.locator("#notes [name=complaint]"))
    hands.press("Alt+s")
    expect(doctor.locator("#notes")).to_contain_text("已保存")
    hands.press("Alt+d")
    hands.type("J03.9")
    expect(doctor.locator("#diagnosis-options [data-option]").first).to_contain_text("J03.9")
    hands.press("ArrowDown", "Enter")
    expect(doctor.locator("#diagnoses .written")).to_contain_text("J03.9")
    doctor.locator("#allergies [name=state][value=listed]").check()
    doctor.locator("#allergies [name=code_0]").select_option("PENICILLIN")
    doctor.locator("#allergies [name=severity_0]").select_option("severe")
    hands.type("皮疹、喉头水肿", doctor.locator("#allergies [name=reaction_0]"))
    hands.choose(doctor.locator("#allergies .actions button"))
    expect(doctor.locator("#allergies")).to_contain_text("已保存")
    expect(doctor.locator(".banner, [data-banner], header").filter(has_text="青霉素").first).to_be_visible()
    doctor.evaluate("scrollTo(0, 0)")
    shot(doctor, "doctor-desk")

    prescribe(hands, "amxl", "M0288", "500")
    expect(doctor.locator("#pad")).to_contain_text("青霉素类过敏")
    expect(doctor.locator("#sign-form button.primary")).to_be_disabled()
    doctor.locator("#orders").scroll_into_view_if_needed()
    shot(doctor, "prescribe")
    readable(doctor)
    hands.choose(doctor.locator("#pad .rx-lines").get_by_role("button", name=re.compile("去掉")))
    expect(doctor.locator("#pad")).to_contain_text("还没有药品")
    prescribe(hands, "lhms", "M0321", "150")
    sign(hands)
    expect(doctor.locator("#pad")).to_contain_text("已签名，已送药师审方")
    record_property("keystrokes", hands.struck)


def test_what_is_unusual_is_asked_once_and_signed_with_a_reason(doctor: Page, hospital, patients):
    at_desk(doctor, hospital, patients["asked"])
    hands = Hands(doctor)
    prescribe(hands, "lhms", "M0321", "150", days="9")
    expect(doctor.locator("#pad select[name^='answer-']").first).to_be_visible()
    doctor.locator("#sign-form button.primary").focus()
    hands.press("Control+Enter")
    expect(doctor.locator("#pad [data-refusal], #pad .refusal").first).to_be_visible()
    expect(doctor.locator("#pad")).not_to_contain_text("已送药师审方")
    sign(hands)
    expect(doctor.locator("#pad")).to_contain_text("已签名，已送药师审方")


def test_a_returned_prescription_is_answered(doctor: Page, hospital, patients, colleague):
    returned = patients["returned"]
    pharmacist = log_in(colleague(), hospital.url, "review1", then=f"/pharmacy/review/{returned.rx}/")
    pharmacist.locator("#reasons input[type=checkbox]").first.check()
    pharmacist.locator("#return [name=text]").fill("请核对疗程")
    pharmacist.locator("#return button.danger").press("Enter")
    pharmacist.wait_for_url(re.compile(r"/pharmacy/review/(\d+/)?\?done="))

    hands = Hands(doctor)
    doctor.goto(f"{hospital.url}/orders/returned/")
    readable(doctor)
    doctor.locator(f"#row-{returned.rx} [data-open]").press("Enter")
    doctor.get_by_role("link", name=re.compile("修改并答复")).press("Enter")
    expect(doctor.locator("#pad")).to_contain_text("请核对疗程")
    hands.type("已核对，按病情需要三天", doctor.locator("#sign-form [name=text]"))
    readable(doctor)
    sign(hands)
    expect(doctor.locator("#pad")).to_contain_text("已签名，已送药师审方")
    doctor.goto(f"{hospital.url}/orders/rx/{returned.rx}/")
    expect(doctor.locator("main")).to_contain_text("按原方答复")
    readable(doctor)


def test_the_morning_of_a_doctor(doctor: Page, hospital, shot):
    doctor.goto(hospital.url)
    readable(doctor)
    shot(doctor, "today")


def test_the_record_shows_what_was_written(doctor: Page, hospital, patients):
    doctor.goto(f"{hospital.url}/chart/{patients['closed'].pk}/")
    expect(doctor.locator("main")).to_contain_text("咽痛")
    readable(doctor)
