"""Whole errands with the keyboard alone, for those whose journeys elsewhere also use a mouse: checker, project manager,
director, security and audit administrator. No field is filled, clicked or focused but by the keys a person presses."""

import re

import pytest
from playwright.sync_api import Page, expect

from luodi.simulator.crew import PASSWORD
from tests.journeys.arranging import arranged
from tests.journeys.at_work import readable, scan
from tests.journeys.hands import Hands
from tests.journeys.walk_in import walked_in


@pytest.fixture
def hands(page: Page) -> Hands:
    page.set_viewport_size({"width": 1366, "height": 768})
    return Hands(page)


def test_a_checker_finds_checks_and_hands_over(page: Page, hospital, hands: Hands):
    mine, other = walked_in(hospital.data, "prepared", "prepared")
    hands.log_in(hospital.url, "check1", PASSWORD)
    hands.go("核对")
    row = page.locator(f"#row-{mine.rx}")
    expect(row).to_be_visible()
    hands.tab_to(page.locator("[data-rows] [data-row]"))
    for _turn in range(60):
        if row.evaluate("row => row === document.activeElement"):
            break
        hands.press("ArrowDown")
    expect(row).to_be_focused()
    hands.press("Enter")
    expect(page.locator("h1")).to_contain_text(mine.number)
    scan(page, other.packages[0])
    expect(page.locator("#packages")).to_contain_text("扫错 1 次")
    for code in mine.packages:
        scan(page, code)
    expect(page.locator("#packages .scanned")).to_have_count(len(mine.packages))
    hands.press("Control+Enter")
    expect(page.get_by_role("heading", name="发给患者")).to_be_visible()
    for asked in ("name", "birth_date"):
        hands.tab_to(page.locator(f"[name=asked][value={asked}]"))
        hands.press("Space")
    hands.press("Control+Enter")
    expect(page.locator("main")).to_contain_text(re.compile("已发药|发药"))
    expect(page.get_by_role("heading", name="发给患者")).to_be_hidden()


def test_a_manager_weighs_and_a_director_decides(page: Page, hospital, hands: Hands, colleague):
    hands.log_in(hospital.url, "pm1", PASSWORD)
    hands.go("阶段门")
    hands.tab_to(page.get_by_role("link", name="试点：急诊与药房"))
    hands.press("Enter")
    expect(page.locator("main")).to_contain_text("实时读数")
    hands.press("Alt+w")
    expect(page.locator("caption").first).to_have_text("冻结的读数")
    weighed = re.sub(r".*(/rollout/gates/weighings/\d+/).*", r"\1", page.url)

    director = Hands(colleague())
    director.page.set_viewport_size({"width": 1366, "height": 768})
    director.log_in(hospital.url, "director1", PASSWORD)
    director.go("阶段门")
    director.tab_to(director.page.get_by_role("link", name="试点：急诊与药房"))
    director.press("Enter")
    expect(director.page.locator("main")).to_contain_text("评估历史")
    director.tab_to(director.page.locator(f"a[href='{weighed}']"))
    director.press("Enter")
    director.page.wait_for_url(f"**{weighed}")
    director.tab_to(director.page.locator("[name=decision]").first)
    wanted = director.page.get_by_role("radio", name="暂缓")
    for _turn in range(5):
        if wanted.is_checked():
            break
        director.press("ArrowDown")
    expect(wanted).to_be_checked()
    director.press("Control+Enter")
    expect(director.page.locator("[role=alert]").first).to_be_visible()
    director.tab_to(director.page.locator("[name=reason]"))
    director.type("等待读数达到目标后再议")
    director.press("Control+Enter")
    expect(director.page.locator("main")).to_contain_text("签名有效")
    arranged(hospital.data, "signed")
    director.tab_to(director.page.get_by_role("link", name="重放"))
    director.press("Enter")
    expect(director.page.locator(".note")).to_contain_text("重放与冻结的结论和每个数字一致")


def test_a_security_administrator_takes_a_right_and_gives_it_back(page: Page, hospital, hands: Hands):
    hands.log_in(hospital.url, "secadmin", PASSWORD)
    for held in (False, True):
        hands.go("权限")
        hands.tab_to(page.get_by_role("link", name="药库管理员"))
        hands.press("Enter")
        right = page.locator("input[value='stock.adjust']")
        expect(right).to_be_visible()
        hands.tab_to(right, most=120)
        hands.press("Space")
        expect(right).to_be_checked(checked=held)
        hands.press("Control+Enter")
        page.wait_for_url("**/trust/posts/")
    hands.go("紧急访问")
    expect(page.locator("main h1")).to_be_visible()


def test_an_auditor_asks_who_and_verifies_the_book(page: Page, hospital, hands: Hands):
    seen = arranged(hospital.data, "opened")[0]
    hands.log_in(hospital.url, "auditor", PASSWORD)
    hands.go("审计")
    hands.tab_to(page.locator("[name=patient]"))
    hands.type(str(seen.pk))
    hands.press("Enter")
    expect(page.locator("table tbody tr").first).to_be_visible()
    assert seen.name not in page.content()
    hands.go("账本")
    hands.tab_to(page.get_by_role("button", name="校验全部"))
    hands.press("Enter")
    expect(page.locator(".note")).to_contain_text(re.compile(r"账本完整：[\d,]+ 条记录"), timeout=30_000)


def test_a_clerk_books_tomorrow_moves_it_and_is_told_what_stands_against_it(page: Page, hospital, hands: Hands, shot):
    mine = walked_in(hospital.data, "arrived")[0]
    hands.log_in(hospital.url, "clerk2", PASSWORD)
    hands.go("挂号")
    hands.type(mine.id_no)
    hands.press("Enter")
    page.wait_for_url("**/reception/book/*/")
    tomorrow = page.locator(".days a").nth(1)
    hands.tab_to(tomorrow)
    hands.press("Enter")
    page.wait_for_url("**?on=*")
    offers = page.locator("input[name=place]")
    hands.tab_to(offers.first)
    hands.press("Space")
    readable(page)
    shot(page, "booking")
    hands.press("Control+Enter")
    page.wait_for_url("**/reception/appointments/*/")
    expect(page.locator(".figure-value")).to_contain_text(re.compile(r"\d\d:\d\d–\d\d:\d\d"))
    readable(page)
    booked = page.url
    page.go_back()
    hands.tab_to(offers.first)
    hands.press("Space")
    hands.press("Control+Enter")
    expect(page.locator("main [role=alert], main .form-errors").first).to_be_visible()
    hands.go("预约")
    hands.tab_to(page.locator(".days a").nth(1))
    hands.press("Enter")
    row = page.locator("#appointments tr", has_text=mine.name)
    expect(row).to_contain_text("已预约")
    readable(page)
    page.goto(booked)
    hands.tab_to(page.locator("summary", has_text="取消预约"))
    hands.press("Enter")
    hands.tab_to(page.locator("[name=reason]"))
    hands.press("ArrowDown")
    hands.tab_to(page.get_by_role("button", name="取消预约"))
    hands.press("Enter")
    expect(page.locator(".figure-facts")).to_contain_text("已取消")
