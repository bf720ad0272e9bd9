"""Work is pulled: each worklist is what the loop table says may come next."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from luodi.orders import loop
from luodi.orders.actions.ending import MOST_DAYS
from luodi.orders.cards import PrescriptionCard, Waiting
from luodi.orders.loop import LOOP, Step
from luodi.orders.models import Line, LoopStep, Prescription
from luodi.trust import clock

AT_ONCE = "st"  # 立即执行, of terms


def awaiting(step_needed: Step, unit: int | None = None, visit_class: str | None = None) -> list[Waiting]:
    """Prescriptions whose next step on their route is this one, the longest waiting first.

    Those whose validity is over are left out where the step would be refused: `lapsed` lists them.
    """
    rows = Prescription.objects.filter(_may_follow(Step(step_needed)))
    if LOOP[step_needed].lapses:
        rows = rows.alias(until=Coalesce("rest_until", "valid_until")).filter(until__gt=clock.now())
    if unit is not None:
        rows = rows.filter(unit=unit)
    if visit_class is not None:
        rows = rows.filter(visit_class=visit_class)
    return _waiting(rows)


def _may_follow(step: Step) -> Q:
    """Prescriptions in a predecessor of `step` on the route in force on their day of issue."""
    return reduce(or_, (_on(route, step) for route in loop.routes()), Q(pk__in=[]))


def _on(route: loop.Route, step: Step) -> Q:
    before = loop.predecessors(step, route.steps) - {Step.OWED} if step in route.steps else frozenset()
    if not before:
        return Q(pk__in=[])
    held = Q(visit_class=route.visit_class, step__in=sorted(before), signed_at__gte=_midnight(route.effective_from))
    if route.effective_to is not None:
        held &= Q(signed_at__lt=_midnight(route.effective_to))
    return held


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.HOSPITAL_ZONE)


def _waiting(rows: "QuerySet[Any]", order: str = "since") -> list[Waiting]:
    last = LoopStep.objects.filter(prescription=OuterRef("pk"), task=None).order_by("-seq").values("at")[:1]
    lines = Line.objects.filter(prescription=OuterRef("pk"), version=OuterRef("version"), drop__isnull=True)
    counted = lines.order_by().values("prescription").annotate(n=Count("pk")).values("n")
    rows = rows.annotate(
        since=Subquery(last),
        drugs=Subquery(counted),
        alert=Exists(lines.filter(high_alert=True)),
        held=Exists(lines.exclude(control="")),
        at_once=Exists(lines.filter(frequency=AT_ONCE)),
    )
    return [
        Waiting(
            pk=row.pk,
            patient=row.patient_id,
            encounter=row.encounter_id,
            visit_class=row.visit_class,
            unit=row.unit_id,
            prescriber=row.prescriber_id,
            kind=row.kind,
            number=row.number,
            step=Step(row.step),
            rev=row.rev,
            version=row.version,
            since=row.since,
            signed_at=row.signed_at,
            valid_until=row.valid_until,
            rest_until=row.rest_until,
            drugs=row.drugs or 0,
            high_alert=row.alert,
            controlled=row.held,
            urgent=row.at_once,
        )
        for row in rows.order_by(order, "pk")
    ]


def awaiting_review() -> list[Waiting]:
    """待审方: signed, not yet reviewed."""
    return awaiting(Step.REVIEWED)


def awaiting_verification(unit: int | None = None) -> list[Waiting]:
    """待核对: reviewed, for the nurses of a unit to verify."""
    return awaiting(Step.VERIFIED, unit)


def awaiting_preparation() -> list[Waiting]:
    """待调配: everything before preparation is done, or the preparation was undone; the rest of a part: `owing`."""
    return awaiting(Step.PREPARED)


def awaiting_check() -> list[Waiting]:
    """待核: prepared, for another pharmacist to check."""
    return awaiting(Step.CHECKED)


def awaiting_handing() -> list[Waiting]:
    """待发: checked, to be handed over."""
    return awaiting(Step.DISPENSED)


def awaiting_receipt(unit: int | None = None) -> list[Waiting]:
    """待接收: handed over to a unit that receives."""
    return awaiting(Step.RECEIVED, unit)


def owing() -> list[Waiting]:
    """欠药: handed over in part, the rest not yet prepared, the longest first."""
    return standing_at(Step.OWED)


def standing_at(step: Step) -> list[Waiting]:
    """Every prescription that stands at this step, the longest first."""
    return _waiting(Prescription.objects.filter(step=step))


def returned(staff: int, unit: int | None = None) -> list[Waiting]:
    """Returned prescriptions of this doctor, or of everybody in the unit."""
    mine = Q(prescriber=staff) if unit is None else Q(prescriber=staff) | Q(unit=unit)
    return _waiting(Prescription.objects.filter(mine, step=Step.RETURNED))


def lapsed(staff: int) -> list[Waiting]:
    """This doctor's prescriptions whose validity ended before they were dispensed, the latest first."""
    rows = Prescription.objects.filter(
        prescriber=staff, step__in=sorted(LOOP[Step.EXPIRED].after), valid_until__lte=clock.now(), rest_until=None
    )
    return _waiting(rows, "-signed_at")


def has_lapsed(card: PrescriptionCard) -> bool:
    """True where the validity is over before the drugs were handed over, or the time of the rest before it was, and
    nobody has closed it."""
    open_still = card.step in LOOP[Step.EXPIRED].after or card.step is Step.OWED
    until = card.rest_until or card.valid_until
    return open_still and until is not None and until <= clock.now()


def beyond_extension(limit: int) -> list[int]:
    """Lapsed prescriptions that no extension can save any more, the oldest first, at most `limit`.

    The validity may be extended until the end of the third day, the day of issue counted (处方管理办法 art. 18).
    """
    today = clock.now().astimezone(clock.HOSPITAL_ZONE).date()
    rows = Prescription.objects.filter(
        step__in=sorted(LOOP[Step.EXPIRED].after),
        valid_until__lte=clock.now(),
        rest_until=None,
        signed_at__lt=_midnight(today - timedelta(days=MOST_DAYS - 1)),
    )
    return list(rows.order_by("valid_until", "pk").values_list("pk", flat=True)[:limit])


def stopped_after(step: Step) -> list[Waiting]:
    """Prescriptions stopped or lapsed after they had taken `step` in their last version, the latest first."""
    taken = LoopStep.objects.filter(prescription=OuterRef("pk"), task=None, step=step, version=OuterRef("version"))
    rows = Prescription.objects.filter(Exists(taken), step__in=[Step.STOPPED, Step.EXPIRED])
    return _waiting(rows, "-signed_at")
