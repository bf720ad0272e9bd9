"""The stock chain: suggested, approved, inspected, sent, received, counted, and the month adds up."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from luodi.trust.clock import HOSPITAL_ZONE
from tests.journeys.at_work import log_in, readable


def submit(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile(name)).press("Enter")


def test_from_a_suggestion_to_a_month_that_balances(page: Page, hospital, colleague, shot):
    url, month = hospital.url, datetime.now(HOSPITAL_ZONE)
    log_in(page, url, "buyer1", then="/stock/orders/suggestions/")
    readable(page)
    shot(page, "supply-suggestions")
    quantity = page.locator("input[name^='qty-']").first
    expect(quantity).to_be_focused()
    medicine = quantity.get_attribute("name").removeprefix("qty-")
    for other in page.locator("input[name^='qty-']").all()[1:]:
        other.fill("")
    quantity.fill("77")
    submit(page, "生成订单草稿")
    order = page.url.split("/orders/")[1].split("/")[0]
    expect(page.locator("main")).to_contain_text("日均")
    submit(page, "提交审批")

    approver = log_in(colleague(), url, "approver1", then=f"/stock/orders/{order}/")
    submit(approver, "批准")
    page.goto(f"{url}/stock/orders/{order}/")
    submit(page, "已发给供应商")

    keeper = log_in(colleague(), url, "store2", then=f"/stock/orders/{order}/")
    keeper.keyboard.press("Alt+r")
    keeper.wait_for_url("**/inspection/")
    readable(keeper)
    keeper.locator("input[name$='-lot_no']").fill("J-77")
    keeper.locator("input[name$='-expiry']").fill(f"{month + timedelta(days=700):%Y-%m-%d}")
    submit(keeper, "验收入账")
    expect(keeper.locator("main")).to_contain_text("没有检验报告或合格证明")
    expect(keeper.locator("input[name$='-lot_no']")).to_have_value("J-77")
    keeper.locator("input[name$='-certificate']").fill("R-1")
    submit(keeper, "验收入账")
    expect(keeper.locator("main")).to_contain_text("完结")

    asker = log_in(colleague(), url, "store1", then="/stock/transfers/new/")
    readable(asker)
    asker.select_option("#source", label="药库")
    for row in asker.locator("input[name^='drug-']").all():
        row.fill("")
    for row in asker.locator("input[name^='qty-']").all():
        row.fill("")
    asker.locator("[name='drug-0']").fill(medicine)
    asker.locator("[name='qty-0']").fill("9")
    submit(asker, "送出请领")
    transfer = asker.url.split("/transfers/")[1].split("/")[0]
    keeper.goto(f"{url}/stock/transfers/{transfer}/")
    submit(keeper, "出库")
    asker.goto(f"{url}/stock/transfers/{transfer}/")
    readable(asker)
    submit(asker, "接收确认")
    expect(asker.locator("main")).to_contain_text("已接收")

    keeper.goto(f"{url}/stock/stocktakes/")
    keeper.locator("tbody tr [data-open], tbody tr a").first.press("Enter")
    keeper.wait_for_url("**/stocktakes/*/")
    readable(keeper)
    shot(keeper, "supply-stocktake")
    for field in keeper.locator("input[name^='c-']").all():
        field.fill("1")
    submit(keeper, "保存并结束这一轮")
    second = log_in(colleague(), url, "store3", then=keeper.url.removeprefix(url).split("?")[0])
    for field in second.locator("input[name^='c-']").all():
        field.fill("1")
    submit(second, "保存并结束这一轮")
    head = log_in(colleague(), url, "pharmhead1", then=keeper.url.removeprefix(url).split("?")[0])
    expect(head.locator("main")).to_contain_text("差异金额合计")
    readable(head)
    submit(head, "批准并调整库存")
    expect(head.locator("main")).to_contain_text("完结")

    head.goto(f"{url}/stock/months/?month={month:%Y-%m}")
    readable(head)
    expect(head.locator("main")).to_contain_text("数量与金额都平")
    last = month.replace(day=1) - timedelta(days=1)
    head.goto(f"{url}/stock/months/?month={last:%Y-%m}")
    submit(head, "结账")
    expect(head.locator("main")).to_contain_text("本月已结账")
