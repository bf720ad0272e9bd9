"""Hands on the keys: what a person types is counted, so that a journey can say what it costs."""

from playwright.sync_api import Locator, Page, expect

DELAY = 55  # ms between keys: slower than the scanner's threshold

# Where the focus is, somebody can see that it is there: a ring, or a field whose border changes.
SEEN = """() => {
    const at = document.activeElement, style = at && getComputedStyle(at);
    return at && at !== document.body && at.checkVisibility()
        && (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none');
}"""


class Hands:
    """The keyboard of one page. `struck` counts the keys since the last `begin`."""

    def __init__(self, page: Page) -> None:
        self.page, self.struck = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.struck += 1

    def type(self, text: str, into: Locator | None = None) -> None:
        """Type into a field reached by its own key, or into the one in focus."""
        if into is not None:
            into.focus()
            self.struck += 1  # the Tab or Alt key that led there
        # a person sees the cursor before typing; a page that is still loading has none
        self.page.wait_for_load_state()
        self.page.wait_for_function("document.activeElement?.matches('input, textarea, select') ?? false")
        if text.isascii():
            self.page.keyboard.type(text, delay=DELAY)
        else:
            self.page.keyboard.insert_text(text)  # as an input method commits it
        self.struck += len(text)

    def choose(self, button: Locator) -> None:
        """Tab to a button and press it."""
        button.focus()
        button.press("Enter")
        self.struck += 2

    def begin(self) -> None:
        self.struck = 0

    def tab_to(self, target: Locator, most: int = 40) -> int:
        """Press Tab until `target` is in focus, as somebody without a mouse; returns how many times.

        On every stop the focus must be somewhere and be seen. Fails after `most` stops.
        """
        self.page.wait_for_load_state()
        for stops in range(most + 1):
            if target.count() and target.first.evaluate("field => field === document.activeElement"):
                return stops
            self.press("Tab")
            assert self.page.evaluate(SEEN), self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        raise AssertionError(f"{target} is not among the first {most} stops of {self.page.url}")

    def go(self, screen: str) -> None:
        """By the palette to a screen, by the name it has there."""
        self.page.wait_for_load_state()
        self.press("Control+k")
        self.type(screen)
        expect(self.page.locator("#palette-options [role=option]").first).to_contain_text(screen)
        self.press("Enter")
        expect(self.page.locator("#palette")).to_be_hidden()

    def log_in(self, url: str, login: str, password: str) -> None:
        """By keys alone, from the address on."""
        self.page.goto(f"{url}/trust/login/")
        expect(self.page.locator("[name=login]")).to_be_focused()
        self.type(login)
        self.press("Tab")
        self.type(password)
        self.press("Enter")
        self.page.wait_for_url(f"{url}/")
