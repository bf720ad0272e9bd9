"""A baby is born in its mother's visit: a record, a visit and a band of its own, in her unit's care."""

from luodi.patients import actions as patients
from luodi.patients.types import Newborn
from luodi.trust import access
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

from ..codes import BANDED
from ..queries.encounters import standing
from ..refusals import EncounterClosed, NoDelivery
from .encounters import arrive


@act("newborn.register", may=patients.NEWBORN)
def register_newborn(by: Actor, encounter: int, new: Newborn, *, idempotency: str = "") -> tuple[int, int]:
    """Register a baby of the mother who has this encounter; returns (patient, encounter) of the baby.

    Raises NoEncounter, EncounterClosed, NoDelivery (an outpatient visit), and as patients.actions.newborn.
    """
    card = standing(encounter)
    about("encounter", encounter, patient=card.patient)
    if card.closed_at:
        raise EncounterClosed
    if card.visit_class not in BANDED:
        raise NoDelivery
    baby = patients.newborn(by, card.patient, encounter, new, idempotency=idempotency)
    access.relate(baby, kind="visit", unit=card.unit)
    visit = arrive(by, baby, visit_class=card.visit_class, unit=card.unit)
    about("encounter", visit, patient=baby)
    evidence(mother=card.patient, delivery=encounter, unit=card.unit)
    return baby, visit
