"""处方点评 from the drawing to the printed table: drawn, judged by keys, objected to, ruled, published, taken along."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
from playwright.sync_api import Page, expect

from tests.journeys.at_work import log_in, readable, refused
from tests.journeys.hands import Hands

DOCTOR = "演示内科医师甲"


def _day(back: int) -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=back)


def _drawn(page: Page) -> date:
    """Draw one doctor's prescriptions of the newest day that is over and has any."""
    for back in range(1, 8):
        day = _day(back)
        page.select_option("[name=kind]", label="指定医师")
        page.fill("[name=first]", day.isoformat())
        page.fill("[name=last]", day.isoformat())
        page.select_option("[name=staff]", label=DOCTOR)
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        if re.search(r"/samples/\d+/$", page.url):
            return day
        expect(page.locator("[role=alert]").first).to_contain_text("没有可以抽取")
    raise AssertionError("the simulated week holds nothing of this doctor")


def test_a_sample_is_judged_objected_to_ruled_published_and_printed(
    page: Page, hospital, colleague, shot, tmp_path: Path
):
    head = log_in(page, hospital.url, "pharmhead1", then="/commentary/samples/")
    expect(head.locator("[name=kind]")).to_be_focused()
    readable(head)
    shot(head, "commentary-samples")
    day = _drawn(head)
    expect(head.locator(".note")).to_contain_text("得到同一批样本、同一顺序")
    head.get_by_role("checkbox", name="演示临床药师甲").check()
    readable(head)
    shot(head, "commentary-sample")
    head.keyboard.press("Control+Enter")
    expect(head.get_by_role("checkbox")).to_have_count(0)
    expect(head.locator("main")).to_contain_text("待点评")

    objected = _judged(colleague(), hospital.url, shot)
    _objected(colleague(), hospital.url, shot)
    _ruled(head, hospital.url, shot)
    _published(head, hospital.url, day, objected, shot, tmp_path)


def _judged(page: Page, url: str, shot) -> int:
    """Judge every case of the new sample by keys alone; the first one has something to say. Returns how many."""
    log_in(page, url, "comment1", then="/commentary/mine/")
    expect(page.locator("main")).to_contain_text("不显示患者与医师姓名")
    readable(page)
    rows = page.locator("tbody tr", has_text="指定医师")
    cases = rows.count()
    assert cases >= 1
    page.locator(".worklist [data-filter], [data-filter]").first.fill("指定医师")
    rows.first.get_by_role("link").press("Enter")
    hands = Hands(page)
    for case in range(cases):
        expect(page.locator("h1")).to_contain_text(re.compile(rf"{case + 1} / {cases}"))
        expect(page.locator("[name=codes]")).to_be_focused()
        expect(page.locator("main")).not_to_contain_text(DOCTOR)
        if case == 0:
            readable(page)
            shot(page, "commentary-case")
            hands.begin()
            hands.type("31/1")
            hands.press("Control+Enter")
            assert hands.struck <= 5
        else:
            page.keyboard.press("Control+Enter")
        if case + 1 < cases:
            expect(page.locator("h1")).to_contain_text(re.compile(rf"{case + 2} / {cases}"))
    return cases


def _objected(page: Page, url: str, shot) -> None:
    log_in(page, url, "doctor1", then="/commentary/about-me/")
    page.locator("tbody tr", has_text="3-1").first.get_by_role("link").press("Enter")
    expect(page.locator("main")).to_contain_text("无适应证用药")
    expect(page.locator("main")).not_to_contain_text("演示临床药师甲")
    page.fill("[name=text]", "病历中写有适应证，见当日病程。")
    readable(page)
    shot(page, "commentary-answer")
    page.keyboard.press("Control+Enter")
    expect(page.locator("tbody tr", has_text="3-1").first).to_contain_text("医师有异议，待裁定")


def _ruled(page: Page, url: str, shot) -> None:
    page.goto(f"{url}/commentary/rulings/")
    page.locator("tbody tr", has_text="3-1").first.get_by_role("link").press("Enter")
    expect(page.locator("main")).to_contain_text("病历中写有适应证")
    expect(page.locator("[name=codes]")).to_be_focused()
    page.fill("[name=codes]", "1-10")
    page.fill("[name=text]", "病历有适应证，但处方诊断书写不全。")
    readable(page)
    shot(page, "commentary-ruling")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/rulings/$"))


def _published(page: Page, url: str, day: date, cases: int, shot, folder: Path) -> None:
    page.goto(f"{url}/commentary/reports/")
    page.fill("[name=first]", day.isoformat())
    page.fill("[name=last]", day.isoformat())
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("处方点评工作表")
    expect(page.locator(".note")).to_contain_text("逐项一致")
    table = page.locator("table.table").first
    expect(table.locator("tbody tr")).to_have_count(cases)
    expect(table).to_contain_text("1-10")
    expect(table).to_contain_text("未知")
    readable(page)
    shot(page, "commentary-report")
    with page.expect_download() as taken:
        page.keyboard.press("Alt+p")
    file = folder / "report.pdf"
    taken.value.save_as(file)
    assert taken.value.suggested_filename == f"commentary-{day:%Y%m%d}-{day:%Y%m%d}.pdf"
    text = "\n".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(file))
    assert "处方点评工作表" in text
    assert DOCTOR in "".join(text.split()), "also where a name runs over two lines"
    assert "1-10" in text
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").press("Enter")
    assert taken.value.suggested_filename.endswith(".csv")


def test_volumes_by_doctor_are_for_few_and_ask_what_for(page: Page, hospital, colleague):
    log_in(page, hospital.url, "pharmhead1", then="/commentary/doctors/")
    page.fill("[name=first]", _day(8).isoformat())
    page.fill("[name=last]", _day(1).isoformat())
    page.keyboard.press("Control+Enter")
    expect(page.locator("table")).to_have_count(0)
    page.select_option("[name=purpose]", label="质量管理")
    page.keyboard.press("Control+Enter")
    expect(page.locator("table tbody")).to_contain_text(DOCTOR)
    readable(page)
    doctor = log_in(colleague(), hospital.url, "doctor1", then="/commentary/doctors/")
    refused(doctor, "权限")
