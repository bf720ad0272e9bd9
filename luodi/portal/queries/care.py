"""What the record shows to the patient: visits, prescriptions in plain words, results that are released."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from luodi.chart import queries as chart
from luodi.chart import wording
from luodi.chart.codes import CANCELLED
from luodi.orders import queries as orders
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.pharmacy import labels
from luodi.reception import queries as reception
from luodi.terms import queries as terms
from luodi.trust import people, policy
from luodi.trust.clock import now
from luodi.trust.refusal import Refusal

from ..models import Survey

# What a doctor still writes or must change is not to be taken yet.
_UNSEEN = {Step.DRAFTED, Step.RETURNED}


class VisitCard(NamedTuple):
    """One encounter. rated: the survey is filled in; rateable: it may be, now."""

    pk: int
    patient: int
    at: datetime
    unit_name: str
    doctor_name: str
    visit_class: str
    closed_at: datetime | None
    rated: bool
    rateable: bool


class Line(NamedTuple):
    """A medicine with how to take it, in a sentence."""

    name: str
    strength: str
    quantity: Decimal
    pack_unit: str
    usage: str
    line: Any


class Slip(NamedTuple):
    """A prescription: number, where it stands (a code of Step) and its lines."""

    pk: int
    number: str
    signed_at: datetime | None
    step: str
    lines: tuple[Line, ...]


class Result(NamedTuple):
    """A laboratory value with the range of the table; ranges None: the table knows none."""

    name: str
    value: Decimal | None
    unit: str
    words: str
    low: Decimal | None
    high: Decimal | None
    at: datetime


def visits(patient: int, limit: int = 50) -> list[VisitCard]:
    """The patient's encounters that were not cancelled, the latest first."""
    rows = [row for row in chart.encounters_of(patient, limit) if row.disposition != CANCELLED]
    rated = set(Survey.objects.filter(encounter__in=[row.id for row in rows]).values_list("encounter", flat=True))
    units = people.unit_names(row.unit for row in rows)
    doctors = people.names(row.doctor for row in rows if row.doctor)
    return [
        VisitCard(
            row.id, row.patient, row.registered_at, units.get(row.unit, ""), doctors.get(row.doctor or 0, ""),
            row.visit_class, row.closed_at, row.id in rated, row.id not in rated and _to_rate(row),
        )
        for row in rows
    ]  # fmt: skip


def visit(encounter: int) -> VisitCard | None:
    """One of them; None for an unknown or cancelled one."""
    try:
        patient = chart.encounter(encounter).patient
    except Refusal:
        return None
    return next((card for card in visits(patient) if card.pk == encounter), None)


def rateable(encounter: int) -> VisitCard | None:
    """The visit, where it is over and may still be rated."""
    card = visit(encounter)
    return card if card is not None and card.rateable else None


def slips(encounter: int) -> list[Slip]:
    """Signed prescriptions of a visit, the latest first."""
    return [
        Slip(card.pk, card.number, card.signed_at, str(card.step), tuple(_line(line) for line in card.lines))
        for card in orders.of_encounter(encounter)
        if card.signed_at and card.step not in _UNSEEN
    ]


def result_rows(encounter: int) -> list[Result]:
    """Laboratory values that are released: the visit is over, or they are `portal_result_hours` old."""
    items = {item.code: item for item in terms.lab_items()}
    over = chart.encounter(encounter).closed_at is not None
    edge = now() - timedelta(hours=policy.number("portal_result_hours"))
    shown = [row for row in chart.observed(encounter) if row.code in items and (over or row.at <= edge)]
    return [
        Result(
            wording.name_of(row.code), row.value, wording.written_unit(row.unit), row.text or row.coded,
            items[row.code].ref_low, items[row.code].ref_high, row.at,
        )
        for row in shown
    ]  # fmt: skip


def everything(patient: int) -> dict[str, Any]:
    """What the portal shows of a patient, as plain data: the file that a person takes along. Numbers are masked."""
    known = patients.identity_of(patients.survivor(patient))
    return {
        "identity": {
            "name": known.card.name,
            "sex": known.card.sex,
            "birth_date": known.card.birth_date,
            "record_no": known.card.record_no,
            "id_kind": known.id_kind,
            "id_no": known.id_no,
            "phone": known.phone,
            "address": known.address,
            "insurance": known.insurance,
        },
        "allergies": [item.label or item.code for item in chart.allergies(patient).items],
        "appointments": [
            {"unit": row.unit_name, "doctor": row.doctor_name, "starts": row.starts, "state": row.state}
            for row in reception.appointments_of(patient)
        ],
        "visits": [_whole(card) for card in visits(patient)],
    }


def _whole(card: VisitCard) -> dict[str, Any]:
    return {
        "at": card.at,
        "unit": card.unit_name,
        "doctor": card.doctor_name,
        "class": card.visit_class,
        "diagnoses": [{"code": line.code, "name": line.name} for line in chart.diagnoses(card.pk)],
        "prescriptions": [
            {
                "number": slip.number,
                "signed_at": slip.signed_at,
                "medicines": [
                    {"name": line.name, "strength": line.strength, "quantity": line.quantity, "unit": line.pack_unit,
                     "usage": line.usage}
                    for line in slip.lines
                ],
            }
            for slip in slips(card.pk)
        ],
        "results": [row._asdict() for row in result_rows(card.pk)],
    }  # fmt: skip


def _to_rate(row: Any) -> bool:
    days = timedelta(days=policy.number("portal_survey_days"))
    return row.closed_at is not None and now() - row.closed_at <= days


def _line(line: Any) -> Line:
    return Line(line.generic, line.strength, line.quantity, line.pack_unit, labels.usage(line), line)
