"""The patient of an encounter lies in a bed: told by the room that has the beds, and asked before closing."""

from django.db import IntegrityError

from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from ..models import Encounter, Stay
from ..queries.encounters import standing
from ..refusals import AlreadyInBed, EncounterClosed, InBed
from ..types import EncounterCard


@act("encounter.stay", may="ward.place")
def begin_stay(by: Actor, encounter: int, unit: int, bed: str) -> None:
    """The patient lies in this bed from now on, and the encounter cannot end before.

    Raises EncounterClosed, AlreadyInBed.
    """
    card = held(encounter)
    about("encounter", encounter, patient=card.patient)
    if card.closed_at:
        raise EncounterClosed
    try:
        Stay.objects.create(encounter_id=encounter, unit_id=unit, bed=bed, since=now())
    except IntegrityError as taken:
        raise AlreadyInBed from taken
    evidence(unit=unit, bed=bed)


@act("encounter.stay.end", may="ward.place")
def end_stay(by: Actor, encounter: int) -> None:
    """The patient has left the bed; no harm where none was taken."""
    card = held(encounter)
    about("encounter", encounter, patient=card.patient)
    evidence(ended=Stay.objects.filter(encounter=encounter, until=None).update(until=now()))


def held(encounter: int) -> EncounterCard:
    """The encounter as it stands, its row locked: a bed and an ending never pass each other unseen."""
    Encounter.objects.select_for_update().filter(pk=encounter).first()
    return standing(encounter)


def require_no_bed(encounter: int) -> None:
    """Raises InBed where the patient of a held encounter still lies in a bed."""
    stay = Stay.objects.filter(encounter=encounter, until=None).first()
    if stay is not None:
        raise InBed(stay.unit_id, stay.bed)
