"""Hands on the keys: what a person types is counted, so that a journey can say what it costs."""

from playwright.sync_api import Locator, Page

DELAY = 55  # ms between keys: slower than the scanner's threshold


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
