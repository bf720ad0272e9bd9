"""The patient banner: who this is and what must not be overlooked."""

from typing import Any

from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import today

from ..codes import EGFR, PREGNANCY_STATUS, WEIGHT
from ..types import Reading
from .encounters import bed_of, standing
from .record import allergies, latest_of
from .snapshot import pregnancy_status

_MALE = "1"
_CHILDBEARING_YEARS = range(10, 60)


def banner(patient: int, encounter: int | None = None, **more: Any) -> dict[str, Any]:
    """Values of the patient_banner part; None is unknown. `more` (bed, payer …) comes from the rooms above."""
    whole = patients.whole(patient)
    card = patients.card(patient, whole)
    known = latest_of(patient, (WEIGHT, EGFR, PREGNANCY_STATUS), whole)
    stated = allergies(patient, whole)
    shown = {
        "patient": patient,
        "name": card.name,
        "pinyin": card.spoken,
        "sex": card.sex,
        "birth_date": card.birth_date,
        "record_no": card.record_no,
        "was": card.was,
        "allergies": {
            "state": stated.state,
            "items": [
                {"label": item.label, "severity": item.severity, "reaction": item.reaction} for item in stated.items
            ],
        },
        "weight": _measured(known.get(WEIGHT)),
        "egfr": _measured(known.get(EGFR)),
        "pregnancy": _pregnancy(card, known.get(PREGNANCY_STATUS)),
        "bed": "",
        "isolation": None,
        "fall_risk": None,
        "care_level": "",
        "payer": None,
    }
    return shown | (_visit(encounter) if encounter else {}) | more


def banners(encounters: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Banners by patient, for {patient: encounter}."""
    return {patient: banner(patient, encounter) for patient, encounter in encounters.items()}


def _visit(encounter: int) -> dict[str, Any]:
    visit = standing(encounter)
    return {
        "encounter": visit.id,
        "visit_class": visit.visit_class,
        "department": people.unit_name(visit.unit),
        "bed": bed_of(visit.id),
        "doctor": people.name(visit.doctor) if visit.doctor else None,
    }


def _measured(reading: Reading | None) -> dict[str, Any] | None:
    if reading is None or reading.value is None:
        return None
    return {"value": reading.value, "unit": reading.unit, "at": reading.at}


def may_bear(card: Any) -> bool:
    """Whether pregnancy is asked about: not of men, nor of an age at which it does not occur."""
    age = today().year - card.birth_date.year if card.birth_date else None
    return card.sex != _MALE and (age is None or age in _CHILDBEARING_YEARS)


def _pregnancy(card: Any, reading: Reading | None) -> str:
    return pregnancy_status(reading, today()) or "unknown" if may_bear(card) else ""
