"""The patient as advice reads them. What is not known stays None."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from luodi.advice.types import Allergy, Egfr, Snapshot
from luodi.patients import queries as patients
from luodi.trust.clock import HOSPITAL_ZONE

from ..codes import EGFR, HEIGHT, PREGNANCY_STATUS, WEIGHT
from ..types import Reading
from .record import allergies, latest_of

# A pregnancy or lactation that was stated longer ago is not known any more.
PREGNANCY_HOLDS = timedelta(days=300)


def snapshot(patient: int, encounter: int | None, on: date, whole: patients.Person | None = None) -> Snapshot:
    """What a check needs of the chart on that day, without current drugs (orders adds those). Raises NoPatient.

    `whole` where the caller knows the person of this record already.
    """
    whole = whole or patients.whole(patient)
    card = patients.card(patient, whole)
    known = latest_of(patient, (WEIGHT, HEIGHT, EGFR, PREGNANCY_STATUS), whole)
    pregnant, trimester, lactating = _pregnancy(known.get(PREGNANCY_STATUS), on)
    stated = allergies(patient, whole)
    return Snapshot(
        age_days=(on - card.birth_date).days if card.birth_date and card.birth_date <= on else None,
        sex=card.sex,
        weight_kg=_value(known.get(WEIGHT)),
        height_cm=_value(known.get(HEIGHT)),
        pregnant=pregnant,
        trimester=trimester,
        lactating=lactating,
        egfr=_egfr(known.get(EGFR)),
        allergy_state=stated.state,
        allergies=tuple(
            Allergy(item.code or item.label.lower(), item.label, item.severity, item.reaction) for item in stated.items
        ),
    )


def pregnancy_status(reading: Reading | None, on: date) -> str:
    """pregnant, lactating, none, or "" for unknown: a statement holds for 300 days."""
    return reading.coded if reading and on - _day(reading.at) <= PREGNANCY_HOLDS else ""


def _pregnancy(reading: Reading | None, on: date) -> tuple[bool | None, int | None, bool | None]:
    status = pregnancy_status(reading, on)
    if not status or reading is None:
        return None, None, None
    trimester = int(reading.value) if status == "pregnant" and reading.value else None
    # A woman recorded as lactating may be pregnant again: that stays unknown.
    pregnant = None if status == "lactating" else status == "pregnant"
    lactating = None if status == "pregnant" else status == "lactating"
    return pregnant, trimester, lactating


def _egfr(reading: Reading | None) -> Egfr | None:
    return Egfr(reading.value, _day(reading.at)) if reading and reading.value is not None else None


def _value(reading: Reading | None) -> Decimal | None:
    return reading.value if reading else None


def _day(moment: datetime) -> date:
    return moment.astimezone(HOSPITAL_ZONE).date()
