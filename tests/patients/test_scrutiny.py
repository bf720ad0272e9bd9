"""Records whose readings are looked at: who is asked, who is not, and who never learns of it."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from luodi.chart import queries as charts
from luodi.patients import actions, queries
from luodi.patients.models import Watch, WatchEnd
from luodi.reception import actions as reception
from luodi.reception import queries as desk
from luodi.trust import access, spool
from luodi.trust import actions as trust
from luodi.trust.access import watching
from luodi.trust.models import WatchedReading
from luodi.trust.refusal import Forbidden
from tests.patients.people import _hired, refused


@pytest.fixture
def vip(house: SimpleNamespace) -> SimpleNamespace:
    house.security = _hired(house, "security", "security_admin", "IT")
    house.vip = house.patient(name="王建国")
    house.watch = actions.watch(house.clerk, house.vip, "vip", "市民熟知")
    house.stay = house.visit(house.vip)  # in the unit GIM: doctor, colleague and nurse care
    return house


def read(house: SimpleNamespace, who: str, patient: int) -> int:
    return house.browser[who].get(reverse("chart:record", args=[patient])).status_code


def noted() -> list[tuple[str, str]]:
    return [(row.staff.login, row.why) for row in WatchedReading.objects.select_related("staff").order_by("pk")]


def test_the_treating_unit_reads_unasked_and_everybody_else_is_listed(vip: SimpleNamespace) -> None:
    assert read(vip, "doctor", vip.vip) == 200
    assert noted() == []
    trust.break_glass(vip.ed_doctor, vip.vip, "急诊抢救，需要查看既往用药")
    assert read(vip, "ed_doctor", vip.vip) == 200
    assert vip.browser["other_clerk"].get(reverse("patients:identity", args=[vip.vip])).status_code == 200
    assert noted() == [("ed_doctor", "outside"), ("other_clerk", "outside")]
    assert read(vip, "ed_doctor", vip.vip) == 200  # the same day: once
    assert len(noted()) == 2
    plain = vip.patient()
    assert vip.browser["other_clerk"].get(reverse("patients:identity", args=[plain])).status_code == 200
    assert len(noted()) == 2


def test_a_list_that_shows_the_record_counts_and_shows_no_mark(vip: SimpleNamespace) -> None:
    with_mark = vip.browser["other_clerk"].post(reverse("patients:search"), {"text": "王建国"})
    assert noted() == [("other_clerk", "outside")]
    actions.unwatch(vip.security, vip.watch, "不再需要")
    assert without(with_mark) == without(
        vip.browser["other_clerk"].post(reverse("patients:search"), {"text": "王建国"})
    )
    assert "受关注" not in with_mark.content.decode()


def without(page: Any) -> str:
    """A page without the tokens, which differ from one answer to the next."""
    return re.sub(r"[\w-]{20,}", "", page.content.decode())


def test_the_public_board_says_nothing_of_it(vip: SimpleNamespace) -> None:
    from luodi.trust.clock import today

    other = vip.patient(name="王建国")
    session = reception.open_session(vip.clerk, vip.unit["GIM"], vip.doctor.staff, today(), "am", 5, "3 诊室")
    for patient in (vip.vip, other):
        reception.register(vip.clerk, patient, session)
    nexts = desk.hall(vip.unit["GIM"]).next
    assert len({row._replace(number=0, called_at=None) for row in nexts}) == 1


def test_staff_who_read_their_own_record_or_a_colleagues_are_listed(vip: SimpleNamespace) -> None:
    own = vip.patient(name="李医生")
    actions.watch(vip.clerk, own, "staff", "本院职工", login="Doctor")
    vip.visit(own)  # treated in the unit where the doctor works: caring is no excuse here
    for who in ("doctor", "colleague"):
        assert read(vip, who, own) == 200
    assert noted() == [("doctor", "own"), ("colleague", "colleague")]


def test_a_flag_needs_a_kind_and_a_reason_and_is_ended_by_another_post(vip: SimpleNamespace) -> None:
    other = vip.patient()
    with refused("watch_kind"):
        actions.watch(vip.clerk, other, "friend", "熟人")
    with refused("watch_words"):
        actions.watch(vip.clerk, other, "vip", " ")
    with refused("watch_login"):
        actions.watch(vip.clerk, other, "staff", "本院职工", login="nobody")
    with refused("no_patient"):
        actions.watch(vip.clerk, 10**9, "vip", "市民熟知")
    with refused("watched_already"):
        actions.watch(vip.clerk, vip.vip, "press", "采访")
    with pytest.raises(Forbidden):
        actions.watch(vip.doctor, other, "vip", "市民熟知")
    with pytest.raises(Forbidden):
        actions.unwatch(vip.clerk, vip.watch, "看一眼")
    with refused("watch_words"):
        actions.unwatch(vip.security, vip.watch, "")
    actions.unwatch(vip.security, vip.watch, "不再需要")
    with refused("no_watch"):
        actions.unwatch(vip.security, vip.watch, "不再需要")
    assert access.watched([vip.vip]) == {}
    assert b"\xe5\xb8\x82\xe6\xb0\x91" not in bytes(Watch.objects.get().words) + bytes(WatchEnd.objects.get().words)


def test_the_person_is_watched_by_whatever_record(vip: SimpleNamespace) -> None:
    other = vip.patient(name="无名氏1123-01")
    made = actions.merge(vip.clerk, vip.vip, other, "unknown_named")
    assert vip.browser["other_clerk"].get(reverse("patients:identity", args=[other])).status_code == 200
    assert noted() == [("other_clerk", "outside")]
    assert charts.encounters_of(other)
    actions.unmerge(vip.clerk, made, "wrong_pair", "看错了")


def test_what_was_read_while_the_disk_was_full_is_asked_about_too(vip: SimpleNamespace) -> None:
    spool.prepare()
    spool.keep(vip.ed_doctor, [vip.vip], "chart:record")
    assert noted() == []
    assert spool.fold() == 1
    assert noted() == [("ed_doctor", "outside")]


def test_the_security_administrator_looks_at_each_once_and_learns_no_name(vip: SimpleNamespace) -> None:
    browser: Client = vip.browser["security"]
    vip.browser["other_clerk"].get(reverse("patients:identity", args=[vip.vip]))
    assert watching.unreviewed()[0] == 1
    listed = browser.get(reverse("trust:watched"))
    row = WatchedReading.objects.get()
    there = reverse("trust:watched_review", args=[row.pk])
    assert there in listed.content.decode()
    page = browser.get(there)
    assert "patients:identity" in page.content.decode()
    assert "王建国" not in listed.content.decode() + page.content.decode()
    assert browser.post(there, {"justified": "", "note": ""}).status_code == 422
    assert browser.post(there, {"justified": "0", "note": "无关人员"}).status_code == 303
    assert watching.unreviewed() == (0, None)
    with refused("already_reviewed"):
        trust.review_reading(vip.security, row.pk, True)
    watches = browser.get(reverse("patients:watches"))
    end = reverse("patients:end_watch", args=[vip.watch])
    assert end in watches.content.decode()
    assert "王建国" not in watches.content.decode()
    assert browser.post(end, {"words": ""}).status_code == 422
    assert browser.post(end, {"words": "不再需要"}).status_code == 303
    assert queries.watches() == []
    assert browser.get(reverse("patients:watch", args=[vip.vip])).status_code == 403


def test_the_desk_sets_it_from_the_identity(vip: SimpleNamespace) -> None:
    other = vip.patient(name="李明")
    browser: Client = vip.browser["clerk"]
    there = reverse("patients:watch", args=[other])
    assert there in browser.get(reverse("patients:identity", args=[other])).content.decode()
    assert browser.post(there, {"kind": "staff", "words": "本院职工"}).status_code == 422
    assert browser.post(there, {"kind": "press", "words": "采访对象"}).status_code == 303
    assert "正在关注" in browser.get(there).content.decode()
    assert there not in vip.browser["doctor"].get(reverse("patients:identity", args=[other])).content.decode()
    assert browser.get(reverse("patients:watches")).status_code == 403
