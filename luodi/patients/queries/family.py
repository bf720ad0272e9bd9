"""Who was born of whom."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from ..models import Birth
from ..types import PatientCard
from .records import cards
from .same import person


class BirthCard(NamedTuple):
    """A birth with the cards of both; `place` of `of`, from 1."""

    baby: PatientCard
    mother: PatientCard
    encounter: int
    at: datetime
    place: int
    of: int


def babies_of(patient: int) -> list[BirthCard]:
    """Children born here of this person, the last delivery first, each in the order of birth."""
    return _cards(Birth.objects.filter(mother__in=person(patient)).order_by("-encounter", "place"))


def birth_of(patient: int) -> BirthCard | None:
    """This person's own birth, where it was here."""
    found = _cards(Birth.objects.filter(baby__in=person(patient)).order_by("pk")[:1])
    return found[0] if found else None


def _cards(rows: "QuerySet[Birth]") -> list[BirthCard]:
    held = list(rows)
    known = cards({pk for row in held for pk in (row.baby_id, row.mother_id)})
    return [
        BirthCard(known[row.baby_id], known[row.mother_id], row.encounter, row.at, row.place, row.of) for row in held
    ]
