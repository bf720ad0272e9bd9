"""The parts in a real browser: looked at in every light, worked with keys alone, scanned at, refused, and left."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def design(page: Page, hospital) -> Page:
    """The specimen page, opened by the first of the demo's public accounts."""
    page.goto(f"{hospital.url}/trust/login/?next=/design/")
    account = page.locator("table .mono")
    page.fill("[name=login]", account.nth(0).inner_text())
    page.fill("[name=password]", account.nth(1).inner_text())
    page.click("main .button.primary")
    page.wait_for_url("**/design/")
    return page


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line each."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags}).then(r => r.violations)", RULES)
    return [f"{v['id']}: {v['nodes'][0]['target']} {v['nodes'][0]['failureSummary'][:200]}" for v in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desk", "phone"])
def test_everybody_can_read_it(design: Page, scheme, size):
    design.set_viewport_size({"width": size[0], "height": size[1]})
    design.emulate_media(color_scheme=scheme)
    assert violations(design) == []
    assert design.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_it_is_looked_at(design: Page, shot):
    shot(design, "design")
    design.goto(re.sub(r"/design/.*", "/design/?print", design.url))
    shot(design, "design-print")


def test_it_fits_at_twice_the_size(design: Page):
    design.set_viewport_size({"width": 683, "height": 384})
    assert design.evaluate("document.documentElement.scrollWidth") <= 683


def test_print_is_black_on_white_and_without_the_frame(design: Page):
    design.emulate_media(media="print", color_scheme="dark")
    for part in (".top", ".rail", ".confirm-bar"):
        expect(design.locator(part).first).to_be_hidden()
    colours = design.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_the_first_row_is_one_key_away(design: Page):
    """Where nothing has the focus, as on a list without a field: no Tab through the rail to reach its rows."""
    design.evaluate("document.activeElement.blur()")
    design.keyboard.press("ArrowDown")
    expect(design.locator("[data-rows] [data-row]").first).to_be_focused()


def test_rows_open_in_the_panel_and_the_focus_comes_back(design: Page):
    rows = design.locator("#short-list [data-row]")
    rows.first.focus()
    design.keyboard.press("ArrowDown")
    design.keyboard.press("Enter")
    expect(design.locator("#panel-title")).to_be_focused()
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    design.keyboard.press("Escape")
    expect(design.locator("#panel")).to_be_hidden()
    expect(rows.nth(1)).to_be_focused()


def test_escape_closes_the_top_layer_only(design: Page):
    design.locator("#short-list [data-open]").first.click()
    expect(design.locator("#panel-title")).to_be_visible()
    design.keyboard.press("Control+k")
    expect(design.locator("#palette")).to_be_visible()
    design.keyboard.press("Escape")
    expect(design.locator("#palette")).to_be_hidden()
    expect(design.locator("#panel-title")).to_be_visible()
    design.keyboard.press("Escape")
    expect(design.locator("#panel")).to_be_hidden()


def test_the_palette_goes_to_a_screen_by_its_initials(design: Page):
    design.keyboard.press("Control+k")
    design.keyboard.type("kjj", delay=60)
    design.keyboard.press("Enter")
    design.wait_for_url("**/keys/")


def test_the_question_mark_opens_the_key_sheet_but_not_while_typing(design: Page):
    field = design.locator("#form [name=name]")
    field.fill("")
    design.keyboard.type("?")
    expect(field).to_have_value("?")
    field.blur()
    design.keyboard.type("?")
    design.wait_for_url("**/keys/")


def test_the_filter_narrows_and_says_so(design: Page):
    design.locator("#long-list [data-filter]").fill("司马相如 儿科")
    expect(design.locator("#say")).to_contain_text("行")
    left = design.locator("#long-list [data-row]:visible")
    assert 0 < left.count() < 500
    design.locator("#long-list [data-filter]").fill("没有这个人")
    expect(design.locator("#long-list [data-filter-none]")).to_be_visible()


def burst(keyboard: CDPSession, code: str, end: str, ime: bool, stalls: tuple[int, ...] = ()) -> None:
    """Type as a scanner does: as fast as the browser takes it, through the input method where one is on.

    stalls: places at which the machine is busy, so that the keys struck in time arrive late.
    """
    start = time.time()
    for place, character in enumerate(code):
        name = f"Digit{character}" if character.isdigit() else f"Key{character.upper()}"
        press = {"type": "keyDown", "key": character, "code": name, "text": character}
        if character.isupper():
            press["modifiers"] = 8
        if character == "\x1d":
            press = {"type": "rawKeyDown", "key": "]", "code": "BracketRight", "modifiers": 2}
        elif ime:
            press |= {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229}
            del press["text"]
        if place in stalls:
            time.sleep(0.4)
        # the moment of the key is told, for the machine under test may be slower than a scanner
        keyboard.send("Input.dispatchKeyEvent", press | {"timestamp": start + place / 200})
        if ime:
            composed = {"text": character * 2, "selectionStart": 1, "selectionEnd": 1}
            keyboard.send("Input.imeSetComposition", composed)
    ends = {
        "Enter": {"type": "keyDown", "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13},
        "Tab": {"type": "keyDown", "key": "Tab", "code": "Tab", "text": "\t", "windowsVirtualKeyCode": 9},
        "GS": {"type": "rawKeyDown", "key": "]", "code": "BracketRight", "modifiers": 2},
        "Ctrl J": {"type": "rawKeyDown", "key": "j", "code": "KeyJ", "modifiers": 2},
    }
    if len(code) in stalls:
        time.sleep(0.4)
    keyboard.send("Input.dispatchKeyEvent", ends[end] | {"timestamp": start + len(code) / 200})


@pytest.fixture
def scans(design: Page) -> list[str]:
    """Codes that the page recognised, as they come."""
    heard: list[str] = []
    design.expose_function("heard", lambda code: heard.append(code))
    design.evaluate("document.addEventListener('luodi:scan', event => heard(event.detail.code))")
    return heard


@pytest.mark.parametrize("ime", [False, True], ids=["plain", "chinese-input"])
@pytest.mark.parametrize("end", ["Enter", "Tab", "GS", "Ctrl J"])
def test_a_scan_leaves_no_trace_in_the_field(design: Page, scans, end, ime):
    field = design.locator("#form [name=name]")
    field.fill("王")
    field.focus()
    burst(design.context.new_cdp_session(design), "P0000123", end, ime)
    design.wait_for_timeout(300)
    assert scans == ["P0000123"]
    expect(field).to_have_value("王")
    assert design.url.endswith("/design/")


@pytest.mark.parametrize("stalls", [(2,), (6,), (3, 8), (8,)])
def test_a_code_is_not_cut_in_two_on_a_busy_machine(design: Page, scans, stalls):
    field = design.locator("#form [name=name]")
    field.fill("王")
    field.focus()
    burst(design.context.new_cdp_session(design), "P0000123", "Enter", False, stalls)
    design.wait_for_timeout(300)
    assert scans == ["P0000123"]
    expect(field).to_have_value("王")
    assert design.url.endswith("/design/")


def test_a_separator_inside_a_code_is_kept(design: Page, scans):
    burst(design.context.new_cdp_session(design), "010690\x1d10AB", "Enter", False)
    design.wait_for_timeout(300)
    assert scans == ["010690\x1d10AB"]


def test_typing_is_no_scan_however_fast(design: Page, scans):
    field = design.locator("#form [name=name]")
    field.focus()
    design.keyboard.type("wang xiaoming", delay=60)
    expect(field).to_have_value("wang xiaoming")
    field.fill("")
    design.keyboard.type("abcdef")
    design.wait_for_timeout(300)
    expect(field).to_have_value("abcdef")
    assert scans == []


def test_a_page_that_takes_no_scan_says_so(design: Page):
    burst(design.context.new_cdp_session(design), "P0000123", "Enter", False)
    expect(design.locator("#say")).to_have_text("这个页面不接收扫码")


def test_a_refusal_is_told_in_place_and_nothing_typed_is_lost(design: Page):
    refused = '<div class="refusal" data-refusal><p>批号已过期</p><p>换一批再调配</p></div>'
    design.route("**/design/?row=*", lambda route: route.fulfill(status=409, content_type="text/html", body=refused))
    design.locator("#form [name=name]").fill("写到一半")
    design.locator("#short-list [data-open]").first.click()
    expect(design.locator("#short-list [data-refusal]")).to_contain_text("换一批再调配")
    expect(design.locator("#form [name=name]")).to_have_value("写到一半")
    expect(design.locator("#panel")).to_be_hidden()


def test_a_silent_server_is_told_too(browser, browser_context_args, hospital, design: Page):
    # htmx writes the lost connection to the console, where the guarded page would count it as a fault of ours
    alone = browser.new_context(**browser_context_args, storage_state=design.context.storage_state())
    page = alone.new_page()
    page.goto(f"{hospital.url}/design/")
    page.route("**/design/?row=*", lambda route: route.abort())
    page.locator("#short-list [data-open]").first.click()
    expect(page.locator("#short-list [data-refusal]")).to_contain_text("服务器没有应答")
    alone.close()


def test_a_form_is_sent_once_and_not_left_unsaved(design: Page):
    sent: list[str] = []
    design.route("**/keys/", lambda route: (sent.append(route.request.method), route.continue_())[1])
    design.goto(design.url.replace("/design/", "/keys/"))
    asked: list[str] = []
    design.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept())[1])
    design.locator("main input.input").first.fill("Alt U")
    with design.expect_navigation():
        design.evaluate("location.reload()")
    assert asked == ["beforeunload"]
    sent.clear()
    design.locator("main input.input").first.fill("Alt U")
    with design.expect_navigation():  # to its end: keys are heard when the new page's scripts have run
        design.evaluate(
            """() => {
                const form = document.querySelector("main form");
                form.requestSubmit();
                form.requestSubmit();
            }"""
        )
    expect(design.locator("main input.input").first).to_have_value("Alt U")
    assert sent.count("POST") == 1
    expect(design.locator(".search-button kbd")).to_have_text("Alt U")
    design.keyboard.press("Alt+u")
    expect(design.locator("#palette")).to_be_visible()


def test_news_waits_behind_a_bar(design: Page):
    stream = "event: design\ndata: changed\n\nevent: design\ndata: changed\n\n"
    design.route("**/live/?topics=*", lambda route: route.fulfill(content_type="text/event-stream", body=stream))
    before = design.locator("#short-list [data-row]").all_inner_texts()
    design.reload()
    bar = design.locator("#short-list [data-new-rows]")
    expect(bar).to_contain_text("处更新")
    assert design.locator("#short-list [data-row]").all_inner_texts()[0] == before[0]
    bar.click()
    expect(design.locator("#short-list [data-row]")).to_have_count(len(before))


def test_a_lost_connection_is_told_and_what_happened_meanwhile_may_be_fetched(design: Page, shot):
    design.route("**/live/?topics=*", lambda route: route.abort())
    design.reload()
    notice = design.locator("#short-list .live-lost")
    expect(notice).to_have_count(0)
    expect(notice).to_contain_text("实时更新已中断", timeout=15_000)
    notice.scroll_into_view_if_needed()
    assert violations(design) == []
    shot(design, "live-lost")
    design.unroute("**/live/?topics=*")
    expect(notice).to_have_count(0, timeout=25_000)
    expect(design.locator("#short-list [data-new-rows]")).to_contain_text("处更新")


def test_theme_and_density_stay(design: Page):
    design.locator("details.menu summary").click()
    with design.expect_response("**/preferences/"):
        design.locator("button[name=theme][value=dark]").click()
    with design.expect_response("**/preferences/"):
        design.locator("button[name=density][value=touch]").click()
    design.reload()
    expect(design.locator("html")).to_have_attribute("data-theme", "dark")
    expect(design.locator("html")).to_have_attribute("data-density", "touch")
    assert design.locator("#short-list [data-row]").first.bounding_box()["height"] >= 48


def test_nothing_is_kept_in_the_browser(design: Page):
    design.locator("#short-list [data-open]").first.click()
    expect(design.locator("#panel-title")).to_be_visible()
    assert design.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]") == []


def test_it_can_be_read_without_javascript(browser, hospital, design: Page):
    quiet = browser.new_context(java_script_enabled=False, storage_state=design.context.storage_state())
    page = quiet.new_page()
    page.goto(f"{hospital.url}/design/")
    page.locator("#short-list [data-open]").first.click()
    expect(page.locator("#panel-title")).to_be_visible()
    page.locator("[data-panel-close]").click()
    expect(page.locator("#panel-title")).to_have_count(0)
    quiet.close()
