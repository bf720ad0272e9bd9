"""The care relationship limits patient data.

Rooms above write it inside their acts; break-glass opens one patient. Who cares for one record of a person cares for
all of them.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.trust.access.bonds import NotYours, opens
from luodi.trust.access.same import person
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import BreakGlass, CareRelation
from luodi.trust.question import MOMENT, NUMBER, NUMBERS, TEXT, Change, Question
from luodi.trust.refusal import Refusal

_GLASS = Question(
    lambda staff, patients, moment: BreakGlass.objects.filter(
        staff=staff, patient__in=patients, at__lte=moment, until__gt=moment
    )
    .order_by("-pk")
    .values_list("pk", flat=True)[:1],
    NUMBER, NUMBERS, MOMENT,
)  # fmt: skip


def _caring(patients: Any, moment: Any, post: Any, unit: Any, staff: Any) -> "QuerySet[CareRelation, int]":
    # 0 and "" in a row name nobody, and neither does an actor without them
    who = Q(post=post) & ~Q(post="") | Q(unit=unit) & ~Q(unit=0) | Q(staff=staff) & ~Q(staff=0)
    rows = CareRelation.objects.filter(
        who, Q(until=None) | Q(until__gt=moment), patient__in=patients, since__lte=moment
    )
    return rows.values_list("pk", flat=True)[:1]


_END = Change(
    lambda patient, kind, unit, staff, post, moment: (
        CareRelation.objects.filter(
            Q(until=None) | Q(until__gt=moment), patient=patient, kind=kind, unit=unit, staff=staff, post=post
        ),
        {"until": moment},
    ),
    NUMBER, TEXT, NUMBER, NUMBER, TEXT, MOMENT,
)  # fmt: skip
_CARES = Question(_caring, NUMBERS, MOMENT, TEXT, NUMBER, NUMBER)
_RELATED = Question(
    lambda patients, kind, moment: CareRelation.objects.filter(
        Q(until=None) | Q(until__gt=moment), patient__in=patients, kind=kind, since__lte=moment
    ).values_list("pk", flat=True)[:1],
    NUMBERS, TEXT, MOMENT,
)  # fmt: skip


class NoCare(Refusal):
    """The actor has nothing to do with this patient now."""

    code = "no_care"
    message = _("您与这位患者目前没有诊疗关系，不能查看其资料。")
    next = _("如为紧急情况，可填写理由后使用紧急访问，事后将被复核。")
    status = 403

    def __init__(self, patient: int) -> None:
        super().__init__()
        self.patient = patient


def relate(
    patient: int, *, kind: str, unit: int = 0, staff: int = 0, post: str = "", until: datetime | None = None
) -> None:
    """Note, inside an act, that a unit, a person or everybody in a post has to do with a patient from now on."""
    CareRelation.objects.create(patient=patient, kind=kind, unit=unit, staff=staff, post=post, since=now(), until=until)


def unrelate(patient: int, *, kind: str, unit: int = 0, staff: int = 0, post: str = "") -> None:
    """End such relations now; what they allowed until now stays in the table."""
    _END.make(patient, kind, unit, staff, post, now())


def cares(by: Actor, patient: int) -> bool:
    """True where the actor's unit, post or person has to do with the patient now, by whatever record of theirs.

    Of a portal account: where a bond is verified.
    """
    if by.account:
        return opens(by, patient)
    return _cares(by, (patient,)) or _cares(by, _others(patient))


def related(patients: Iterable[int], kind: str) -> bool:
    """Whether anybody has to do with one of these records now, in this kind of relation."""
    return _RELATED.first(list(patients), kind, now()) is not None


def glass(by: Actor, patient: int) -> str:
    """Number of the actor's break-glass in force for the patient, as text; "" where there is none."""
    return _glass(by, person(patient).records)


def _others(patient: int) -> tuple[int, ...]:
    return tuple(record for record in person(patient).records if record != patient)


def _cares(by: Actor, records: tuple[int, ...]) -> bool:
    return _CARES.first(records, now(), by.post, by.unit, by.staff) is not None


def _glass(by: Actor, records: tuple[int, ...]) -> str:
    return str(_GLASS.first(by.staff, records, now()) or "")


def unreviewed() -> tuple[int, datetime | None]:
    """How many uses of break-glass nobody has reviewed, and since when the oldest of them waits."""
    found = BreakGlass.objects.filter(review=None).aggregate(count=Count("pk"), oldest=Min("at"))
    return found["count"], found["oldest"]


def require_care(by: Actor, patient: int) -> str:
    """Pass in silence where the actor cares for the patient; else the break-glass number. Raises NoCare."""
    if by.account:
        if opens(by, patient):
            return ""
        raise NotYours
    if _cares(by, (patient,)):
        return ""
    others = _others(patient)
    if _cares(by, others):
        return ""
    broken = _glass(by, (patient, *others))
    if not broken:
        raise NoCare(patient)
    return broken
