"""Every screen that stands in a rail, and those one step behind it, as each role sees it on a desk and on a phone."""

import pytest
from playwright.sync_api import Page

from tests.journeys.at_work import PHONE, log_in, readable

SCREENS = {
    "clerk1": [
        "/",
        "/reception/",
        "/reception/new/",
        "/reception/unknown/",
        "/reception/sessions/",
        "/patients/new/",
        "/reception/appointments/",
        "/reception/sessions/templates/",
    ],
    "triage1": ["/", "/reception/queue/", "/reception/triage/", "/reception/triage/green/"],
    "edoctor1": ["/", "/chart/desk/", "/orders/returned/", "/patients/", "/reception/board/ED/"],
    "review1": ["/pharmacy/review/", "/terms/rules/", "/terms/medicines/", "/keys/", "/about/"],
    "dispense1": ["/", "/pharmacy/dispense/", "/stock/"],
    "store1": ["/stock/receiving/", "/stock/?show=expiring", "/stock/medicines/M0001/"],
    "nurse1": ["/", "/ward/board/", "/ward/orders/", "/ward/rounds/"],
    "director1": ["/insight/measures/", "/insight/measures/closed_loop_rate/", "/rollout/gates/"],
    "sysadmin": ["/trust/staff/", "/trust/posts/new/", "/trust/system/", "/trust/account/second-factor/"],
    "secadmin": ["/trust/posts/", "/trust/posts/doctor/", "/trust/policy/", "/trust/reviews/", "/nowhere/"],
    "auditor": ["/trust/audit/", "/trust/ledger/", "/trust/account/", "/trust/account/password/"],
}

# A cell of three or more characters that stand one below another: a table squeezed until nobody reads it.
SQUEEZED = """() => [...document.querySelectorAll('td, th, dd, .button')].filter(cell => {
    const style = getComputedStyle(cell), box = cell.getBoundingClientRect();
    const inner = box.width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return style.whiteSpace !== 'nowrap' && cell.innerText.trim().length > 2 && box.width > 1
        && inner < 2 * parseFloat(style.fontSize)
        && box.height > 3 * parseFloat(style.fontSize) && !cell.closest('.visually-hidden');
}).map(cell => cell.innerText)"""

# What a thumb must hit: buttons, links that look like them, and fields.
SMALL = """() => [...document.querySelectorAll(
    '.button, .rail a, .search-button, .tabs a, summary, main select, main .input')]
    .filter(target => target.checkVisibility() && target.getBoundingClientRect().height < 43.5)
    .map(target => target.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("login", SCREENS)
def test_every_screen_is_readable_on_a_desk_and_on_a_phone(page: Page, hospital, login):
    log_in(page, hospital.url, login)
    page.wait_for_url(f"{hospital.url}/")
    desk = page.viewport_size
    for address in SCREENS[login]:
        page.goto(hospital.url + address)
        readable(page)
        assert page.evaluate(SQUEEZED) == [], address
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        readable(page)
        assert page.evaluate(SQUEEZED) == [], address
        assert page.evaluate(SMALL) == [], address
        page.set_viewport_size(desk)  # type: ignore[arg-type]
