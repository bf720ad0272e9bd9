"""A patient with a telephone in the hand, and the desk that verifies them."""

import random
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.at_work import log_in, readable
from tests.journeys.hands import Hands
from tests.journeys.test_clerk import a_number

PHONE_SIZE = {"width": 390, "height": 844}


def a_phone() -> str:
    return f"17{random.randrange(10**9):09d}"


def by_thumb(page: Page, url: str, phone: str) -> None:
    """Log in with the code that the demo shows, agree to what is needed."""
    page.set_viewport_size(PHONE_SIZE)
    page.goto(f"{url}/my/")
    page.locator("[name=phone]").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    found = re.search(r"验证码是 (\d{6})", page.locator(".note.info").inner_text())
    assert found
    page.locator("[name=code]").fill(found[1])
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/my/consents/")
    readable(page)
    page.get_by_role("button", name="同意").first.click()
    page.wait_for_url("**/my/")


def wide(page: Page) -> bool:
    """Whether something sticks out at the side of the telephone."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.fixture
def mine(page: Page, hospital) -> tuple[Page, str]:
    phone = a_phone()
    by_thumb(page, hospital.url, phone)
    return page, phone


def test_from_a_new_telephone_to_a_booked_slot_and_back(mine, hospital, shot):
    page, _phone = mine
    expect(page.locator("main")).to_contain_text("还没有就诊人")
    page.get_by_role("link", name="添加就诊人").click()
    number = a_number()
    page.locator("[name=name]").fill("欧阳建国")
    page.locator("[name=id_no]").fill(number[:-1] + ("1" if number[-1] != "1" else "2"))
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator("main")).to_contain_text("校验位不对")
    expect(page.locator("[name=name]")).to_have_value("欧阳建国")
    readable(page)
    assert not wide(page)
    page.locator("[name=id_no]").fill(number)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator("main")).to_contain_text("未核验")
    page.get_by_role("link", name="首页").click()
    page.get_by_role("link", name="预约挂号").click()
    page.get_by_role("link", name="普通内科门诊").click()
    expect(page.locator(".mine-days a").first).to_be_visible()
    readable(page)
    shot(page, "portal-choose")
    page.set_viewport_size(PHONE_SIZE)
    page.locator("a.mine-offer").first.click()
    expect(page.locator("main")).to_contain_text("爽约")
    page.get_by_role("button", name="预约", exact=True).dblclick()
    page.wait_for_url("**/my/appointments/*/")
    expect(page.locator("h1")).to_contain_text("已预约")
    readable(page)
    assert number not in page.url
    assert not wide(page)
    page.go_back()
    page.goto(f"{hospital.url}/my/")
    expect(page.locator("a.mine-card")).to_have_count(1)
    shot(page, "portal-home")
    page.set_viewport_size(PHONE_SIZE)
    page.locator("a.mine-card").click()
    page.get_by_role("button", name="取消预约").click()
    expect(page.locator("h1")).to_contain_text("已取消")


def test_the_desk_verifies_and_the_record_opens(mine, hospital, colleague):
    page, phone = mine
    page.goto(f"{hospital.url}/my/people/")
    number = a_number()
    page.locator("[name=name]").fill("上官小满")
    page.locator("[name=id_no]").fill(number)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.locator("main")).to_contain_text("上**满")
    clerk = colleague()
    log_in(clerk, hospital.url, "clerk1", then="/reception/")
    hands = Hands(clerk)
    hands.type(number)
    hands.press("Enter")
    clerk.wait_for_url("**/reception/book/*/")
    patient = re.findall(r"\d+", clerk.url)[-1]
    clerk.goto(f"{hospital.url}/patients/{patient}/")
    clerk.get_by_role("link", name="手机授权").click()
    expect(clerk.locator("main")).to_contain_text("未核验")
    readable(clerk)
    hands.tab_to(clerk.locator("#id_phone"))
    hands.type(phone)
    hands.press("Tab", "Tab", "Control+Enter")
    expect(clerk.locator("main")).to_contain_text("身份证件")
    page.goto(f"{hospital.url}/my/")
    expect(page.locator("main")).to_contain_text("上官小满")
    page.get_by_role("link", name="就诊、用药和结果").click()
    expect(page.locator("main")).to_contain_text("还没有就诊记录")
    assert not wide(page)
