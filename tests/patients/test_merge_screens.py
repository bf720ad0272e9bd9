"""The identity desk: likely pairs, two records side by side, merging and taking it back."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from luodi.patients import actions, queries
from luodi.patients.models import Apart, Merge
from luodi.trust.models import Entry
from tests.patients.people import RESIDENT, refused


@pytest.fixture
def desk(house: SimpleNamespace) -> Client:
    return house.browser["clerk"]


def unknown(house: SimpleNamespace, **more: Any) -> int:
    return house.patient(name="无名氏1123-01", sex="0", no_id_reason="unconscious", **more)


def text(response: Any) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def test_pairs_are_found_by_what_agrees_and_nobody_is_opened_for_it(
    house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    born = date(1950, 1, 2)
    one = house.patient(name="王建国", birth_date=born, phone="13800001111")
    house.patient(name="王建国", birth_date=date(1983, 7, 9))  # a common name alone says nothing
    other = house.patient(name="王健国", birth_date=born, phone="13800001111")
    third = house.patient(name="王建国", birth_date=born)
    from luodi.trust import vault

    monkeypatch.setattr(vault, "unseal", lambda *_args, **_more: pytest.fail("an identity was opened"))
    found = queries.pairs()
    assert found.before is None
    assert {(pair.one, pair.other): (pair.score, pair.reasons) for pair in found.rows} == {
        (one, third): (80, ("name", "birth_date", "sex")),
        (one, other): (70, ("birth_date", "phone", "sex")),
    }
    assert [pair.score for pair in found.rows] == [80, 70]
    assert {(pair.one, pair.other) for pair in queries.pairs_of(one)} == {(one, third), (one, other)}


def test_a_pair_that_was_judged_never_returns(house: SimpleNamespace) -> None:
    born = date(1950, 1, 2)
    one, other, third = (house.patient(birth_date=born) for _ in range(3))
    assert len(queries.pairs().rows) == 3
    actions.set_apart(house.clerk, other, one)
    actions.set_apart(house.clerk, one, other)  # once is enough
    assert Apart.objects.count() == 1
    assert {(pair.one, pair.other) for pair in queries.pairs().rows} == {(one, third), (other, third)}
    actions.merge(house.clerk, third, one, "registered_twice")
    assert queries.pairs().rows == []  # what is true of a record is true of the person
    with refused("merge_same_record"):
        actions.set_apart(house.clerk, one, one)
    with refused("no_patient"):
        actions.set_apart(house.clerk, one, 10**9)


def test_a_long_list_is_compared_in_bounded_steps(house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    from luodi.patients.queries import alike

    monkeypatch.setattr(alike, "BATCH", 2)
    monkeypatch.setattr(alike, "MOST_BATCHES", 2)
    born = date(1950, 1, 2)
    one, other = (house.patient(birth_date=born) for _ in range(2))
    for name in ("甲", "乙", "丙", "丁", "戊"):
        house.patient(name=f"{name}某某")
    first = queries.pairs()
    assert (first.rows, first.before is None) == ([], False)
    then = queries.pairs(first.before)
    assert ([(pair.one, pair.other) for pair in then.rows], then.before) == ([(one, other)], None)


def test_the_unknown_patient_is_named_from_the_emergency_registration(house: SimpleNamespace, desk: Client) -> None:
    from luodi.reception import actions as reception

    known = house.patient(name="王建国", sex="0", id_kind="resident", id_no=RESIDENT)
    made = reception.register_unknown(house.clerk, house.unit["ED"])
    page = desk.get(reverse("reception:registration", args=[made.registration]))
    same = reverse("patients:same", args=[made.patient])
    assert same in page.content.decode()
    hits = desk.post(same, {"text": "王建国"})
    there = reverse("patients:compare", args=[made.patient, known])
    assert there in hits.content.decode()
    side = desk.get(there)
    assert "不同" in text(side)
    assert RESIDENT not in side.content.decode()
    # the known record is proposed to stand, and the reason is at hand
    assert re.search(rf'value="{known}"[^>]*checked', side.content.decode())
    assert re.search(r'value="unknown_named"[^>]*selected', side.content.decode())
    done = desk.post(there, {"survivor": known, "reason": "unknown_named", "words": ""})
    assert (done.status_code, done["Location"]) == (303, reverse("patients:identity", args=[known]))
    assert "无名氏" in text(desk.get(done["Location"]))
    away = text(desk.get(reverse("patients:identity", args=[made.patient])))
    assert "已经合并" in away
    assert "更正身份" not in away
    again = desk.get(reverse("reception:registration", args=[made.registration]))
    assert "王建国" in text(again)
    assert "原档案 无名氏" in text(again)


def test_a_merge_refused_keeps_what_was_typed(house: SimpleNamespace, desk: Client) -> None:
    one, other = house.patient(), house.patient(sex="2")
    there = reverse("patients:compare", args=[one, other])
    wrong = desk.post(there, {"survivor": other, "reason": "registered_twice", "words": ""})
    assert wrong.status_code == 422
    assert "请写明为什么仍是同一人" in text(wrong)
    assert re.search(rf'value="{other}"[^>]*checked', wrong.content.decode())
    assert desk.post(there, {"survivor": 10**9, "reason": "registered_twice"}).status_code == 422
    assert Merge.objects.count() == 0
    assert desk.post(there, {"survivor": other, "reason": "registered_twice", "words": "看过户口簿"}).status_code == 303
    assert queries.survivor(one) == other


def test_merges_are_listed_and_taken_back(house: SimpleNamespace, desk: Client) -> None:
    one, other = house.patient(), unknown(house)
    made = actions.merge(house.clerk, one, other, "unknown_named")
    listed = desk.get(reverse("patients:merges"))
    there = reverse("patients:merge", args=[made])
    assert there in listed.content.decode()
    assert desk.post(there, {"reason": "", "words": "看错了"}).status_code == 422
    assert desk.post(there, {"reason": "wrong_pair", "words": "看错了"}).status_code == 303
    assert queries.person(one) == (one,)
    assert "已经撤销" in text(desk.get(there))
    assert "已撤销" in text(desk.get(reverse("patients:merges")))
    assert desk.get(reverse("patients:merge", args=[10**9])).status_code == 404


def test_the_pair_is_set_apart_on_the_page(house: SimpleNamespace, desk: Client) -> None:
    born = date(1950, 1, 2)
    one, other = (house.patient(birth_date=born) for _ in range(2))
    pairs = reverse("patients:pairs")
    assert reverse("patients:compare", args=[one, other]) in desk.get(pairs).content.decode()
    assert desk.post(reverse("patients:apart", args=[one, other])).status_code == 303
    assert "没有可能重复的" in text(desk.get(pairs))
    assert desk.get(pairs + "?before=x").status_code == 200
    shown = Entry.objects.filter(verb="read").order_by("-id").values_list("facts", flat=True)
    assert any(f"[{one},{other}]" in facts for facts in shown)


@pytest.mark.parametrize("who", ["doctor", "nurse", "system"])
def test_only_the_identity_desk_comes_here(house: SimpleNamespace, who: str) -> None:
    one, other = house.patient(), house.patient()
    browser = house.browser[who]
    for name, args in (("pairs", []), ("same", [one]), ("compare", [one, other]), ("merges", [])):
        assert browser.get(reverse(f"patients:{name}", args=args)).status_code == 403
    assert browser.post(reverse("patients:apart", args=[one, other])).status_code == 403
