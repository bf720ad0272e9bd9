"""Encounters as they stand now."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from luodi.patients import queries as patients
from luodi.trust.question import NUMBER, Question

from ..models import ClassChange, Encounter, Stay
from ..refusals import NoEncounter
from ..types import EncounterCard


def standing(encounter: int) -> EncounterCard:
    """One encounter with class and unit in force. Raises NoEncounter."""
    row = _STANDING.first(encounter)
    if row is None:
        raise NoEncounter
    return _card(row)


encounter = standing


def encounters_of(patient: int, limit: int = 50) -> list[EncounterCard]:
    """The person's encounters, the latest first."""
    rows = _as_they_stand().filter(patient__in=patients.person(patient)).order_by("-registered_at", "-pk")
    return [_card(row) for row in rows[:limit]]


def open_encounters(unit: int | None = None, *, opened: bool | None = None) -> list[EncounterCard]:
    """Encounters not closed, of the unit that has them now (None: all), the earliest arrival first.

    opened: only those that a doctor has taken on (True) or has not (False).
    """
    rows = _as_they_stand().filter(closing=None).order_by("registered_at", "pk")
    if unit is not None:
        rows = rows.annotate(unit_now=Coalesce("changed_unit", F("unit_id"), output_field=BigIntegerField())).filter(
            unit_now=unit
        )
    if opened is not None:
        rows = rows.filter(opening__isnull=not opened)
    return [_card(row) for row in rows]


def record_for(patient: int) -> int:
    """The record that new work about this person goes to: a merged one while a visit of its own is open."""
    head = patients.survivor(patient)
    if head == patient or Encounter.objects.filter(patient=patient, closing=None).exists():
        return patient
    return head


def bed_of(encounter: int) -> str:
    """Code of the bed in which the patient of this encounter lies now; "" for none."""
    stay = _STAYING.first(encounter)
    return stay.bed if stay else ""


def beds_of(encounters: Iterable[int]) -> dict[int, str]:
    """Codes of the beds in which the patients of these encounters lie now; those without a bed are left out."""
    rows = Stay.objects.filter(encounter__in=list(encounters), until=None)
    return dict(rows.values_list("encounter", "bed"))


def _as_they_stand() -> Any:
    """Encounters with class and unit as they are now: those of the last change, else of the arrival."""
    last = ClassChange.objects.filter(encounter=OuterRef("pk")).order_by("-pk")
    return Encounter.objects.select_related("opening", "closing").annotate(
        changed_class=Subquery(last.values("visit_class")[:1]), changed_unit=Subquery(last.values("unit")[:1])
    )


_STAYING = Question(lambda encounter: Stay.objects.filter(encounter=encounter, until=None), NUMBER)
_STANDING = Question(lambda pk: _as_they_stand().filter(pk=pk), NUMBER)


def _card(row: Any) -> EncounterCard:
    opening, closing = getattr(row, "opening", None), getattr(row, "closing", None)
    return EncounterCard(
        id=row.pk,
        patient=row.patient_id,
        visit_class=row.changed_class or row.visit_class,
        unit=row.changed_unit or row.unit_id,
        registered_at=row.registered_at,
        opened_at=opening.at if opening else None,
        doctor=opening.doctor_id if opening else None,
        closed_at=closing.at if closing else None,
        disposition=closing.disposition if closing else "",
        arrived_class=row.visit_class,
        arrived_unit=row.unit_id,
    )
