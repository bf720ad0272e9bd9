"""The desk, the queue, triage and the board in a real browser, worked with keys and a scanner."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect, sync_playwright

from luodi.cli.postgres import free_port
from luodi.reception import actions, queries
from luodi.trust import sessions
from luodi.trust.models import Holding
from tests.journeys.at_work import scan
from tests.reception.lines import listening, live

pytestmark = pytest.mark.journey
AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ID_NO = "11010519491231002X"


class Desk:
    """One browser; `as_(actor)` gives a page of that person, None a page of nobody."""

    def __init__(self, browser: Any, url: str) -> None:
        self.browser, self.url, self.complaints = browser, url, []

    def as_(self, who: Any, path: str, script: str = "", **context: Any) -> Page:
        settings = {"viewport": {"width": 1366, "height": 768}, "locale": "zh-CN", **context}
        opened = self.browser.new_context(**settings)
        if who is not None:
            token, _row = sessions.begin(who.staff, "test", holding=Holding.objects.get(staff=who.staff).pk)
            opened.add_cookies([{"name": sessions.COOKIE, "value": token, "url": self.url}])
        if script:
            opened.add_init_script(script)
        page = opened.new_page()
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.goto(self.url + path)
        return page


@pytest.fixture
def desk(shared: Any, live_server: Any) -> Iterator[Desk]:
    # playwright's loop runs in this thread; the database is asked outside of it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("LUODI_TEST_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        made = Desk(browser, live_server.url)
        yield made
        browser.close()
    unexpected = [
        line for line in made.complaints if not line.startswith("Failed to load resource") and "/live/" not in line
    ]
    assert not unexpected, unexpected


def readable(page: Page) -> None:
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags}).then(r => r.violations)", RULES)
    assert [f"{v['id']}: {v['nodes'][0]['target']} {v['nodes'][0]['failureSummary'][:200]}" for v in found] == []


def test_clerk_books_with_keys_alone(shared, desk):
    session = shared.session()
    shared.patient()
    page = desk.as_(shared.clerk, reverse("reception:register"))
    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.type("oyjg")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="欧阳建国").click()
    readable(page)
    page.locator(f"#place-s{session}").press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".figure-value")).to_contain_text("1 号")
    readable(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_text")).to_be_focused()


def test_scan_of_an_id_card_fills_a_new_identity(shared, desk):
    session = shared.session()
    page = desk.as_(shared.clerk, reverse("reception:register"))
    page.locator("h1").click()
    scan(page, ID_NO)
    expect(page.locator("#id_id_no")).to_have_value(ID_NO)
    expect(page.locator("#id_birth_date")).to_have_value("1949-12-31")
    readable(page)
    page.fill("#id_name", "秦良玉")
    page.locator(f"#place-s{session}").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("秦良玉")


def test_doctor_calls_with_a_key_and_the_board_follows(shared, desk):
    session = shared.session()
    for name in ("欧阳建国", "李明"):
        actions.register(shared.clerk, shared.patient(name), session)
    board = desk.as_(None, reverse("reception:board", args=["GIM"]))
    expect(board.locator(".board-called")).to_contain_text("暂无叫号")
    readable(board)
    page = desk.as_(shared.doctor, reverse("reception:queue"))
    readable(page)
    page.keyboard.press("Alt+c")
    expect(page.locator(".tickets").first).to_contain_text("欧阳建国")
    expect(board.locator(".board-called")).to_contain_text("欧**国", timeout=15_000)
    expect(board.locator(".board-called")).to_contain_text("3 诊室")
    assert "欧阳建国" not in board.content()


def test_the_second_doctor_reads_who_was_first_at_the_desk(shared, desk):
    made = actions.register(shared.clerk, shared.patient(), shared.session(doctor=shared.second))
    page = desk.as_(shared.second, reverse("chart:desk"))
    call = page.locator("#desk-queue").get_by_role("button", name="叫号")
    expect(call).to_be_visible()
    actions.call(shared.doctor, made.ticket, room="9 诊室")
    call.click()
    expect(page.get_by_text("王医生").first).to_contain_text("9 诊室")
    assert queries.ticket(made.ticket).room == "9 诊室"


def test_triage_suggests_while_typing_and_asks_why(shared, desk):
    made = actions.register(shared.ed_nurse, shared.patient(), unit=shared.unit["ED"])
    page = desk.as_(shared.ed_nurse, reverse("reception:triage"))
    page.get_by_role("link", name="欧阳建国").click()
    page.fill("#id_complaint", "心悸")
    page.fill("#id_pulse", "160")
    page.keyboard.press("Tab")
    expect(page.locator("#suggestion")).to_contain_text("Ⅱ")
    expect(page.locator("#suggestion")).to_contain_text("收缩压")
    readable(page)
    page.locator("input[name=level][value='3']").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_reason_error")).to_be_visible()
    expect(page.locator("#id_pulse")).to_have_value("160")
    page.fill("#id_reason", "静息后复测 96 次/分")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#triage tbody tr")).to_contain_text("优先诊疗区")
    assert queries.latest_triage(made.encounter).suggested == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_fits_a_phone_and_can_be_read(shared, desk, scheme):
    session = shared.session()
    made = actions.register(shared.clerk, shared.patient(), session, priority="aged")
    actions.register(shared.ed_nurse, shared.patient("急诊"), unit=shared.unit["ED"])
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    for who, path in (
        (shared.clerk, reverse("reception:register")),
        (shared.clerk, reverse("reception:new")),
        (shared.clerk, reverse("reception:unknown")),
        (shared.clerk, reverse("reception:registration", args=[made.registration])),
        (shared.clerk, reverse("reception:session", args=[session])),
        (shared.clerk, reverse("reception:unit_queue", args=[shared.unit["GIM"]])),
        (shared.nurse, reverse("reception:queue")),
        (shared.ed_nurse, reverse("reception:triage")),
        (None, reverse("reception:board", args=["GIM"])),
    ):
        page = desk.as_(who, path, **phone)
        readable(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        page.context.close()


# a Chinese voice that remembers what it was given and has said it at once
VOICE = """
window.heard = [];
const voice = {lang: "zh-CN", name: "test"};
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => [voice], cancel() {}, addEventListener() {},
  speak(u) { window.heard.push(u.text); setTimeout(() => u.onend(), 10); },
}});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def test_a_screen_whose_line_is_cut_tells_each_call_once(shared, desk, settings):
    session = shared.session()
    tickets = [
        actions.register(shared.clerk, shared.patient(name), session).ticket
        for name in ("欧阳建国", "李明", "单雄信", "王芳")
    ]
    port, web = free_port(), int(desk.url.rpartition(":")[2])
    settings.LUODI = replace(settings.LUODI, live_port=port)
    with live(port, web=web):
        board = desk.as_(None, reverse("reception:board", args=["GIM"]), script=VOICE)
        board.get_by_role("button", name="语音播报").click()
        readable(board)
        actions.call(shared.doctor, tickets[0])
        expect(board.locator(".board-called")).to_contain_text("欧**国")
        board.wait_for_function("heard.length === 1")
        assert listening(port) == 1, "over the stream, not by asking"
    actions.pass_over(shared.doctor, tickets[0])
    actions.call(shared.doctor, tickets[1])
    actions.call(shared.doctor, tickets[2])
    actions.start(shared.doctor, tickets[2])
    with live(port, web=web):
        expect(board.locator(".board-called")).to_contain_text("李*", timeout=15_000)
        actions.call(shared.doctor, tickets[3])
        expect(board.locator(".board-called")).to_contain_text("王*")
        board.wait_for_function("heard.length === 3")
        assert listening(port) == 1
        board.reload()
        expect(board.locator(".board-called")).to_contain_text("王*")
        assert board.evaluate("heard.length") == 0, "what this screen told before it was loaded anew is not told again"
        board.goto("about:blank")


def test_the_door_follows_and_says_that_it_is_cut_off(shared, desk):
    session = shared.session()
    ticket = actions.register(shared.clerk, shared.patient(), session).ticket
    door = desk.as_(None, reverse("reception:door", args=["GIM", "3 诊室"]))
    expect(door.locator(".door-next")).to_contain_text("欧**国")
    readable(door)
    actions.call(shared.doctor, ticket)
    # without a live process the screen asks the pages' own
    expect(door.locator(".door-call")).to_contain_text("欧**国", timeout=15_000)
    expect(door.locator("[data-lost]")).to_be_hidden()
    door.context.set_offline(True)
    expect(door.locator("[data-lost]")).to_be_visible(timeout=15_000)
    door.context.set_offline(False)
    expect(door.locator("[data-lost]")).to_be_hidden(timeout=15_000)
