"""无名氏 turns out to be somebody whom the hospital knows: one person, and two again when it was a mistake."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.at_work import log_in, readable
from tests.journeys.hands import Hands
from tests.journeys.walk_in import WalkIn, walked_in


@pytest.fixture(scope="module")
def known(hospital) -> WalkIn:
    return walked_in(hospital.data, "arrived")[0]


def test_the_unknown_patient_is_somebody_we_know(
    page: Page, hospital, known: WalkIn, colleague: Callable[[], Page], shot
) -> None:
    log_in(page, hospital.url, "clerk1", then="/reception/unknown/")
    hands = Hands(page)
    hands.press("Control+Enter")
    page.wait_for_url("**/reception/registrations/*/")
    registration = page.url
    nameless = page.locator("h1").inner_text()
    assert nameless.startswith("无名氏")
    hands.tab_to(page.get_by_role("link", name="与已有档案合并"))
    hands.press("Enter")
    page.wait_for_url("**/same/")
    readable(page)
    hands.type(known.name)
    hands.press("Enter")
    there = page.locator(f"a.button[href$='/same/{known.pk}/']")
    expect(there).to_be_visible()
    hands.tab_to(there)
    hands.press("Enter")
    page.wait_for_url(f"**/same/{known.pk}/")
    expect(page.locator("table")).to_contain_text("不同")
    assert known.id_no not in page.content()
    readable(page)
    shot(page, "merge")
    hands.press("Control+Enter")
    page.wait_for_url(f"**/patients/{known.pk}/")
    expect(page.locator("main")).to_contain_text(nameless)
    readable(page)

    # at the triage desk the visit of the nameless one bears the name
    triage = log_in(colleague(), hospital.url, "triage1", then="/reception/triage/")
    expect(triage.locator("main")).not_to_contain_text(nameless)
    expect(triage.locator("tr", has_text=known.name)).to_have_count(2)
    page.goto(registration)
    expect(page.locator("main")).to_contain_text(f"原档案 {nameless}")

    page.goto(f"{hospital.url}/patients/{known.pk}/")
    page.get_by_role("link", name="查看或撤销").press("Enter")
    page.locator("select[name=reason]").select_option("two_people")
    hands.type("家属到院，辨认不是同一人", page.locator("#id_words"))
    readable(page)
    hands.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("这次合并已经撤销")
    triage.reload()
    expect(triage.locator("main")).to_contain_text(nameless)
    page.goto(registration)
    expect(page.locator("h1")).to_have_text(nameless)
