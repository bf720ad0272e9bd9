"""Beds: furnish a unit, place a patient, release the bed."""

from collections.abc import Sequence

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.chart import actions as chart
from luodi.chart import queries as charts
from luodi.chart.types import EncounterCard
from luodi.trust import access, clock, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.write import write

from ..models import Bed, Placement, Release
from ..refusals import AlreadyPlaced, AlreadyReleased, BedTaken, WardRefused

CLASS_OF_KIND = {"observation": "observation", "ward": "inpatient"}


@act("bed.furnish", may="staff.manage")
def furnish(by: Actor, unit: int, codes: Sequence[str]) -> list[int]:
    """Add beds to an observation area or ward; a code that the unit has already is left alone. Returns the pks."""
    about("unit", unit)
    evidence(codes=list(codes))
    return [Bed.objects.get_or_create(unit_id=unit, code=code)[0].pk for code in codes]


@act("bed.place", may="ward.place")
def place(by: Actor, encounter: int, bed: int) -> int:
    """Put the patient of an open encounter on a free bed; its unit gives the visit class. Returns the placement's pk.

    Whoever works in the unit of the bed may take over an emergency patient that it does not care for yet: care begins
    with the bed. Raises BedTaken, AlreadyPlaced, WardRefused (unknown bed, encounter not opened or closed).
    """
    found = Bed.objects.filter(pk=bed).first()
    if found is None:
        raise WardRefused("unknown_bed", _("没有这张床"), _("请从床位图中选择"), status=404)
    card = charts.encounter(encounter)
    about("encounter", encounter, patient=card.patient, care=not _takes_over(by, card, found))
    if card.closed_at:
        raise WardRefused("encounter_closed", _("本次就诊已结束，不能安排床位"), _("请先重新登记就诊"))
    if card.opened_at is None:
        raise WardRefused("encounter_not_opened", _("这次就诊还没有医师接诊，不能安排床位"), _("请先由医师接诊"))
    placement = _occupy(card, found)
    access.relate(card.patient, kind="bed", unit=found.unit_id)
    about("placement", placement.pk, patient=card.patient)
    chart.begin_stay(by, encounter, found.unit_id, found.code)
    wanted = CLASS_OF_KIND.get(_kind(found.unit_id), card.visit_class)
    if (wanted, found.unit_id) != (card.visit_class, card.unit):
        chart.reclass(by, encounter, wanted, found.unit_id)
    evidence(bed=bed, encounter=encounter, placement=placement.pk)
    return placement.pk


@act("bed.release", may="ward.place")
def release(by: Actor, placement: int) -> None:
    """End a placement and free its bed. Raises AlreadyReleased."""
    found = Placement.objects.filter(pk=placement).first()
    if found is None:
        raise WardRefused("unknown_placement", _("没有这次床位安排"), _("请从床位图中选择"), status=404)
    about("placement", found.pk, patient=found.patient_id)
    if not Placement.objects.filter(pk=placement, open=True).update(open=False):
        raise AlreadyReleased
    chart.end_stay(by, found.encounter_id)
    Release.objects.create(placement=found, staff_id=by.staff, at=clock.now())
    access.unrelate(found.patient_id, kind="bed", unit=found.bed.unit_id)
    evidence(bed=found.bed_id, encounter=found.encounter_id)


def _takes_over(by: Actor, card: EncounterCard, bed: Bed) -> bool:
    return bed.unit_id == by.unit and card.visit_class == "emergency" and not card.closed_at


def _occupy(card: EncounterCard, bed: Bed) -> Placement:
    try:
        with write():
            return Placement.objects.create(encounter_id=card.id, patient_id=card.patient, bed=bed, at=clock.now())
    except IntegrityError as fault:
        if Placement.objects.filter(encounter_id=card.id, open=True).exists():
            raise AlreadyPlaced from fault
        raise BedTaken from fault


def _kind(unit: int) -> str:
    card = people.unit(unit)
    return card.kind if card else ""
