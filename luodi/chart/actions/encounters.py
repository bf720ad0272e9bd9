"""An encounter arrives, is opened by a doctor, changes class, closes."""

from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luodi.patients import actions as patients
from luodi.patients import queries as identities
from luodi.patients.refusals import MergedAway
from luodi.trust import access
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.refusal import Forbidden

from ..codes import BANDED, CANCELLED, DISPOSITIONS, VISIT_CLASSES
from ..models import ClassChange, Closing, Diagnosis, Encounter, Opening
from ..queries.encounters import standing
from ..refusals import AlreadyOpened, EncounterClosed, Invalid, NoDiagnosis, NotOpened
from ..types import EncounterCard
from .stays import held, require_no_bed

RECLASS_PERMISSIONS = ("encounter.open", "ward.place")
# A closed encounter stays open to its unit for the writing up and the questions after: a week, then break-glass.
AFTERWARDS = timedelta(days=7)


@act("encounter.arrive", may=None)
def arrive(by: Actor, patient: int, *, visit_class: str, unit: int, at: datetime | None = None) -> int:
    """A patient is here; returns the encounter's pk. The unit's care relation is the caller's (reception) to write.

    For the registration, for whoever registers a newborn, and for a telephone's own people.
    Raises Forbidden, access.NotYours; MergedAway: a new visit is of the record that stands for the person.
    """
    about("patient", patient, patient=patient, care=False)
    if by.account or not access.may(by, patients.NEWBORN):
        access.require_asking(by, "visit.register", patient)
    head = identities.survivor(patient)
    if head != patient:
        raise MergedAway(head)
    _known_class(visit_class)
    made = Encounter.objects.create(
        patient_id=patient, visit_class=visit_class, unit_id=unit, registered_at=at or now()
    )
    about("encounter", made.pk, patient=patient, care=False)
    evidence(visit_class=visit_class, unit=unit)
    _band(by, made.pk, patient, visit_class)
    return made.pk


@act("encounter.open", may="encounter.open")
def open_encounter(by: Actor, encounter: int) -> None:
    """The doctor takes the patient on. Raises NoEncounter, AlreadyOpened, EncounterClosed."""
    card = standing(encounter)
    about("encounter", encounter, patient=card.patient)
    if card.closed_at:
        raise EncounterClosed
    if card.opened_at:
        raise AlreadyOpened
    try:
        Opening.objects.create(encounter_id=encounter, doctor_id=by.staff, at=now())
    except IntegrityError as taken:
        raise AlreadyOpened from taken
    evidence(visit_class=card.visit_class, minutes=int((now() - card.registered_at) / timedelta(minutes=1)))


@act("encounter.close", may="encounter.close")
def close_encounter(by: Actor, encounter: int, disposition: str) -> None:
    """End the encounter: a code of DISPOSITIONS, after the patient has left any bed.

    Raises InBed, NotOpened, NoDiagnosis, EncounterClosed, Invalid.
    """
    card = held(encounter)
    about("encounter", encounter, patient=card.patient)
    if disposition not in DISPOSITIONS:
        raise Invalid("disposition", _("请选择去向"), "disposition")
    if card.closed_at:
        raise EncounterClosed
    require_no_bed(encounter)
    if disposition != "left":
        _ready_to_close(card)
    try:
        Closing.objects.create(encounter_id=encounter, at=now(), disposition=disposition, staff_id=by.staff)
    except IntegrityError as taken:
        raise EncounterClosed from taken
    access.unrelate(card.patient, kind="visit", unit=card.unit)
    access.relate(card.patient, kind="visit", unit=card.unit, until=now() + AFTERWARDS)
    evidence(disposition=disposition)


@act("encounter.cancel", may="visit.register")
def cancel_encounter(by: Actor, encounter: int) -> None:
    """The registration was cancelled before a doctor took the patient on.

    Raises NoEncounter, AlreadyOpened, EncounterClosed, InBed.
    """
    card = held(encounter)
    about("encounter", encounter, patient=card.patient, care=False)
    if card.closed_at:
        raise EncounterClosed
    if card.opened_at:
        raise AlreadyOpened
    require_no_bed(encounter)
    try:
        Closing.objects.create(encounter_id=encounter, at=now(), disposition=CANCELLED, staff_id=by.staff)
    except IntegrityError as taken:
        raise EncounterClosed from taken
    if not _another_there(card):
        access.unrelate(card.patient, kind="visit", unit=card.unit)


def _another_there(card: EncounterCard) -> bool:
    """Whether the unit cares for the patient by another visit too: one that goes on, or ended within AFTERWARDS."""
    others = Encounter.objects.filter(patient=card.patient, unit=card.unit).exclude(pk=card.id)
    others = others.exclude(closing__disposition=CANCELLED)
    return others.filter(Q(closing=None) | Q(closing__at__gt=now() - AFTERWARDS)).exists()


@act("encounter.reclass", may=None)
def reclass(by: Actor, encounter: int, visit_class: str, unit: int) -> None:
    """Move the encounter to another class or unit (emergency to observation); the unit gets the care.

    For the doctor, or the nurse who places the patient on a bed. Raises Forbidden, EncounterClosed, Invalid.
    """
    if not any(access.may(by, permission) for permission in RECLASS_PERMISSIONS):
        raise Forbidden(facts={"permission": "|".join(RECLASS_PERMISSIONS)})
    card = standing(encounter)
    about("encounter", encounter, patient=card.patient)
    _known_class(visit_class)
    if card.closed_at:
        raise EncounterClosed
    if (visit_class, unit) == (card.visit_class, card.unit):
        raise Invalid("same_class", _("患者已经在这个科室"), "unit")
    ClassChange.objects.create(encounter_id=encounter, visit_class=visit_class, unit_id=unit, at=now())
    access.relate(card.patient, kind="visit", unit=unit)
    evidence(before=card.visit_class, visit_class=visit_class, unit=unit)
    _band(by, encounter, card.patient, visit_class)


def _known_class(visit_class: str) -> None:
    if visit_class not in VISIT_CLASSES:
        raise Invalid("visit_class", _("请选择就诊类别"), "visit_class")


def _band(by: Actor, encounter: int, patient: int, visit_class: str) -> None:
    if visit_class in BANDED:
        patients.band(by, patient, encounter)


def _ready_to_close(card: EncounterCard) -> None:
    if not card.opened_at:
        raise NotOpened
    if not Diagnosis.objects.filter(encounter=card.id, main=True, withdrawal=None).exists():
        raise NoDiagnosis
