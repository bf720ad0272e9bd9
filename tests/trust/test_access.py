"""Least privilege, separated administrators, care relations, break-glass."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from luodi.trust import access, actions, ledger
from luodi.trust import people as names
from luodi.trust.act import about, act
from luodi.trust.actor import Actor
from luodi.trust.clock import at, now
from luodi.trust.models import BreakGlass, Grant, Holding, Permission, Post, Staff, Unit
from luodi.trust.refusal import Forbidden, Refusal
from tests.trust.conftest import PASSWORD, People

pytestmark = pytest.mark.law


@act("test.relate", may=None)
def relate(by: Actor, patient: int, **whom: object) -> None:
    about("patient", patient, patient=patient, care=False)
    access.relate(patient, kind="visit", **whom)  # type: ignore[arg-type]


@act("test.unrelate", may=None)
def unrelate(by: Actor, patient: int, **whom: object) -> None:
    about("patient", patient, patient=patient, care=False)
    access.unrelate(patient, kind="visit", **whom)  # type: ignore[arg-type]


def test_a_new_post_may_do_nothing(people: People) -> None:
    actions.new_post(people.system, "porter", "运送员", "Porter")
    actions.assign(people.system, people.doctor.staff, "porter", people.unit)
    porter = people.doctor._replace(post="porter")
    assert access.permissions(porter) == frozenset()
    actions.grant(people.security, "porter", "queue.read")
    assert access.permissions(porter) == {"queue.read"}
    actions.withdraw(people.security, "porter", "queue.read")
    assert not access.may(porter, "queue.read")


def test_a_person_works_as_one_post_at_a_time(people: People) -> None:
    actions.assign(people.system, people.doctor.staff, "ward_nurse", people.unit)
    assert not access.may(people.doctor, "medication.administer")
    assert access.may(people.doctor._replace(post="ward_nurse"), "medication.administer")
    assert not access.may(people.doctor._replace(post="director"), "measure.read")


def test_a_post_held_in_one_unit_gives_nothing_in_another(people: People) -> None:
    other = Unit.objects.create(code="X", name_zh="别处", name_en="Elsewhere", kind="clinic")
    assert not access.may(people.doctor._replace(unit=other.pk), "record.read")


def test_a_holding_that_ended_gives_nothing(people: People) -> None:
    held = Holding.objects.get(staff=people.doctor.staff)
    actions.unassign(people.system, held.pk)
    assert access.permissions(people.doctor) == frozenset()


def test_somebody_who_left_may_do_nothing(people: People) -> None:
    actions.leave(people.system, people.doctor.staff)
    assert access.permissions(people.doctor) == frozenset()


@pytest.mark.parametrize("post", ["security_admin", "audit_admin", "doctor"])
def test_an_administrator_takes_no_second_post(people: People, post: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.assign(people.system, people.system.staff, post, people.unit)
    assert refused.value.code == "separated"


def test_an_ordinary_account_takes_no_administrator_post(people: People) -> None:
    with pytest.raises(Refusal):
        actions.assign(people.system, people.doctor.staff, "audit_admin", people.unit)


def test_the_database_refuses_two_administrator_posts_for_one_account(people: People) -> None:
    post = Post.objects.get(code="audit_admin")
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.create(
            staff_id=people.system.staff, post=post, unit_id=people.unit, admin_kind="audit", since=now()
        )


def test_an_administrators_post_never_opens_records(people: People) -> None:
    with pytest.raises(Refusal):
        actions.grant(people.security, "audit_admin", "record.read")
    # even a row put in behind the act's back opens nothing
    Grant.objects.create(
        post=Post.objects.get(code="audit_admin"), permission=Permission.objects.get(code="record.read"), since=now()
    )
    assert not access.may(people.audit, "record.read")
    assert "record.read" not in access.permissions(people.audit)


def test_each_administrator_does_only_their_own(people: People) -> None:
    with pytest.raises(Forbidden):
        actions.grant(people.system, "doctor", "stock.read")
    with pytest.raises(Forbidden):
        actions.new_unit(people.security, "Y", "y", "y", "office")
    with pytest.raises(Forbidden):
        actions.new_unit(people.audit, "Y", "y", "y", "office")


def test_care_is_given_to_a_unit_a_person_or_a_post(people: People) -> None:
    for patient, whom in ((1, {"unit": people.unit}), (2, {"staff": people.doctor.staff}), (3, {"post": "doctor"})):
        assert not access.cares(people.doctor, patient)
        relate(people.doctor, patient, **whom)
        assert access.cares(people.doctor, patient)
    assert access.cares(people.nurse, 1)
    assert not access.cares(people.nurse, 2)
    assert not access.cares(people.nurse, 3)


def test_care_ends_by_time_and_by_act(people: People) -> None:
    relate(people.doctor, 1, unit=people.unit, until=now() + timedelta(hours=1))
    relate(people.doctor, 2, unit=people.unit)
    with at(now() + timedelta(hours=2)):
        assert not access.cares(people.doctor, 1)
        assert access.cares(people.doctor, 2)
    unrelate(people.doctor, 2, unit=people.unit)
    assert not access.cares(people.doctor, 2)


def test_an_actor_without_unit_or_post_cares_for_nobody(people: People) -> None:
    relate(people.doctor, 1, unit=people.unit)
    assert not access.cares(Actor(0, "", 0, "x"), 1)


@act("test.look", may="record.read")
def look(by: Actor, patient: int) -> None:
    about("patient", patient, patient=patient)


def test_break_glass_opens_one_patient_for_a_while_and_marks_every_act(people: People) -> None:
    number = actions.break_glass(people.doctor, 9, "昏迷患者急救，需查过敏史")
    look(people.doctor, 9)
    assert next(iter(ledger.entries(verb="test.look"))).breakglass == str(number)
    with pytest.raises(access.NoCare):
        look(people.doctor, 10)
    with pytest.raises(access.NoCare):
        access.require_care(people.nurse, 9)
    with at(now() + timedelta(hours=25)), pytest.raises(access.NoCare):
        access.require_care(people.doctor, 9)


def test_break_glass_needs_a_reason_and_a_post_that_may(people: People) -> None:
    with pytest.raises(Refusal) as refused:
        actions.break_glass(people.doctor, 9, "  急 ")
    assert refused.value.code == "reason_missing"
    with pytest.raises(Forbidden):
        actions.break_glass(people.audit, 9, "审计需要查看该患者")
    assert not BreakGlass.objects.exists()


def test_break_glass_is_reviewed_once_by_the_security_administrator(people: People) -> None:
    number = actions.break_glass(people.doctor, 9, "昏迷患者急救，需查过敏史")
    with pytest.raises(Forbidden):
        actions.review_glass(people.doctor, number, True)
    actions.review_glass(people.security, number, False, "与当班记录不符")
    with pytest.raises(Refusal, match="复核过"):
        actions.review_glass(people.security, number, True)


def test_every_permission_that_posts_name_is_in_the_table(people: People) -> None:
    from luodi.trust.founding import _rows

    known = {row["code"] for row in _rows("permissions.csv")}
    assert {code for row in _rows("posts.csv") for code in row["permissions"].split()} <= known


def test_founding_twice_changes_nothing_that_the_hospital_changed(people: People) -> None:
    from luodi.trust.founding import found

    actions.withdraw(people.security, "doctor", "ward.place")
    assert found() == 0
    assert not access.may(people.doctor, "ward.place")


def test_a_second_persons_credentials(people: People) -> None:
    assert names.credentials("Nurse ", PASSWORD) == people.nurse.staff
    assert names.holds(people.nurse.staff, "medication.witness", people.unit)
    assert not names.holds(people.doctor.staff, "medication.witness")
    for login, password in (("nurse", "wrong"), ("nobody", PASSWORD)):
        with pytest.raises(names.WrongCredentials):
            names.credentials(login, password)


def test_a_login_name_is_never_given_twice(people: People) -> None:
    actions.leave(people.system, people.nurse.staff)
    with pytest.raises(Refusal) as refused:
        actions.hire(people.system, "Nurse", "另一人", password="Other-9-name")
    assert refused.value.code == "login_taken"
    assert Staff.objects.filter(login="nurse").count() == 1
