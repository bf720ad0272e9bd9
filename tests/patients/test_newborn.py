"""A baby is registered by its mother's record."""

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.patients import actions, queries
from luodi.patients.models import Birth, Patient
from luodi.patients.types import Newborn
from luodi.trust import access
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.refusal import Forbidden, Refusal
from tests.patients.people import RESIDENT, refused
from tests.reception.test_laws import at_once


@pytest.fixture
def delivery(house: SimpleNamespace) -> SimpleNamespace:
    return delivering(house)


def delivering(house: SimpleNamespace) -> SimpleNamespace:
    """A mother with a document, in a visit of the nurse's unit for which bands are worn."""
    house.mother = house.patient(name="王丽", sex="2", id_kind="resident", id_no=RESIDENT, phone="13800001111")
    house.stay = house.visit(house.mother, "inpatient")
    house.born = partial(chart.register_newborn, house.nurse, house.stay)
    return house


def baby(sex: str = "2", place: int = 1, of: int = 1, **ago: float) -> Newborn:
    return Newborn(sex, now() - timedelta(**(ago or {"minutes": 20})), place, of)


def test_a_baby_has_a_record_a_visit_and_a_band_of_its_own(delivery: SimpleNamespace) -> None:
    child, visit = delivery.born(baby())
    card, mother = queries.card(child), queries.card(delivery.mother)
    assert (card.name, card.sex) == ("王丽之女", "2")
    assert card.record_no != mother.record_no
    known = queries.identity_of(child)
    assert (known.id_kind, known.no_id_reason, known.id_no, known.phone) == ("none", "newborn", "", "")
    standing = charts.encounter(visit)
    assert (standing.visit_class, standing.unit) == ("inpatient", delivery.unit["GIM"])
    band = queries.wristband(child, visit)
    assert queries.by_wristband(band) == child
    assert band != queries.wristband(delivery.mother, delivery.stay)
    assert access.cares(delivery.nurse, child)
    assert [birth.baby.id for birth in queries.babies_of(delivery.mother)] == [child]
    assert queries.birth_of(child).mother.id == delivery.mother
    assert queries.birth_of(delivery.mother) is None


def test_twins_are_told_apart_by_the_order_of_birth(delivery: SimpleNamespace) -> None:
    children = [delivery.born(baby(sex, place, 2))[0] for place, sex in ((1, "1"), (2, "2"))]
    assert [queries.card(child).name for child in children] == ["王丽之子甲", "王丽之女乙"]
    assert [birth.place for birth in queries.babies_of(delivery.mother)] == [1, 2]
    with refused("newborn_held"):
        delivery.born(baby("2", 2, 2))
    with refused("birth_place"):
        delivery.born(baby("2", 3, 2))
    assert queries.pairs().rows == []


def test_a_name_is_given_later_and_the_mother_stays(delivery: SimpleNamespace) -> None:
    child, _visit = delivery.born(baby("0"))
    assert queries.card(child).name == "王丽之婴"
    actions.correct(delivery.clerk, child, {"name": "李安安", "sex": "2"}, "户口登记")
    assert queries.birth_of(child).baby.name == "李安安"
    assert [hit.patient for hit in queries.search("李安安")] == [child]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (baby(days=-1), "birth_future"),
        (baby(days=29), "birth_past"),
        (baby("7"), "sex"),
        (baby(place=0), "birth_place"),
        (baby(place=1, of=7), "birth_place"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(delivery: SimpleNamespace, new: Newborn, code: str) -> None:
    before = Patient.objects.count()
    with refused(code):
        delivery.born(new)
    assert Patient.objects.count() == before


def test_a_baby_is_born_in_a_visit_for_which_bands_are_worn_and_of_a_woman(delivery: SimpleNamespace) -> None:
    outpatient = delivery.visit(delivery.mother)
    with refused("no_delivery"):
        chart.register_newborn(delivery.nurse, outpatient, baby())
    man = delivery.visit(delivery.patient(sex="1"), "inpatient")
    with refused("mother_sex"):
        chart.register_newborn(delivery.nurse, man, baby())
    for by in (delivery.clerk, delivery.doctor):
        with pytest.raises(Forbidden):
            chart.register_newborn(by, delivery.stay, baby())
    with refused("no_care"):
        chart.register_newborn(delivery.nurse, delivery.visit(delivery.patient(sex="2"), "inpatient", "ED"), baby())


def test_mother_and_child_are_never_merged_nor_are_twins(delivery: SimpleNamespace) -> None:
    first, second = (delivery.born(baby("2", place, 2))[0] for place in (1, 2))
    for pair in ((delivery.mother, first), (first, delivery.mother), (first, second)):
        with refused("merge_family"):
            actions.merge(delivery.clerk, *pair, "registered_twice", "同名")
    again = delivery.patient(name="王丽", sex="2")
    actions.merge(delivery.clerk, delivery.mother, again, "registered_twice", "同一人")
    with refused("merge_family"):  # also by another record of hers
        actions.merge(delivery.clerk, again, first, "registered_twice", "同名")
    assert len(queries.babies_of(again)) == 2


@pytest.mark.law
def test_of_two_who_register_one_baby_at_once_one_does(shared: Any) -> None:
    house = delivering(shared)
    before = Patient.objects.count()
    new = baby()
    done = at_once(*[partial(house.born, new)] * 4)
    assert sorted(getattr(result, "code", "") for result in done if isinstance(result, Refusal)) == ["newborn_held"] * 3
    assert (Birth.objects.count(), Patient.objects.count()) == (1, before + 1)


def test_the_nurse_registers_twins_on_the_page(delivery: SimpleNamespace) -> None:
    browser = delivery.browser["nurse"]
    page = reverse("chart:newborns", args=[delivery.mother, delivery.stay])
    assert page in browser.get(reverse("chart:encounter", args=[delivery.mother, delivery.stay])).content.decode()
    wrong = browser.post(page, {"sex": "2", "at": "x", "of": 2, "place": 1})
    assert wrong.status_code == 422
    at = (now() - timedelta(minutes=5)).astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%dT%H:%M")
    for place in (1, 2):
        assert browser.post(page, {"sex": "2", "at": at, "of": 2, "place": place}).status_code == 303
    again = browser.post(page, {"sex": "2", "at": at, "of": 2, "place": 2})
    assert "已经登记" in again.content.decode()
    shown = browser.get(page).content.decode()
    assert "王丽之女甲" in shown
    assert "王丽之女乙" in shown
    child = queries.babies_of(delivery.mother)[0].baby.id
    assert "王丽" in browser.get(reverse("patients:identity", args=[child])).content.decode()
    assert "王丽之女甲" in browser.get(reverse("patients:identity", args=[delivery.mother])).content.decode()
    assert delivery.browser["clerk"].get(page).status_code == 403
