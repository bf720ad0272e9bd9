"""绿色通道: the clock runs from the arrival, time points are noted once, durations are computed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luodi.reception import actions, policy, queries
from luodi.reception.refusals import ChannelOver, Invalid, NoChannel, NotEmergency, PointHeld
from luodi.trust import clock
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.models import Entry
from luodi.trust.refusal import Forbidden
from tests.reception.test_laws import at_once
from tests.reception.test_screens import log_in, shown
from tests.sending import twice


@pytest.fixture
def arrived(house):
    """An emergency patient: the registration and when it was."""
    made = actions.register(house.ed_nurse, house.patient(), unit=house.unit["ED"])
    return made, now()


def test_a_clock_counts_from_the_arrival_and_judges_each_point(house, arrived):
    made, begin = arrived
    with clock.at(begin + timedelta(minutes=4)):
        channel = actions.open_channel(house.ed_nurse, made.encounter, "chest_pain")
        assert actions.open_channel(house.ed_nurse, made.encounter, "chest_pain") == channel, "once"
    with clock.at(begin + timedelta(minutes=8, seconds=30)):
        actions.reach_point(house.ed_nurse, channel, "ecg")
        card = queries.channel(channel)
        assert [(point.code, point.state) for point in card.points] == [
            ("ecg", "kept"), ("troponin", "running"), ("balloon", "running"),
        ]  # fmt: skip
        assert (card.points[0].minutes, card.next.code) == (8, "troponin")
    with clock.at(begin + timedelta(minutes=31)):
        assert queries.channel(channel).next.state == "overdue"
        actions.reach_point(house.ed_doctor, channel, "troponin", begin + timedelta(minutes=25))
        late = queries.channel(channel).points[1]
        assert (late.state, late.minutes, late.staff_name) == ("late", 25, "孙医生")
        assert [entry.verb for entry in Entry.objects.filter(verb__startswith="green").order_by("pk")].count(
            "green.point"
        ) == 2


def test_what_makes_no_sense_is_refused_and_leaves_nothing(house, arrived):
    made, begin = arrived
    channel = actions.open_channel(house.ed_nurse, made.encounter, "stroke")
    for point, at, field in (
        ("balloon", None, "point"),
        ("ct", begin - timedelta(minutes=5), "at"),
        ("ct", begin + timedelta(hours=1), "at"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.reach_point(house.ed_nurse, channel, point, at)
        assert refused.value.field == field
    with pytest.raises(Invalid):
        actions.open_channel(house.ed_nurse, made.encounter, "broken heart")
    with pytest.raises(NoChannel):
        actions.reach_point(house.ed_nurse, channel + 999, "ct")
    with pytest.raises(Forbidden):
        actions.open_channel(house.clerk, made.encounter, "stroke")
    other = actions.register(house.clerk, house.patient("门诊"), house.session())
    with pytest.raises(NotEmergency):
        actions.open_channel(house.nurse, other.encounter, "stroke")
    assert all(point.at is None for point in queries.channel(channel).points)


def test_an_ended_channel_takes_nothing_more(house, arrived):
    made, _begin = arrived
    channel = actions.open_channel(house.ed_nurse, made.encounter, "stroke")
    with pytest.raises(Invalid):
        actions.end_channel(house.ed_nurse, channel, "bored")
    actions.end_channel(house.ed_doctor, channel, "excluded")
    with pytest.raises(ChannelOver):
        actions.reach_point(house.ed_nurse, channel, "ct")
    with pytest.raises(ChannelOver):
        actions.end_channel(house.ed_nurse, channel, "done")
    assert queries.channel(channel).ended == "排除诊断"


def test_the_one_due_first_stands_on_top(house):
    begin, made = now(), []
    for kind, later in (("stroke", 15), ("chest_pain", 19), ("trauma", 0)):
        with clock.at(begin + timedelta(minutes=later)):
            came = actions.register(house.ed_nurse, house.patient(kind), unit=house.unit["ED"])
            made.append(actions.open_channel(house.ed_nurse, came.encounter, kind))
    with clock.at(begin + timedelta(minutes=20)):
        due = [card.kind for card in queries.channels(house.unit["ED"])]
        assert due == ["trauma", "chest_pain", "stroke"]
        actions.end_channel(house.ed_nurse, made[2], "done")
        assert [card.kind for card in queries.channels(house.unit["ED"])] == ["chest_pain", "stroke", "trauma"]
        assert queries.channels(house.unit["GIM"]) == []


@pytest.mark.law
def test_two_who_note_the_same_point_note_it_once(shared):
    made = actions.register(shared.ed_nurse, shared.patient(), unit=shared.unit["ED"])
    channel = actions.open_channel(shared.ed_nurse, made.encounter, "stroke")
    answers = at_once(
        *(lambda by=by: actions.reach_point(by, channel, "ct") for by in (shared.ed_nurse, shared.ed_doctor) * 2)
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] + [PointHeld.__name__] * 3
    assert Entry.objects.filter(verb="green.point").count() == 1


def test_the_screens_open_note_and_end(house, arrived):
    made, begin = arrived
    nurse = log_in(house.ed_nurse)
    panel = shown(nurse.get(reverse("reception:assessment", args=[made.encounter])))
    there = reverse("reception:green_open", args=[made.encounter])
    assert there in panel
    opened = twice(nurse, there, {"kind": "chest_pain"})
    assert opened.status_code == 303
    page = shown(nurse.get(opened.url))
    assert "首份心电图" in page
    point = opened.url + "point/"
    second = twice(nurse, point, {"point": "ecg", "at": ""})
    assert (second.status_code, "已经记录过" in shown(second)) == (422, True)
    typed = (begin.astimezone(HOSPITAL_ZONE) - timedelta(minutes=3)).strftime("%H:%M")
    early = nurse.post(point, {"point": "troponin", "at": typed})
    assert (early.status_code, "到达之后" in shown(early)) == (422, True)
    assert nurse.post(point, {"point": "troponin", "at": "25:99"}).status_code == 422
    assert "胸痛" in shown(nurse.get(reverse("reception:green")))
    end = twice(nurse, opened.url + "ending/", {"reason": "done"})
    assert (end.status_code, "已经结束" in shown(end)) == (422, True)
    assert "处置完成" in shown(nurse.get(reverse("reception:green")))
    assert log_in(house.clerk).get(reverse("reception:green")).status_code == 403


def test_every_kind_has_points_in_the_order_of_their_limits():
    for kind in policy.green_channels().values():
        targets = [point.target for point in kind.points]
        assert targets == sorted(targets)
        assert all(target > 0 for target in targets)
        assert kind.name_en
        assert all(point.name_en for point in kind.points)


def test_the_today_page_counts_the_clocks_of_the_unit(house, arrived):
    made, _begin = arrived
    assert queries.running(house.unit["ED"]) == (0, None)
    channel = actions.open_channel(house.ed_nurse, made.encounter, "trauma")
    assert queries.running(house.unit["ED"]) == (1, queries.channel(channel).starts)
    page = shown(log_in(house.ed_nurse).get("/"))
    assert "进行中的绿色通道" in page
    assert reverse("reception:green") in page
    assert "进行中的绿色通道" not in shown(log_in(house.nurse).get("/"))
    actions.end_channel(house.ed_nurse, channel, "done")
    assert queries.running(house.unit["ED"]) == (0, None)
