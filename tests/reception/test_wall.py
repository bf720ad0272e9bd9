"""Public screens: what they show and say, and that a cut line loses no call and tells none twice."""

import asyncio
from datetime import time
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from luodi.cli.postgres import free_port
from luodi.reception import actions, policy, queries, voice, wall
from luodi.reception.wall import Frame, Screen
from luodi.trust.clock import now, today
from luodi.trust.models import Holding, Post, Staff
from luodi.web.walls import Full, Walls
from tests.reception.lines import Line, kill, live

HALL = Screen("GIM", "", "zh-hans")


def enrolled(house: SimpleNamespace, session: int, *names: str) -> list[int]:
    return [actions.register(house.clerk, house.patient(name), session).ticket for name in names]


def key_of(house: SimpleNamespace, number: int) -> str:
    return next(call.key for call in queries.hall(house.unit["GIM"]).calls if call.number == number)


def drawn(room: str = "") -> str:
    screen = Screen("GIM", room, "zh-hans")
    return wall.frames("GIM", {screen})[screen].html


@pytest.fixture
def all_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions last until midnight, whatever the hour of the run."""
    monkeypatch.setattr(policy, "part_times", lambda part, on: (time(0), time(23, 59, 59, 999999)))


# ── over a real connection ──


@pytest.mark.law
def test_a_line_cut_between_two_calls_loses_none_and_repeats_none(shared):
    one, two, three, four = enrolled(shared, shared.session(), "欧阳建国", "李明", "王芳", "赵六")
    port = free_port()
    with live(port):
        screen = Line(port)
        assert screen.frame().calls == []
        actions.call(shared.doctor, one)
        first = screen.until(key_of(shared, 1))
        screen.cut()
        actions.pass_over(shared.doctor, one)
        actions.call(shared.doctor, two)
        actions.call(shared.doctor, three)
        actions.start(shared.doctor, three)
        second = Line(port, last=first.version)
        back = second.frame()
        assert back.calls == [key_of(shared, 2)], "the call made meanwhile, and neither of those that are over"
        second.cut()
        third = Line(port, last=back.version)
        actions.call(shared.doctor, four)
        after = third.frame()
        assert after.calls == [key_of(shared, 4), key_of(shared, 2)], "what it had is not sent again: this is the next"
        third.cut()


@pytest.mark.law
def test_a_live_process_that_is_killed_between_two_calls_loses_none(shared):
    one, two = enrolled(shared, shared.session(), "欧阳建国", "李明")
    port = free_port()
    with live(port) as process:
        screen = Line(port)
        screen.frame()
        actions.call(shared.doctor, one)
        before = screen.until(key_of(shared, 1))
        kill(process)
    actions.call(shared.doctor, two)
    with live(port):
        again = Line(port, last=before.version).frame()
        assert again.calls == [key_of(shared, 2), key_of(shared, 1)]
        same = Line(port, last=again.version)
        assert same.event()[0] == "beat", "another process knows the version by its content"


# ── one reading for all ──


def test_a_change_is_read_once_however_many_screens_there_are():
    asked = []
    state = {"version": "a"}

    async def ask(question):
        asked.append(question)
        return {HALL: Frame(state["version"], "<p>\n</p>")}

    async def story() -> None:
        walls = Walls(ask, most=300)

        async def screen() -> list[bytes | None]:
            async with walls.watching(HALL, "") as watcher:
                return [await walls.next(watcher, 5), await walls.next(watcher, 5)]

        screens = [asyncio.create_task(screen()) for _number in range(300)]
        await asyncio.sleep(0.05)
        assert len(asked) == 1
        with pytest.raises(Full):
            async with walls.watching(HALL, ""):
                pass
        state["version"] = "b"
        await walls.beat(touched=True)
        frames = await asyncio.gather(*screens)
        assert len(asked) == 2
        assert {tuple(each) for each in frames} == {
            tuple(f"id: {v}\nevent: frame\ndata: <p>\ndata: </p>\n\n".encode() for v in "ab")
        }
        assert not walls.watchers
        assert not walls.newest, "a frame that nobody keeps up to date is not kept"

    asyncio.run(story())


def test_a_reading_that_failed_is_made_at_the_next_beat():
    state = {"fails": False, "version": "a"}

    async def ask(_question):
        if state["fails"]:
            raise DatabaseError
        return {HALL: Frame(state["version"], "")}

    async def story() -> None:
        walls = Walls(ask, most=1)
        async with walls.watching(HALL, "") as watcher:
            await walls.next(watcher, 1)
            state.update(fails=True, version="b")
            await walls.beat(touched=True)
            assert await walls.next(watcher, 0.01) is None
            state["fails"] = False
            await walls.beat(touched=False)
            assert (await walls.next(watcher, 1) or b"").startswith(b"id: b\n")

    asyncio.run(story())


# ── what is shown and said ──


def test_the_door_shows_who_is_in_and_the_next_two(house, all_day):
    tickets = enrolled(house, house.session(), "欧阳建国", "李明", "王小芳", "赵大勇", "钱多多")
    actions.call(house.doctor, tickets[0])
    actions.start(house.doctor, tickets[0])
    actions.call(house.doctor, tickets[1])
    room = queries.hall(house.unit["GIM"]).room("3 诊室")
    assert (room.doctor_name, room.stopped, room.over) == ("王医生", False, False)
    assert room.within == (1, "欧**国")
    assert [call.number for call in room.calls] == [2]
    assert list(room.next) == [(3, "王*芳"), (4, "赵*勇")]
    assert room.waiting == 3
    assert not any(name in drawn("3 诊室") for name in ("欧阳", "李明", "小芳", "大勇", "多多"))
    actions.finish(house.doctor, tickets[0])
    assert queries.hall(house.unit["GIM"]).room("3 诊室").within is None


def test_a_stopped_session_and_a_room_without_one(house, all_day):
    session = house.session()
    assert "停诊" not in drawn("3 诊室")
    actions.stop_session(house.clerk, session, "医生生病")
    assert "停诊" in drawn("3 诊室")
    assert "停诊" in drawn()
    assert "生病" not in drawn("3 诊室") + drawn()
    assert "现在没有出诊" in drawn("9 诊室")


def test_a_recall_is_another_call_and_the_same_state_the_same_version(house):
    (ticket,) = enrolled(house, house.session(), "李明")
    actions.call(house.doctor, ticket)
    before, key = wall.frames("GIM", {HALL})[HALL].version, key_of(house, 1)
    assert wall.frames("GIM", {HALL})[HALL].version == before
    actions.recall(house.doctor, ticket)
    assert key_of(house, 1) != key
    assert wall.frames("GIM", {HALL})[HALL].version != before


def test_screens_are_public_and_for_units_that_call(house):
    browser = Client()
    assert browser.get(reverse("reception:door", args=["GIM", "3 诊室"])).status_code == 200
    assert browser.get(reverse("reception:door", args=["REG", "1"])).status_code == 404
    assert browser.get(reverse("reception:door", args=["GIM", "x" * 41])).status_code == 404


def test_rooms_come_in_pages(house, all_day):
    unit, post = house.unit["GIM"], Post.objects.get(code="doctor")
    for number in range(wall.PAGE + 1):
        staff = Staff.objects.create(login=f"d{number}", name_zh=f"医生{number}", password="!", password_at=now())
        Holding.objects.create(staff=staff, post=post, unit_id=unit, since=now())
        actions.open_session(house.clerk, unit, staff.pk, today(), "am", 5, f"{number + 1:02d} 诊室")
    html = drawn()
    assert html.count("data-page") == 2
    assert html.count("board-door") == wall.PAGE + 1


@pytest.mark.parametrize(("masked", "reading", "said"), [
    ("张*丰", "zhang san feng", "张某丰"),
    ("单*信", "shan xiong xin", "山某信"),
    ("李*", "li ming", "李某"),
    ("*", "wu", ""),
    ("张*丰", "", ""),
    ("张*丰", "tiao san feng", ""),
])  # fmt: skip
def test_a_voice_says_what_the_board_shows_with_the_stored_sound(masked, reading, said):
    assert voice.spoken(masked, reading) == said


def test_a_call_says_no_more_than_the_board(house):
    (ticket,) = enrolled(house, house.session(), "单雄信")
    actions.call(house.doctor, ticket)
    (call,) = queries.hall(house.unit["GIM"]).calls
    assert call.said == "请 1 号 山某信 到 3 诊室 就诊"
    assert "雄" not in drawn()
    assert "xiong" not in drawn()
