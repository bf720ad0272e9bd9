"""The registration desk: find, recognise, correct, book once."""

import random

import pytest
from playwright.sync_api import Page, expect

from luodi.patients import idcard
from tests.journeys.at_work import log_in, readable
from tests.journeys.hands import Hands
from tests.journeys.walk_in import WalkIn, walked_in

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def a_number() -> str:
    """A resident number that is nobody's: region 999001, a random order code, a sound check character."""
    born = f"19{random.randrange(40, 99)}0{random.randrange(1, 10)}1{random.randrange(10)}"
    body = f"999001{born}{random.randrange(1000):03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


@pytest.fixture(scope="module")
def known(hospital) -> WalkIn:
    return walked_in(hospital.data, "arrived")[0]


@pytest.fixture
def clerk(page: Page, hospital) -> Page:
    log_in(page, hospital.url, "clerk1", then="/reception/")
    page.wait_for_url("**/reception/")
    return page


def test_the_list_opens_on_its_field_and_finds_by_number(clerk: Page, known: WalkIn):
    expect(clerk.locator("#id_text")).to_be_focused()
    readable(clerk)
    hands = Hands(clerk)
    hands.type(known.id_no)
    hands.press("Enter")
    clerk.wait_for_url("**/reception/book/*/")
    expect(clerk.locator("h1")).to_have_text(known.name)
    expect(clerk.locator("main")).to_contain_text("这位患者今天已挂号")
    assert known.id_no not in clerk.url
    readable(clerk)


def test_a_wrong_number_is_told_then_booked_with_a_second_enter_ignored(clerk: Page, shot, record_property):
    hands, number, name = Hands(clerk), a_number(), "测" + "".join(random.sample("安博承德恩芳国海嘉康", 3))
    hands.press("Alt+n")
    clerk.wait_for_url("**/reception/new/")
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    expect(clerk.locator("#id_id_no")).to_be_focused()
    hands.type(wrong)
    hands.type(name, clerk.locator("#id_name"))
    hands.type(f"1990{random.randrange(10**7):07d}", clerk.locator("#id_phone"))
    clerk.locator("input[name=place]").last.check()
    hands.press("Control+Enter")
    expect(clerk.locator(".field.wrong")).to_contain_text(str(idcard.WORDS["check"]))
    expect(clerk.locator("#id_name")).to_have_value(name)
    readable(clerk)
    shot(clerk, "registration")
    clerk.locator("#id_id_no").fill("")
    hands.type(number, clerk.locator("#id_id_no"))
    hands.press("Control+Enter", "Control+Enter")
    clerk.wait_for_url("**/reception/registrations/*/")
    expect(clerk.locator(".figure-value")).to_contain_text("号")
    record_property("keystrokes", hands.struck)
    booked = clerk.url
    clerk.goto(booked.split("/reception/")[0] + "/reception/")
    expect(clerk.locator("[data-rows] tr", has_text=name)).to_have_count(1)


def test_a_likely_duplicate_is_shown_before_anything_is_made(clerk: Page, known: WalkIn):
    hands = Hands(clerk)
    hands.press("Alt+n")
    clerk.wait_for_url("**/reception/new/")
    clerk.locator("select[name=id_kind]").select_option("none")
    clerk.locator("select[name=no_id_reason]").select_option(index=1)
    hands.type(known.name, clerk.locator("#id_name"))
    clerk.locator(f"[name=sex][value='{known.sex}']").check()
    clerk.locator("#id_birth_date").fill(known.born)
    clerk.locator("input[name=place]").last.check()
    hands.press("Control+Enter")
    expect(clerk.locator("#alike-title")).to_contain_text("可能已有档案")
    readable(clerk)
    clerk.locator(f"a[href='/reception/book/{known.pk}/']").press("Enter")
    expect(clerk.locator("h1")).to_have_text(known.name)


def test_nobody_found_offers_the_way_on(clerk: Page):
    hands = Hands(clerk)
    hands.type("查无此人甲乙丙")
    hands.press("Enter")
    expect(clerk.locator("main")).to_contain_text("没有找到这位患者")
    expect(clerk.locator("main").get_by_role("link", name="新患者").last).to_be_visible()
    readable(clerk)


def test_a_roster_is_planned_and_its_sessions_are_there(clerk: Page):
    page, hands = clerk, Hands(clerk)
    hands.go("排班")
    hands.tab_to(page.locator("summary", has_text="添加排班"), most=150)
    hands.press("Enter")
    hands.tab_to(page.locator("[name=unit]"))
    hands.press("ArrowDown")
    hands.tab_to(page.locator("[name=part]"))
    hands.press("End")
    hands.tab_to(page.locator("[name=room]"))
    hands.type("夜诊 1")
    hands.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("请选择本科室的医师", timeout=5000)
    page.locator("[name=unit]").select_option(label="普通内科门诊")
    page.locator("[name=doctor]").select_option(label="演示内科医师甲")
    hands.press("Control+Enter")
    expect(page.locator("table tbody")).to_contain_text("夜诊 1")
    readable(page)
    page.goto(page.url.split("/reception/")[0] + "/reception/sessions/")
    expect(page.locator("main")).to_contain_text("夜诊 1")
