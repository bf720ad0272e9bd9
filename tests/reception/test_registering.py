"""A slot, a number, an encounter, a ticket: all or nothing, and once."""

from datetime import timedelta

import pytest

from luodi.chart import queries as chart
from luodi.patients import queries as patients
from luodi.patients.refusals import NoPatient
from luodi.patients.types import NewPatient
from luodi.reception import actions, queries
from luodi.reception.models import Registration, Session
from luodi.reception.refusals import (
    AlreadyRegistered,
    CapacityBelowTaken,
    Invalid,
    NoRegistration,
    NoSession,
    NotADoctorHere,
    NotRegistering,
    NotToday,
    SessionExists,
    SessionStopped,
    SlotTaken,
    TicketMoved,
)
from luodi.trust import access, ledger
from luodi.trust.actor import Ref
from luodi.trust.clock import at, now, today
from luodi.trust.once import TokenUsed
from luodi.trust.refusal import Forbidden, Refusal


def test_registering_takes_a_slot_and_begins_the_visit(house):
    session, patient = house.session(capacity=2), house.patient()
    made = actions.register(house.clerk, patient, session)
    assert made.number == 1
    card = queries.session(session)
    assert (card.taken, card.free) == (1, 1)
    visit = chart.encounter(made.encounter)
    assert (visit.patient, visit.visit_class, visit.unit, visit.opened_at) == (
        patient,
        "outpatient",
        house.unit["GIM"],
        None,
    )
    assert access.cares(house.doctor, patient)
    assert not access.cares(house.ed_doctor, patient)
    assert [row.ticket for row in queries.queue(house.unit["GIM"])] == [made.ticket]


def test_one_registration_leaves_one_entry_of_each_act_and_no_name(house):
    session, patient = house.session(), house.patient("司马相如")
    made = actions.register(house.clerk, patient, session)
    about = Ref("registration", made.registration, patient)
    (entry,) = ledger.entries(about=about)
    assert entry.verb == "visit.register"
    (inner,) = ledger.entries(verb="encounter.arrive")
    assert inner.cause == entry.id
    assert "司马" not in str(list(ledger.entries()))


def test_full_session_refuses_in_words_and_writes_nothing(house, enrol):
    session = house.session(capacity=1)
    enrol(1, session)
    late = house.patient("来晚了")
    with pytest.raises(SlotTaken) as refused:
        actions.register(house.clerk, late, session)
    assert "挂满" in str(refused.value)
    assert Registration.objects.filter(patient=late).count() == 0
    assert chart.encounters_of(late) == []


def test_a_second_click_registers_once(house):
    session, patient = house.session(), house.patient()
    first = actions.register(house.clerk, patient, session, idempotency="token")
    again = actions.register(house.clerk, patient, session, idempotency="token")
    assert again.repeated
    assert again[:5] == first[:5]
    assert queries.session(session).taken == 1


def test_a_second_click_makes_no_second_identity(house):
    session = house.session()
    new = NewPatient(name="新病人", sex="2", id_kind="none", no_id_reason="forgotten")
    first = actions.register_new(house.clerk, new, session, idempotency="token")
    again = actions.register_new(house.clerk, new, session, idempotency="token")
    assert (again.patient, again.repeated) == (first.patient, True)
    assert len(patients.search("新病人")) == 1


def test_a_token_used_for_something_else_is_refused(house):
    session, other = house.session(), house.session(part="pm")
    actions.register(house.clerk, house.patient(), session, idempotency="token")
    with pytest.raises(TokenUsed):
        actions.register(house.clerk, house.patient("另一人"), session, idempotency="token")
    with pytest.raises(TokenUsed):
        actions.register(house.clerk, house.patient("再一人"), other, idempotency="token")


def test_new_identity_is_not_kept_where_the_session_is_full(house, enrol):
    session = house.session(capacity=1)
    enrol(1, session)
    new = NewPatient(name="没挂上号", id_kind="none", no_id_reason="forgotten")
    with pytest.raises(SlotTaken):
        actions.register_new(house.clerk, new, session)
    assert patients.search("没挂上号") == []


def test_same_patient_twice_in_a_session_is_told_the_number(house):
    session, patient = house.session(), house.patient()
    actions.register(house.clerk, patient, session)
    with pytest.raises(AlreadyRegistered) as refused:
        actions.register(house.clerk, patient, session)
    assert "1 号" in str(refused.value.message)


def test_cancelled_slot_is_free_again_but_its_number_is_not(house, enrol):
    session = house.session(capacity=2)
    first, second = enrol(2, session)
    actions.cancel(house.clerk, first.registration, "patient")
    third = actions.register(house.clerk, house.patient("第三位"), session)
    assert third.number == 3
    assert queries.session(session).taken == 2
    assert queries.registration(first.registration).cancelled == "患者要求退号"
    assert [row.number for row in queries.queue(house.unit["GIM"])] == [second.number, 3]
    assert chart.encounter(first.encounter).closed_at is not None
    assert not access.cares(house.doctor, first.patient)


def test_cancelling_twice_or_after_the_doctor_began_is_refused_in_words(house, enrol):
    session = house.session()
    first, second = enrol(2, session)
    actions.cancel(house.clerk, first.registration, "patient")
    with pytest.raises(TicketMoved) as twice:
        actions.cancel(house.clerk, first.registration, "patient")
    assert "退号" in str(twice.value.message)
    assert "周敏" in str(twice.value.message)
    actions.start(house.doctor, second.ticket)
    with pytest.raises(TicketMoved) as begun:
        actions.cancel(house.clerk, second.registration, "patient")
    assert "接诊" in str(begun.value.message)
    assert queries.session(session).taken == 1


def test_patient_may_register_again_after_cancelling(house):
    session, patient = house.session(), house.patient()
    made = actions.register(house.clerk, patient, session)
    actions.cancel(house.clerk, made.registration, "wrong_session")
    assert actions.register(house.clerk, patient, session).number == 2


def test_emergency_has_no_limit_and_one_session_a_day(house):
    made = [
        actions.register(house.ed_nurse, house.patient(f"急诊{i}"), unit=house.unit["ED"], visit_class="emergency")
        for i in range(4)
    ]
    assert [each.number for each in made] == [1, 2, 3, 4]
    assert Session.objects.filter(unit=house.unit["ED"]).count() == 1
    assert chart.encounter(made[0].encounter).visit_class == "emergency"
    with at(now() + timedelta(days=1)):
        assert actions.register(house.ed_nurse, house.patient("次日"), unit=house.unit["ED"]).number == 1


def test_unknown_patient_gets_a_name_of_day_and_number(house):
    first = actions.register_unknown(house.ed_nurse, house.unit["ED"], sex="1")
    second = actions.register_unknown(house.ed_nurse, house.unit["ED"])
    assert patients.card(first.patient).name == f"无名氏{today():%m%d}-01"
    assert patients.card(second.patient).name == f"无名氏{today():%m%d}-02"
    assert patients.identity_of(first.patient).no_id_reason == "unconscious"
    assert queries.ticket(first.ticket).priority == "critical"


def test_unknown_patient_by_a_double_click_is_one_patient(house):
    first = actions.register_unknown(house.ed_nurse, house.unit["ED"], idempotency="t")
    assert actions.register_unknown(house.ed_nurse, house.unit["ED"], idempotency="t").patient == first.patient


def test_where_nobody_is_registered(house):
    session, patient = house.session(), house.patient()
    with pytest.raises(NotRegistering):
        actions.register(house.clerk, patient, unit=house.unit["REG"])
    with pytest.raises(NoSession):
        actions.register(house.clerk, patient, unit=house.unit["GIM"])
    with pytest.raises(NoSession):
        actions.register(house.clerk, patient, 999_999)
    with pytest.raises(Invalid):
        actions.register(house.clerk, patient, session, visit_class="emergency")
    with pytest.raises(Invalid):
        actions.register(house.clerk, patient, session, priority="vip")
    with pytest.raises(NoPatient):
        actions.register(house.clerk, 999_999, session)
    with pytest.raises(NoRegistration):
        actions.cancel(house.clerk, 999_999, "patient")
    tomorrow = house.session(on=today() + timedelta(days=1))
    with pytest.raises(NotToday):
        actions.register(house.clerk, patient, tomorrow)


def test_who_may_not(house):
    session, patient = house.session(), house.patient()
    with pytest.raises(Forbidden):
        actions.register(house.doctor, patient, session)
    with pytest.raises(Forbidden):
        actions.open_session(house.doctor, house.unit["GIM"], house.doctor.staff, today(), "pm", 5, "1")


def test_stopped_session_takes_nobody_and_keeps_those_it_has(house, enrol):
    session = house.session()
    (held,) = enrol(1, session)
    actions.stop_session(house.clerk, session, "医师外出会诊")
    with pytest.raises(SessionStopped):
        actions.register(house.clerk, house.patient("后来者"), session)
    with pytest.raises(SessionStopped):
        actions.stop_session(house.clerk, session, "再停一次")
    assert queries.ticket(held.ticket).state == "waiting"
    assert queries.session(session).stop_reason == "医师外出会诊"


def test_sessions_are_opened_and_resized_within_reason(house, enrol):
    session = house.session(capacity=3)
    enrol(2, session)
    actions.resize_session(house.clerk, session, 2)
    assert queries.session(session).free == 0
    with pytest.raises(CapacityBelowTaken):
        actions.resize_session(house.clerk, session, 1)
    with pytest.raises(SessionExists):
        house.session()
    with pytest.raises(NotADoctorHere):
        house.session(doctor=house.clerk, part="pm")
    with pytest.raises(Invalid):
        house.session(capacity=0, part="pm")
    with pytest.raises(Invalid):
        house.session(on=today() - timedelta(days=1), part="pm")
    with pytest.raises(Refusal):
        house.session(room="诊" * 10_000, part="pm")


@pytest.mark.law
def test_a_cancelled_registration_leaves_the_care_of_another_one_in_the_unit(house):
    patient = house.patient()
    kept = actions.register(house.clerk, patient, house.session())
    given_back = actions.register(house.clerk, patient, house.session(doctor=house.second))
    actions.cancel(house.clerk, given_back.registration, "patient")
    assert access.cares(house.doctor, patient), "the unit still expects the patient"
    actions.cancel(house.clerk, kept.registration, "patient")
    assert not access.cares(house.doctor, patient)
