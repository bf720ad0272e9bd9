"""The ward: a bed, verification, receipt, and each dose at its time with both scans."""

from datetime import datetime
from typing import Any

from luodi.chart import actions as chart
from luodi.orders import queries as prescriptions
from luodi.orders.cards import TaskCard
from luodi.patients import queries as patients
from luodi.pharmacy import queries as shelves
from luodi.simulator import desk, dispensary
from luodi.simulator.crew import PASSWORD, minutes
from luodi.simulator.place import Hospital, Script
from luodi.trust.clock import now
from luodi.ward import actions as ward
from luodi.ward import queries as beds

NURSES = {"OBS": ("onurse1", "onurse2"), "W1": ("nurse1", "nurse2")}
DOCTORS = {"OBS": "edoctor1", "W1": "wdoctor1"}
REFUSED, HELD, UNSCANNED, WRONG_BAND = 0.012, 0.012, 0.02, 0.02


def placed(hospital: Hospital, doctor: str, encounter: int, unit: str) -> bool:
    """Put the patient on a free bed; False where every bed is taken."""
    free = beds.free_beds(hospital.crew.unit(unit))
    if not free:
        return False
    ward.place(hospital.crew(doctor), encounter, free[0][0])
    return True


def treated(hospital: Hospital, doctor: str, rx: int, unit: str) -> Script:
    """From the pharmacist's pass to the scripts of all doses."""
    nurse, rng = NURSES[unit][0], hospital.rng
    yield minutes(rng.uniform(2, 10))
    ward.verify(hospital.crew(nurse), rx, rev=desk.valid(hospital, doctor, rx))
    yield from dispensary.filled(hospital, doctor, rx, to_ward=True)
    yield minutes(rng.uniform(5, 15))
    ward.receive(hospital.crew(nurse), rx, dispensary.codes(rx), rev=desk.rev(rx))
    for task in prescriptions.tasks(rx):
        hospital.spawn(_when(hospital, task), _dose(hospital, task, unit))


def _when(hospital: Hospital, task: TaskCard) -> datetime:
    return max(now() + minutes(2), task.planned_at + minutes(hospital.rng.uniform(-20, 25)))


def _package(task: TaskCard) -> str:
    return next(package.barcode for package in shelves.packages(task.prescription) if package.task == task.pk)


def _dose(hospital: Hospital, task: TaskCard, unit: str) -> Script:
    rng, (nurse, second) = hospital.rng, NURSES[unit]
    by = hospital.crew(nurse)
    chance = rng.random()
    if chance < REFUSED:
        ward.administer(by, task.pk, outcome="refused", reason="patient_declines")
        hospital.counts["not_given"] += 1
        return
    if chance < REFUSED + HELD:
        ward.administer(by, task.pk, outcome="held", reason="fasting")
        hospital.counts["not_given"] += 1
        return
    card = prescriptions.prescription(task.prescription)
    band = patients.wristband(card.patient, card.encounter)
    given: dict[str, Any] = {"outcome": "given", "package": _package(task), "wristband": band}
    if task.line.high_alert:
        given |= {"witness_login": second, "witness_password": PASSWORD}
    others = [other for other in hospital.bands if other != band]
    if others and rng.random() < WRONG_BAND:
        wrong = given | {"wristband": rng.choice(others)}
        desk.mistake(hospital, "wrong_wristband", lambda: ward.administer(by, task.pk, **wrong))
    if rng.random() < UNSCANNED:
        given |= {"wristband": "", "unscanned_reason": "wristband_unreadable"}
    if abs((now() - task.planned_at).total_seconds()) > 29 * 60:
        given |= {"timing_reason": "workload" if now() > task.planned_at else "doctor_agreed_early"}
    ward.administer(by, task.pk, **given)
    hospital.counts["given"] += 1
    hospital.bands = [*hospital.bands[-60:], band]
    yield from ()


def bed_freed(hospital: Hospital, unit: str) -> None:
    """Where every bed of a unit is taken, the patient who lies longest goes home."""
    here = hospital.crew.unit(unit)
    if not beds.free_beds(here):
        longest = min(beds.in_bed(here), key=lambda lying: lying.since)
        discharged(hospital, DOCTORS[unit], longest.encounter, longest.patient)


def discharged(hospital: Hospital, doctor: str, encounter: int, patient: int) -> None:
    """Free the bed and end the encounter."""
    lying = beds.lying(patient)
    if lying is not None:
        ward.release(hospital.crew(doctor), lying.placement)
    chart.close_encounter(hospital.crew(doctor), encounter, "home")
