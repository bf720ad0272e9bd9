"""Many victims with the scanner and keys, a queue split by keys alone, in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from luodi.reception import actions, queries, tags
from luodi.reception.models import Victim
from tests.journeys.at_work import scan
from tests.reception.test_browser import desk, readable

pytestmark = pytest.mark.journey
__all__ = ["desk"]


def test_victims_are_tagged_with_the_scanner_and_one_key_each(shared, desk):
    event = actions.open_event(shared.ed_nurse, shared.unit["ED"], "高速路多车相撞", 5)
    page = desk.as_(shared.ed_nurse, reverse("reception:mass_event", args=[event]))
    stack = [tags.new_tag() for _ in range(4)]
    for turn, (tag, key) in enumerate(zip(stack, "rygk", strict=True), start=1):
        scan(page, tag)
        expect(page.locator("#id_tag")).to_have_value(tag)
        assert Victim.objects.count() == turn - 1, "a scan alone colours nobody"
        page.keyboard.press(f"Alt+{key}")
        expect(page.locator("#victims tbody tr")).to_have_count(turn)
    assert [(row.tag, row.colour.code) for row in queries.victims(event)] == list(
        zip(stack, ["red", "yellow", "green", "black"], strict=True)
    )
    readable(page)
    scan(page, stack[2])
    expect(page.locator("#id_tag")).to_have_value(stack[2])
    page.keyboard.press("Alt+r")
    expect(page.locator(".note.done")).to_contain_text("第 2 次检伤")
    expect(page.locator(".counts")).to_contain_text("2")
    # a tag that is typed and sent with Enter is looked up, and no colour is taken for meant
    page.locator("#id_tag").fill(stack[0])
    page.locator("#id_tag").press("Enter")
    expect(page.locator(".note.info")).to_contain_text(stack[0])
    assert queries.victims(event)[0].version == 1


def test_a_queue_is_split_by_keys_and_says_where_to_send_whom(shared, desk):
    session = shared.session()
    shared.session(doctor=shared.second, room="5 诊室")
    for name in ("欧阳建国", "李明", "王芳"):
        actions.register(shared.clerk, shared.patient(name), session)
    page = desk.as_(shared.nurse, reverse("reception:split", args=[session]), viewport={"width": 390, "height": 844})
    page.get_by_role("checkbox", name="李医生").press("Space")
    page.get_by_role("button", name="预排").press("Enter")
    expect(page.locator(".note.info")).to_contain_text("预排了 1 位，还没有移动")
    readable(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("2 号 李明 转到").focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("table", name="已从这里转走")).to_contain_text("李明")
    expect(page.get_by_role("table", name="已从这里转走")).to_contain_text("5 诊室")
    readable(page)
    assert [row.number for row in queries.queue(shared.unit["GIM"], shared.second.staff)] == [1]
