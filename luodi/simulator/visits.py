"""The path of a visit, from the desk to the last step of its loop."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from luodi.chart import actions as chart
from luodi.reception import actions as reception
from luodi.simulator import bedside, desk, dispensary, people
from luodi.simulator.crew import minutes
from luodi.simulator.place import Hospital, Script
from luodi.simulator.tables import Case, cases, rows
from luodi.trust.clock import HOSPITAL_ZONE, now, today

EMERGENCY = 0.3
ALLERGIC, NO_SHOW, RETURNING = 0.05, 0.03, 0.15
TO_OBSERVATION, TO_WARD = 0.28, 0.12
MISTYPED = 50  # one number in so many is mistyped
# Vital signs that agree with each triage level, so that the suggestion is the nurse's level.
VITALS: dict[int, dict[str, Decimal | int | str | None]] = {
    1: {"pulse": 132, "systolic": 68, "respiration": 32, "spo2": 78, "temperature": "38.9"},
    2: {"pulse": 152, "systolic": 104, "respiration": 26, "spo2": 88, "temperature": "38.6"},
    3: {"pulse": 108, "systolic": 124, "respiration": 20, "spo2": 93, "temperature": "38.1"},
    4: {"pulse": 82, "systolic": 126, "respiration": 14, "spo2": 98, "temperature": "36.7"},
}


def script_for(hospital: Hospital, number: int) -> Script:
    """The script of one visit: what it becomes is decided when it begins."""
    return _visit(hospital, number, hospital.rng.random() < EMERGENCY)


def _visit(hospital: Hospital, number: int, emergency: bool) -> Script:
    night = not 7 <= now().astimezone(HOSPITAL_ZONE).hour < 20
    if emergency or (night and now() < hospital.end - timedelta(hours=2)):
        yield from _emergency(hospital, number)
    else:
        yield from _outpatient(hospital, number)


def _case(hospital: Hospital, visit_class: str) -> Case:
    table, shares = cases(visit_class)
    return hospital.rng.choices(table, shares)[0]


def _registered(hospital: Hospital, number: int, pool: str, child: bool, **where: Any) -> Any:
    rng = hospital.rng
    clerk = hospital.crew(rng.choice(("clerk1", "clerk2")))
    if rng.random() < RETURNING and (known := hospital.returning(pool)) is not None:
        return reception.register(clerk, known, **where)
    person = people.patient(rng, hospital.serial + number, today(), child=child)
    if hospital.slips("malformed_id_number", MISTYPED):
        wrong = replace(person, id_no=people.mistyped(person.id_no))
        desk.mistake(hospital, "malformed_id_number", lambda: reception.register_new(clerk, wrong, **where))
    return reception.register_new(clerk, person, **where)


def clinic(hospital: Hospital) -> str:
    """Whose clinic the next outpatient comes to: a child the paediatrician's, others that of any physician at work."""
    first: str = hospital.rng.choices(("doctor1", "doctor2", "kids1"), (45, 45, 10))[0]
    team = hospital.crew.colleagues(first)
    return hospital.rng.choice(team) if len(team) > 2 else first


def _outpatient(hospital: Hospital, number: int) -> Script:
    rng = hospital.rng
    doctor = clinic(hospital)
    child = doctor == "kids1"
    made = _registered(hospital, number, doctor, child, session=hospital.session(doctor))
    hospital.classes["outpatient"] += 1
    yield minutes(rng.uniform(4, 25))
    yield from hospital.busy(doctor, minutes(rng.uniform(3, 7)))
    by = hospital.crew(doctor)
    reception.call(by, made.ticket)
    if rng.random() < NO_SHOW:
        reception.pass_over(by, made.ticket)
        hospital.counts["no_show"] += 1
        return
    reception.start(by, made.ticket)
    case = _child_case() if child else _case(hospital, "outpatient")
    allergic = desk.examine(hospital, doctor, made.patient, made.encounter, case, rng.random() < ALLERGIC)
    yield minutes(rng.uniform(2, 4))
    rx = desk.prescribe(hospital, doctor, made.encounter, case, allergic)
    desk.sign(hospital, doctor, rx)
    reception.finish(hospital.crew(doctor), made.ticket)
    hospital.known[doctor].append((made.patient, today()))
    yield from dispensary.reviewed(hospital, doctor, rx)
    if dispensary.passed(rx):
        yield from dispensary.filled(hospital, doctor, rx, to_ward=False)
        yield minutes(rng.uniform(5, 30))
        chart.close_encounter(hospital.crew(doctor), made.encounter, "home")


def _child_case() -> Case:
    return Case("流涕、打喷嚏3天", "鼻黏膜充血，双肺呼吸音清", "J30.4", (("M0572", "10", "mg", "po", "qd", 3),))


def _level(hospital: Hospital) -> int:
    mix = rows("triage_mix.csv")
    return int(hospital.rng.choices(mix, [float(row["share"]) for row in mix])[0]["level"])


def _emergency(hospital: Hospital, number: int) -> Script:
    rng = hospital.rng
    made = _registered(hospital, number, "ED", False, unit=hospital.crew.unit("ED"))
    level = _level(hospital)
    yield minutes(rng.uniform(1, 5))
    nurse = yield from hospital.served("triage1", minutes(rng.uniform(1, 3)))
    stay = rng.random() < (0.8 if level <= 2 else TO_OBSERVATION if level == 3 else 0.03)
    kind = ("inpatient" if rng.random() < TO_WARD / TO_OBSERVATION else "observation") if stay else "emergency"
    case = _case(hospital, kind)
    reception.triage(nurse, made.encounter, level, VITALS[level], case.complaint, "护士评估")
    doctor = rng.choice(hospital.crew.colleagues("edoctor1"))
    yield minutes(rng.uniform(0.5, 2) if level <= 2 else rng.uniform(4, 30))
    yield from hospital.busy(doctor, minutes(rng.uniform(3, 9)))
    by = hospital.crew(doctor)
    reception.call(by, made.ticket)
    reception.start(by, made.ticket)
    allergic = desk.examine(hospital, doctor, made.patient, made.encounter, case, rng.random() < ALLERGIC)
    yield minutes(rng.uniform(3, 8))
    if stay:
        yield from _stay(hospital, doctor, made, case, kind)
        return
    hospital.classes["emergency"] += 1
    rx = desk.prescribe(hospital, doctor, made.encounter, case, allergic)
    desk.sign(hospital, doctor, rx)
    reception.finish(hospital.crew(doctor), made.ticket)
    yield from dispensary.reviewed(hospital, doctor, rx)
    if dispensary.passed(rx):
        yield from dispensary.filled(hospital, doctor, rx, to_ward=False)
        yield minutes(rng.uniform(5, 30))
        chart.close_encounter(hospital.crew(doctor), made.encounter, "home")


def _stay(hospital: Hospital, doctor: str, made: Any, case: Case, kind: str) -> Script:
    """Observation under the emergency doctor, or admission under the ward's."""
    unit = "W1" if kind == "inpatient" else "OBS"
    while not bedside.placed(hospital, doctor, made.encounter, unit):
        yield minutes(60)
    hospital.classes[kind] += 1
    reception.finish(hospital.crew(doctor), made.ticket)
    prescriber = "wdoctor1" if kind == "inpatient" else doctor
    yield minutes(hospital.rng.uniform(5, 20))
    rx = desk.prescribe(hospital, prescriber, made.encounter, case, False)
    desk.sign(hospital, prescriber, rx)
    yield from dispensary.reviewed(hospital, prescriber, rx)
    if dispensary.passed(rx):
        yield from bedside.treated(hospital, prescriber, rx, unit)
        yield minutes(60 * hospital.rng.uniform(40, 70))
        bedside.discharged(hospital, prescriber, made.encounter, made.patient)
