"""From measures to a signed decision: the project manager weighs the gate, the director signs, anybody replays it."""

import re

from playwright.sync_api import Page, expect

from luodi.insight.measure import REGISTRY
from tests.journeys.arranging import arranged
from tests.journeys.at_work import log_in, readable, refused

NAMES = ("闭环给药率", "登记到医师接诊", "退回处方")


def test_a_director_reads_the_measures_down_to_the_counts(page: Page, hospital, shot):
    log_in(page, hospital.url, "director1", then="/insight/measures/")
    expect(page.locator(".figure")).to_have_count(len(REGISTRY))
    expect(page.locator(".page-head")).to_contain_text(re.compile(r"账本位置 #\d{3,}"))
    for row in page.locator("table.table tbody tr").all():
        expect(row).to_contain_text(re.compile(r"\d+ / \d+"))
    readable(page)
    shot(page, "measures")
    tile = page.locator(".figure").first
    value = tile.locator(".figure-value strong").first.inner_text()
    tile.locator("a").first.click()
    expect(page.locator(".figure").first).to_contain_text(value.split()[0])
    expect(page.locator("main")).to_contain_text("计算式")
    expect(page.locator("main")).to_contain_text("分组计数")
    tops, bottoms = _sums(page)
    whole = page.locator("caption", has_text="以往窗口").locator("xpath=..").locator("tbody tr").first
    cells = whole.locator("td.num").all_inner_texts()
    assert [float(cells[0]), float(cells[1])] == [tops, bottoms], "the parts make the whole"
    readable(page)
    shot(page, "measure")


def _sums(page: Page) -> tuple[float, float]:
    parts = page.locator("caption", has_text="分组计数").locator("xpath=..").locator("tbody tr")
    assert parts.count() >= 1
    rows = [[float(text) for text in row.locator("td.num").all_inner_texts()[:2]] for row in parts.all()]
    return sum(top for top, _bottom in rows), sum(bottom for _top, bottom in rows)


def test_a_gate_is_weighed_frozen_signed_and_replayed(page: Page, hospital, colleague, shot):
    manager = log_in(colleague(), hospital.url, "pm1", then="/rollout/gates/")
    manager.get_by_role("link", name="试点：急诊与药房").click()
    expect(manager.locator("main")).to_contain_text("实时读数")
    readable(manager)
    manager.keyboard.press("Alt+w")
    expect(manager.locator("caption").first).to_have_text("冻结的读数")
    frozen = manager.locator("table.table tbody tr").all_inner_texts()
    verdict = manager.locator(".page-head .tag").first.inner_text()
    assert len(frozen) == 3
    expect(manager.get_by_role("radio")).to_have_count(0)  # who weighs does not sign

    log_in(page, hospital.url, "director1", then=re.sub(r".*(/rollout/.*)", r"\1", manager.url))
    if verdict.strip() != "通过":
        page.get_by_role("radio", name="通过").first.check()
        page.keyboard.press("Control+Enter")
        expect(page.locator(".form-errors, [role=alert]").first).to_be_visible()
        page.get_by_role("radio", name="暂缓").check()
        page.fill("[name=reason]", "等待读数达到目标后再议")
    else:
        page.get_by_role("radio", name="通过").first.check()
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("签名有效")
    expect(page.locator("main")).to_contain_text("演示院长")
    readable(page)
    shot(page, "gate")

    arranged(hospital.data, "received", "signed")  # the hospital works on; the frozen readings do not
    page.get_by_role("link", name="重放").click()
    expect(page.locator(".note")).to_contain_text("重放与冻结的结论和每个数字一致")
    marks = page.locator(".columns .tag").all_inner_texts()
    assert marks == [verdict, verdict]
    readable(page)
    shot(page, "replay")
    page.go_back()
    assert page.locator("table.table").first.locator("tbody tr").all_inner_texts() == frozen


def test_a_manager_defines_a_gate_by_keys_and_a_next_version(page: Page, hospital, shot):
    page.set_viewport_size({"width": 1366, "height": 768})
    log_in(page, hospital.url, "pm1", then="/rollout/gates/")
    expect(page.locator("h1")).to_have_text("阶段门")
    page.wait_for_load_state()
    page.keyboard.press("Alt+n")
    expect(page.locator("[name=code]")).to_be_focused()
    expect(page.locator("details.one-more:visible")).to_have_count(2)
    page.locator("details.one-more:visible summary").last.press("Enter")
    expect(page.locator("[name=c1-measure]")).to_be_visible()
    expect(page.locator("details.one-more:visible")).to_have_count(3)
    page.fill("[name=code]", "ward-pilot")
    page.fill("[name=name]", "试点：病区")
    page.select_option("[name=phase]", "pilot")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("至少要有一条标准")
    expect(page.locator("[name=name]")).to_have_value("试点：病区")
    page.select_option("[name=c0-measure]", "closed_loop_rate")
    page.fill("[name=c0-target]", "95")
    readable(page)
    shot(page, "gate-define")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("试点：病区")
    expect(page.locator(".page-head")).to_contain_text("v1")
    page.get_by_role("link", name="定义新版本").click()
    expect(page.locator("[name=c0-measure]")).to_have_value("closed_loop_rate")
    page.fill("[name=c0-target]", "97")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".page-head")).to_contain_text("v2")
    expect(page.locator("main")).to_contain_text("97")
    page.keyboard.press("Alt+w")
    expect(page.locator("caption").first).to_have_text("冻结的读数")
    expect(page.locator(".rail [aria-current=page]")).to_contain_text("阶段门")


def test_a_doctor_sees_neither(page: Page, hospital):
    log_in(page, hospital.url, "doctor1", then="/rollout/gates/")
    refused(page, "权限")
    assert page.goto(f"{hospital.url}/insight/measures/").status == 403
