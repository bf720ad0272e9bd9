"""群体事件: many victims, each known by a tag; colours, levels, and nothing lost when two scan at once."""

import re
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from luodi.chart import actions as charting
from luodi.patients import actions as patients
from luodi.reception import actions, policy, queries, reasons, tags
from luodi.reception.models import MassEnd, MassEvent, Registration, Ticket, Triage, Victim, VictimTriage
from luodi.reception.refusals import EventOver, Invalid, NoEvent, NotATag, TagElsewhere
from luodi.trust.models import Entry
from luodi.trust.once import TokenUsed
from luodi.trust.refusal import Forbidden, Refusal
from luodi.trust.write import write
from tests.reception.test_laws import at_once
from tests.reception.test_screens import log_in, shown


def crash(house: Any) -> int:
    return actions.open_event(house.ed_nurse, house.unit["ED"], "高速路多车相撞", 12)


@pytest.fixture
def event(house):
    return crash(house)


def tagged(house, event, colour, tag=None, **more):
    return actions.tag_victim(house.ed_nurse, event, tag or tags.new_tag(), colour, **more)


# Tags


@given(st.integers(0, 8), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_wrong_character_of_a_tag_is_found(place, wrong):
    tag = tags.new_tag()
    other = tag[:place] + wrong + tag[place + 1 :]
    assert tags.read(tag) == tag
    assert (tags.read(other) is None) == (other != tag)


def test_what_a_scanner_makes_of_a_tag_is_read_and_other_codes_are_not():
    tag = tags.new_tag()
    assert tags.read(f" {tag.lower()}\x1d\r") == tag
    assert [tags.read(text) for text in ("", "T", "W" + tag[1:], tag[:-1], tag + "0", "T" * 5000)] == [None] * 6


# The event


def test_an_event_is_three_or_more_in_an_emergency_unit(house):
    for unit, what, expected in (("GIM", "车祸", 5), ("ED", " ", 5), ("ED", "车祸", 2), ("ED", "车祸", 501)):
        with pytest.raises(Invalid):
            actions.open_event(house.ed_nurse, house.unit[unit], what, expected)
    assert MassEvent.objects.count() == 0
    with pytest.raises(Forbidden):
        actions.open_event(house.clerk, house.unit["ED"], "车祸", 5)
    actions.open_event(house.ed_doctor, house.unit["ED"], "车祸", 3)


def test_the_database_itself_refuses_an_event_of_two(house, event):
    with pytest.raises(IntegrityError), write():
        MassEvent.objects.filter(pk=event).update(expected=2)


def test_a_tag_registers_an_unknown_patient_who_queues_by_colour(house, event):
    first = tagged(house, event, "green")
    worst = tagged(house, event, "red")
    middle = tagged(house, event, "yellow", sex="2", place="大厅东侧")
    dead = tagged(house, event, "black")
    ordinary = actions.register(house.ed_nurse, house.patient(), unit=house.unit["ED"])
    rows = {row.encounter: row for row in queries.queue(house.unit["ED"])}
    order = [worst.encounter, middle.encounter, ordinary.encounter, first.encounter, dead.encounter]
    assert list(rows) == order, "an untriaged patient stands between, as a level Ⅲ"
    assert [rows[each].level for each in order] == [1, 2, None, 4, None]
    assert [rows[each].name[:3] for each in (worst.encounter, dead.encounter)] == ["无名氏"] * 2
    assert [rows[each].black for each in order] == [False] * 4 + [True]
    assert "检伤为黑色，排在最后" in reasons.why_there(rows[dead.encounter], "emergency")
    assert "分诊Ⅰ级在前" in reasons.why_there(rows[worst.encounter], "emergency")
    cards = queries.victims(event)
    assert [(row.colour.code, row.sex, row.place) for row in cards] == [
        ("red", "0", ""), ("yellow", "2", "大厅东侧"), ("green", "0", ""), ("black", "0", ""),
    ]  # fmt: skip
    counted = queries.event(event)
    assert [(colour.code, n) for colour, n in counted.counts] == [("red", 1), ("yellow", 1), ("green", 1), ("black", 1)]
    assert dead.encounter not in [row.encounter for row in queries.triage_list(house.unit["ED"])]


def test_the_tag_is_triaged_again_and_every_colour_is_kept(house, event):
    tag = tags.new_tag()
    made = tagged(house, event, "green", tag, place="大厅")
    again = tagged(house, event, "red", tag)
    assert (again.version, again.before, again.victim) == (2, "green", made.victim)
    black = tagged(house, event, "black", tag)
    assert queries.queue(house.unit["ED"])[0].level is None
    back = tagged(house, event, "red", tag, place="抢救 1")
    assert (black.version, back.version) == (3, 4)
    (card,) = queries.victims(event)
    assert (card.colour.code, card.place, card.version) == ("red", "抢救 1", 4)
    assert list(VictimTriage.objects.order_by("version").values_list("colour", "place")) == [
        ("green", "大厅"), ("red", "大厅"), ("black", "大厅"), ("red", "抢救 1"),
    ]  # fmt: skip
    assert list(Triage.objects.order_by("version").values_list("level", flat=True)) == [4, 1, 1]
    assert (Ticket.objects.get().level_rank, Registration.objects.count()) == (1, 1)
    # a level given at the triage desk is not undone by the same colour scanned again
    actions.triage(house.ed_nurse, made.encounter, 2, {}, "骨折", version=3)
    tagged(house, event, "red", tag)
    assert Ticket.objects.get().level_rank == 2


def test_where_each_victim_is_follows_the_visit(house, event):
    waits, with_doctor, gone = (tagged(house, event, "yellow") for _ in range(3))
    for made in (with_doctor, gone):
        actions.call(house.ed_doctor, Ticket.objects.get(registration__encounter=made.encounter).pk, room="抢救 2")
        actions.start(house.ed_doctor, Ticket.objects.get(registration__encounter=made.encounter).pk)
    charting.close_encounter(house.ed_doctor, gone.encounter, "left")
    cards = {row.encounter: row for row in queries.victims(event)}
    assert (cards[waits.encounter].state, cards[waits.encounter].gone) == ("waiting", "")
    assert (cards[with_doctor.encounter].state, cards[with_doctor.encounter].room) == ("serving", "抢救 2")
    assert str(cards[gone.encounter].gone) == "未就诊离开"


def test_the_identity_follows_later_and_the_tag_stays(house, event):
    tag = tags.new_tag()
    made = tagged(house, event, "red", tag)
    patients.correct(house.clerk, made.patient, {"name": "欧阳建国"}, "家属辨认", rev=1)
    (card,) = queries.victims(event)
    assert (card.name, card.tag) == ("欧阳建国", tag)


def test_what_is_no_tag_and_what_hangs_elsewhere_is_refused(house, event):
    tag = tags.new_tag()
    tagged(house, event, "red", tag)
    other = crash(house)
    with pytest.raises(TagElsewhere) as refused:
        tagged(house, other, "red", tag)
    assert "高速路多车相撞" in str(refused.value)
    for wrong in ("W0000000000", tag[:-1] + ("0" if tag[-1] != "0" else "1"), ""):
        with pytest.raises(NotATag):
            actions.tag_victim(house.ed_nurse, event, wrong, "red")
    for colour in ("", "blue"):
        with pytest.raises(Invalid):
            tagged(house, event, colour)
    with pytest.raises(NoEvent):
        tagged(house, 999_999, "red")
    assert Victim.objects.count() == Registration.objects.count() == 1


def test_after_the_end_nobody_is_added_and_the_list_stays(house, event):
    tag = tags.new_tag()
    tagged(house, event, "red", tag)
    actions.end_event(house.ed_doctor, event)
    for code in (tag, tags.new_tag()):
        with pytest.raises(EventOver):
            tagged(house, event, "red", code)
    with pytest.raises(EventOver):
        actions.end_event(house.ed_nurse, event)
    assert MassEnd.objects.count() == 1
    assert len(queries.victims(event)) == 1


def test_the_colours_stand_for_the_four_levels():
    colours = policy.mass_colours()
    assert {code: colour.level for code, colour in colours.items()} == {
        "red": 1, "yellow": 2, "green": 4, "black": None,
    }  # fmt: skip
    assert len({colour.key for colour in colours.values()}) == 4
    assert colours["black"].level_rank > max(policy.levels())


def test_a_form_sent_twice_is_one_triage(house, event):
    tag = tags.new_tag()
    first = tagged(house, event, "red", tag, idempotency="same")
    assert tagged(house, event, "red", tag, idempotency="same") == first
    assert VictimTriage.objects.count() == 1
    with pytest.raises(TokenUsed):
        tagged(house, event, "red", idempotency="same")


# Laws


@pytest.mark.law
def test_two_nurses_who_scan_one_tag_at_once_make_one_patient_and_lose_no_colour(shared):
    event, tag = crash(shared), tags.new_tag()
    answers = at_once(
        *(
            lambda colour=colour: actions.tag_victim(shared.ed_nurse, event, tag, colour)
            for colour in ("red", "yellow", "green", "red")
        )
    )
    assert sorted(answer.version for answer in answers) == [1, 2, 3, 4]
    assert len({answer.patient for answer in answers}) == 1
    assert Victim.objects.count() == Registration.objects.count() == 1
    given_colours = VictimTriage.objects.order_by("version").values_list("colour", flat=True)
    assert sorted(given_colours) == ["green", "red", "red", "yellow"]
    last = policy.mass_colours()[given_colours[3]]
    assert Ticket.objects.get().level_rank == last.level_rank
    assert Entry.objects.filter(verb="mass.tag").count() == 4


@pytest.mark.law
def test_a_crowd_is_registered_by_three_nurses_without_a_loss(shared):
    event = crash(shared)
    stack = [tags.new_tag() for _ in range(18)]

    def nurse(mine: list[str]) -> Any:
        return lambda: [actions.tag_victim(shared.ed_nurse, event, tag, "yellow").version for tag in mine]

    # each tag is scanned by two of the three
    answers = at_once(nurse(stack[:12]), nurse(stack[6:]), nurse(stack[12:] + stack[:6]))
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert sorted(version for some in answers for version in some) == [1] * 18 + [2] * 18
    assert {card.tag for card in queries.victims(event)} == set(stack)
    numbers = sorted(Registration.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 19))


@pytest.mark.law
def test_the_end_and_a_scan_cannot_pass_each_other(shared):
    event, tag = crash(shared), tags.new_tag()
    scanned, ended = at_once(
        lambda: actions.tag_victim(shared.ed_nurse, event, tag, "red"),
        lambda: actions.end_event(shared.ed_doctor, event),
    )
    assert ended is None
    assert isinstance(scanned, EventOver) or scanned.version == 1
    assert Victim.objects.count() == Registration.objects.count() == (0 if isinstance(scanned, Refusal) else 1)


@pytest.mark.law
def test_the_database_itself_refuses_one_tag_on_two(house, event):
    made = [tagged(house, event, "red") for _ in range(2)]
    tag = Victim.objects.get(pk=made[0].victim).tag
    with pytest.raises(IntegrityError), write():
        Victim.objects.filter(pk=made[1].victim).update(tag=tag)


# The screens


def test_an_event_from_opening_to_end(house):
    nurse = log_in(house.ed_nurse)
    there = reverse("reception:mass")
    assert nurse.post(there, {"what": "车祸", "expected": "2"}).status_code == 422
    opened = nurse.post(there, {"what": "车祸", "expected": "5"})
    assert opened.status_code == 303
    assert "群体事件进行中：车祸，已登记 0 人" in shown(nurse.get(reverse("reception:triage")))
    tag = tags.new_tag()
    looked = nurse.post(opened.url, {"tag": tag, "colour": ""})
    assert looked.status_code == 422
    assert "请选择颜色" in shown(looked)
    assert f'value="{tag}"' in shown(looked), "what was scanned stays"
    assert Victim.objects.count() == 0
    done = nurse.post(opened.url, {"tag": tag, "colour": "red", "sex": "0", "idempotency": "a"})
    assert done.status_code == 303
    assert "已登记 无名氏" in shown(nurse.get(done.url))
    known = shown(nurse.post(opened.url, {"tag": tag, "colour": ""}))
    assert f"伤票 {tag}：无名氏" in known
    assert "没有保存" not in known, "Enter after a known tag asks who it is"
    again = nurse.post(opened.url, {"tag": tag, "colour": "green", "idempotency": "b"})
    assert "第 2 次检伤" in shown(nurse.get(again.url))
    wrong = nurse.post(opened.url, {"tag": "W123", "colour": "red"})
    assert wrong.status_code == 422
    assert "这不是伤票" in shown(wrong)
    assert nurse.post(opened.url + "ending/").status_code == 303
    page = shown(nurse.get(opened.url))
    assert "扫描伤票" not in page
    assert tag in page


def test_a_page_of_tags_is_printed_each_with_its_check_character(house):
    page = shown(log_in(house.ed_nurse).get(reverse("reception:mass_tags")))
    found = {text for text in re.findall(r"T[0-9A-Z]{8}", page) if tags.read(text)}
    assert len(found) == 24


def test_who_stands_elsewhere_sees_no_event(house, event):
    tagged(house, event, "red")
    page = shown(log_in(house.nurse).get(reverse("reception:mass")))
    assert "您当前不在急诊科岗位" in page
    there = reverse("reception:mass_event", args=[event])
    assert [log_in(who).get(there).status_code for who in (house.clerk, house.doctor)] == [403, 404]
