"""The desk and the doctor: register, call, examine, prescribe, answer what was returned."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from luodi.advice.types import Grade
from luodi.chart import actions as chart
from luodi.chart import queries as records
from luodi.chart.types import AllergyItem, Obs
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.cards import LineWish
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.simulator.crew import PASSWORD
from luodi.simulator.place import Hospital
from luodi.simulator.tables import Case
from luodi.trust.clock import HOSPITAL_ZONE, now, today
from luodi.trust.refusal import Refusal

AMOXICILLIN = ("M0288", "500", "mg", "po", "tid", 3)
AZITHROMYCIN = ("M0323", "500", "mg", "po", "qd", 3)
CHILD = 14  # years; below it a weight is a child's
PENICILLIN = AllergyItem("PENICILLIN", "青霉素类", "severe", "皮疹、喉头水肿")


# Mistakes made on purpose, and the codes of the refusals that may answer them.
MISTAKES = {
    "malformed_id_number": {"id_check"},
    "allergy_overlooked": {"prescription_refused"},
    "review_of_a_stale_page": {"loop_moved"},
    "prepared_when_short": {"stock_short"},
    "expired_goods_received": {"lot_expired"},
    "package_not_scanned": {"packages_unscanned"},
    "handed_over_twice": {"loop_moved"},
    "wrong_wristband": {"wrong_patient", "unknown_wristband"},
}


def mistake(hospital: Hospital, kind: str, attempt: Callable[[], Any]) -> Refusal:
    """Do something wrong on purpose: it must be refused for the right reason, and is counted. Returns the refusal."""
    try:
        attempt()
    except Refusal as refusal:
        if refusal.code not in MISTAKES[kind]:
            raise
        hospital.mistakes[kind] += 1
        return refusal
    raise AssertionError(f"a mistake passed: {kind}")


def examine(hospital: Hospital, doctor: str, patient: int, encounter: int, case: Case, allergic: bool) -> bool:
    """Notes, a weight, the diagnosis, and what is known of allergies. Returns whether the patient is allergic: one who
    came before may have said so then."""
    by, rng = hospital.crew(doctor), hospital.rng
    chart.write_up(by, encounter, {"complaint": case.complaint, "exam": case.exam, "plan": "对症处理，不适随诊"})
    chart.diagnose(by, encounter, case.diagnosis, True)
    chart.observe(by, patient, encounter, [Obs("WT", _weight(hospital, patient), "kg")])
    if records.allergies(patient).state == "listed":
        return True
    if allergic:
        chart.state_allergies(by, patient, "listed", [PENICILLIN])
    elif rng.random() < 0.94:
        chart.state_allergies(by, patient, "denied")
    return allergic


def _weight(hospital: Hospital, patient: int) -> Decimal:
    """In kg; of a child about what the rule of thumb for its age says (age × 2 + 8)."""
    drawn = Decimal(hospital.rng.randrange(460, 860)) / 10
    born = patients.card(patient).birth_date
    years = (today() - born).days // 365 if born else CHILD
    return (years * 2 + 8 + (drawn - 66) / 10).quantize(Decimal("0.1")) if years < CHILD else drawn


def _wish(line: tuple[str, str, str, str, str, int], case: Case) -> LineWish:
    medicine, dose, unit, route, frequency, days = line
    skin = case.skin_test if medicine == AMOXICILLIN[0] else ""
    read = now() - timedelta(minutes=40) if skin == "negative" else None
    return LineWish(medicine, Decimal(dose), unit, route, frequency, Decimal(days), skin_test=skin, skin_test_at=read)


def prescribe(hospital: Hospital, doctor: str, encounter: int, case: Case, allergic: bool) -> int:
    """Write a prescription; an allergic patient is first given the wrong drug, which is refused and taken off."""
    by = hospital.crew(doctor)
    rx = int(orders.draft(by, encounter))
    for line in case.lines:
        spared = AZITHROMYCIN if allergic and line[0] == AMOXICILLIN[0] else line
        orders.put_line(by, rx, _wish(spared, case))
    if allergic and len(case.lines) < 5:
        wrong = orders.put_line(by, rx, _wish(AMOXICILLIN, case))
        mistake(hospital, "allergy_overlooked", lambda: sign(hospital, doctor, rx))
        orders.drop_line(by, rx, wrong)
    return rx


def _answers(doctor: int, rx: int) -> dict[str, str]:
    return {found.key: "benefit" for found in prescriptions.findings(rx, doctor) if found.grade == Grade.ASK}


def sign(hospital: Hospital, doctor: str, rx: int) -> None:
    """Sign, answering what is asked. Raises orders' Refused where something is never right."""
    by = hospital.crew(doctor)
    orders.sign(by, rx, answers=_answers(by.staff, rx), second=PASSWORD)
    hospital.counts["signed"] += 1


def reply(hospital: Hospital, doctor: str, rx: int) -> None:
    """Confirm a returned prescription with a reason."""
    by = hospital.crew(doctor)
    orders.reply(
        by, rx, "已与患者核对，剂量和疗程按病情需要，请予通过。", answers=_answers(by.staff, rx), second=PASSWORD
    )


def valid(hospital: Hospital, doctor: str, rx: int) -> int:
    """Its row version, after the doctor extended it where its day is over (处方管理办法 art. 18)."""
    card = prescriptions.header(rx)
    assert card.signed_at is not None
    assert card.valid_until is not None
    if card.valid_until > now():
        return card.rev
    days = (today() - card.signed_at.astimezone(HOSPITAL_ZONE).date()).days + 1
    orders.extend(hospital.crew(doctor), rx, days, "零点前开具，药房当日未及调配，请延长。", rev=card.rev)
    return rev(rx)


def step(rx: int) -> Step:
    """Where a prescription stands now."""
    return prescriptions.header(rx).step


def rev(rx: int) -> int:
    """Its row version now."""
    return prescriptions.header(rx).rev
