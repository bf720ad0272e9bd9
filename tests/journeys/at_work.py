"""What people do at a screen, whatever the screen: log in, scan, look."""

from playwright.sync_api import Page, expect

from luodi.simulator.crew import PASSWORD
from tests.journeys.test_design import burst, violations

PHONE = {"width": 390, "height": 844}


def log_in(page: Page, url: str, login: str, password: str = PASSWORD, then: str = "/") -> Page:
    """Log in by the form and arrive at `then`."""
    page.goto(f"{url}/trust/login/?next={then}")
    page.fill("[name=login]", login)
    page.fill("[name=password]", password)
    with page.expect_navigation():  # what is read next is read on the page that follows, not on this one
        page.click("main .button.primary")
    return page


def scan(page: Page, code: str) -> None:
    """What a scanner sends: the characters at its speed, then Enter."""
    page.wait_for_load_state()
    scanner = page.context.new_cdp_session(page)
    burst(scanner, code, "Enter", False)
    scanner.detach()


def readable(page: Page) -> None:
    """Nothing that axe finds, in both lights, and nothing that runs out of the screen sideways."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = violations(page)
        assert not found, f"{page.url} {scheme}: {found}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} runs out of the screen"
    page.emulate_media(color_scheme="light")


def refused(page: Page, words: str) -> None:
    """The page says no in these words."""
    expect(page.locator("main")).to_contain_text(words)
