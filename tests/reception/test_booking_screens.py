"""Booking ahead as a browser without JavaScript uses it."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse

from luodi.reception import actions, policy, queries
from luodi.reception.models import Appointment, Session, Template
from luodi.trust import clock
from luodi.trust.actor import system
from luodi.trust.clock import HOSPITAL_ZONE, today
from tests.reception.test_screens import log_in, shown
from tests.sending import token_of, twice

DAY = today() + timedelta(days=1)


def to(name: str, *args: object) -> str:
    return reverse(f"reception:{name}", args=args)


@pytest.fixture
def clerk(house):
    return log_in(house.clerk)


def test_a_patient_books_tomorrow_and_checks_in(house, clerk):
    session, patient = house.session(on=DAY), house.patient()
    page = shown(clerk.get(to("book", patient) + f"?on={DAY}"))
    assert f'value="a{session}"' in page
    assert f'value="s{session}"' not in page
    assert "优先类别" not in page
    made = twice(clerk, to("book", patient) + f"?on={DAY}", {"place": f"a{session}", "idempotency": token_of(page)})
    assert made.status_code == 303
    appointment = Appointment.objects.get().pk
    assert made.url == to("appointment", appointment)
    told = shown(clerk.get(made.url))
    assert "08:00" in told
    assert "请患者在就诊当天" in told
    early = clerk.post(to("arrival", appointment), {})
    assert (early.status_code, "不是今天的" in shown(early)) == (422, True)
    assert "已预约" in shown(clerk.get(to("book", patient)))
    with clock.at(datetime.combine(DAY, time(7, 50), HOSPITAL_ZONE)):
        there = log_in(house.clerk)
        listed = shown(there.get(to("appointments")))
        assert "欧阳建国" in listed
        assert to("appointment", appointment) in listed
        assert "签到" in shown(there.get(to("book", patient)))
        came = there.post(to("arrival", appointment), {"priority": "aged"})
        assert came.status_code == 303
        assert "1 号" in shown(there.get(came.url))
        again = there.post(to("arrival", appointment), {})
        assert (again.status_code, "已经签到" in shown(again)) == (422, True)


def test_what_stands_against_a_booking_is_said_on_the_form(house, clerk):
    session, patient = house.session(capacity=1, on=DAY), house.patient()
    there = to("book", patient) + f"?on={DAY}"
    assert "请选择一个出诊" in shown(clerk.post(there, {}))
    actions.book(house.clerk, house.patient("先到"), session)
    assert f'value="w{session}"' in shown(clerk.get(there)), "a full session offers its list"
    full = clerk.post(there, {"place": f"a{session}"})
    assert (full.status_code, "已经挂满" in shown(full)) == (422, True)
    for garbage in ("a", "a-1", "aXY", f"a{'9' * 30}", "x1"):
        assert clerk.post(there, {"place": garbage}).status_code == 422, garbage
    assert clerk.get(to("book", patient) + "?on=2001-01-01").status_code == 200
    assert clerk.get(to("book", patient) + "?on=<script>").status_code == 200


def test_a_booking_is_cancelled_once_with_a_reason(house, clerk):
    made = actions.book(house.clerk, house.patient(), house.session(on=DAY))
    assert clerk.post(to("ending", made), {}).status_code == 422
    second = twice(clerk, to("ending", made), {"reason": "patient"})
    assert (second.status_code, "已经取消" in shown(second)) == (422, True)
    assert "已取消" in shown(clerk.get(to("appointment", made)))


def test_the_patients_of_a_stopped_session_are_named_until_they_have_another(house, clerk):
    session, other = house.session(on=DAY), house.session(house.second, on=DAY, room="4 诊室")
    patient = house.patient()
    actions.book(house.clerk, patient, session)
    clerk.post(to("stop", session), {"reason": "外出会诊"})
    page = shown(clerk.get(to("appointments")))
    assert "停诊后还没有改约" in page
    assert f"{to('book', patient)}?on={DAY}" in page
    clerk.post(to("book", patient) + f"?on={DAY}", {"place": f"a{other}"})
    assert "停诊后还没有改约" not in shown(clerk.get(to("appointments")))


def test_a_template_is_planned_makes_its_sessions_and_ends(house, clerk):
    given = {
        "unit": house.unit["GIM"], "doctor": house.doctor.staff, "weekday": DAY.isoweekday(), "part": "am",
        "room": "3 诊室", "capacity": "10", "reserved_portal": "4", "valid_from": str(today()),
    }  # fmt: skip
    assert "还没有排班" in shown(clerk.get(to("templates")))
    wrong = clerk.post(to("templates"), given | {"reserved_window": "7"})
    assert (wrong.status_code, "不能超过限额" in shown(wrong)) == (422, True)
    second = twice(clerk, to("templates"), given)
    assert (second.status_code, "已有排班" in shown(second)) == (422, True)
    session = Session.objects.get(date=DAY)
    page = shown(clerk.get(to("templates")))
    assert "手机 4" in page
    free = shown(clerk.get(to("book", house.patient()) + f"?on={DAY}"))
    assert "<strong>6</strong>" in free, "what the window may sell"
    template = Template.objects.get()
    assert clerk.post(to("end_template", template.pk), {"last": "soon"}).status_code == 422
    assert clerk.post(to("end_template", template.pk), {"last": str(today())}).status_code == 303
    assert queries.session(session.pk).capacity == 10, "what was made stays until it is stopped"


def test_a_ban_is_shown_and_lifted(house, clerk):
    patient, count = house.patient(), policy.booking().missed_count
    for ahead in range(1, count + 1):
        actions.book(house.clerk, patient, house.session(on=today() + timedelta(days=ahead)))
    after = datetime.combine(today() + timedelta(days=count), time(13), HOSPITAL_ZONE)
    with clock.at(after):
        for appointment in queries.over(50):
            actions.end(system("worker"), appointment)
        there = log_in(house.clerk)
        url = to("book", patient) + f"?on={today() + timedelta(days=1)}"
        assert "因多次爽约" in shown(there.get(url))
        assert "因多次爽约" not in shown(there.get(to("book", patient))), "registering today is never banned"
        there.post(to("lifting", patient), {"reason": "住院期间"})
        assert "因多次爽约" not in shown(there.get(url))


def test_a_doctor_adds_a_patient_to_the_own_session(house):
    session, patient = house.session(capacity=1, on=DAY), house.patient()
    actions.book(house.clerk, house.patient("先到"), session)
    registered = actions.register(house.clerk, patient, house.session(part="pm"))
    actions.call(house.doctor, registered.ticket)
    actions.start(house.doctor, registered.ticket)
    doctor = log_in(house.doctor)
    page = shown(doctor.get(to("add_on", patient)))
    posted = {"session": session, "idempotency": token_of(page)}
    twice(doctor, to("add_on", patient), posted)
    assert queries.session(session).capacity == 2
    assert "已预约" in shown(doctor.get(to("add_on", patient)))
    assert log_in(house.clerk).get(to("add_on", patient)).status_code == 403
