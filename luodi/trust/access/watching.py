"""Records whose readings are looked at afterwards: outside the treating unit, by the patient, by colleagues.

A reading is never refused for it and the reader is told nothing: care goes on, and the security administrator asks.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from luodi.trust.access.same import person
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.models import CareRelation, Entry, Holding, WatchedPatient, WatchedReading
from luodi.trust.question import MOMENT, NUMBER, NUMBERS, Question

_WATCHED = Question(
    lambda patients: WatchedPatient.objects.filter(patient__in=patients).values_list("patient", "staff"), NUMBERS
)


def _treated(patients: Any, moment: Any, unit: Any, staff: Any) -> Any:
    who = Q(unit=unit) & ~Q(unit=0) | Q(staff=staff) & ~Q(staff=0)
    rows = CareRelation.objects.filter(who, Q(until=None) | Q(until__gt=moment), patient__in=patients)
    return rows.filter(since__lte=moment).values_list("pk", flat=True)[:1]


_TREATING = Question(_treated, NUMBERS, MOMENT, NUMBER, NUMBER)


def watch(patient: int, staff: int = 0) -> None:
    """Look at the readings of a record from now on, inside an act. staff: whose own record it is."""
    WatchedPatient.objects.update_or_create(patient=patient, defaults={"staff": staff})


def unwatch(patient: int) -> None:
    """Look no more. What was noted stays."""
    WatchedPatient.objects.filter(patient=patient).delete()


def watched(patients: Iterable[int]) -> dict[int, int]:
    """Those of these records that are watched, each with whose own it is (0: of nobody who works here)."""
    return dict(_WATCHED.all(list(patients)))


def note(entry: Entry, by: Actor, records: Mapping[int, int], screen: str) -> None:
    """Keep, with the entry of a reading, which watched records it showed to somebody who will be asked."""
    day = entry.at.astimezone(HOSPITAL_ZONE).date()
    asked = [(patient, _why(by, patient, staff)) for patient, staff in records.items()]
    WatchedReading.objects.bulk_create(
        [
            WatchedReading(
                entry=entry, patient=patient, staff_id=by.staff, unit=by.unit, day=day, at=entry.at,
                screen=screen[:60], why=why,
            )
            for patient, why in asked if why
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def unreviewed() -> tuple[int, datetime | None]:
    """How many such readings nobody has looked at, and since when the oldest waits."""
    found = WatchedReading.objects.filter(review=None).aggregate(count=Count("pk"), oldest=Min("at"))
    return found["count"], found["oldest"]


def _why(by: Actor, patient: int, staff: int) -> str:
    """own, colleague, outside; "" where the treating unit reads."""
    if staff and staff == by.staff:
        return "own"
    if staff and Holding.objects.filter(staff=staff, unit=by.unit, until=None).exists():
        return "colleague"
    treating = _TREATING.first(person(patient).records, now(), by.unit, by.staff) is not None
    return "" if treating else "outside"
