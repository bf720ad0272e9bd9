"""The care relationship limits patient data.

Rooms above write it inside their acts; break-glass opens one patient.
"""

from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import BreakGlass, CareRelation
from luodi.trust.refusal import Refusal

# Asked in every act, so it is written out; 0 and "" in a row name nobody, and neither does an actor without them.
_CARES = """
SELECT 1 FROM trust_carerelation
 WHERE patient = %s AND since <= %s AND (until IS NULL OR until > %s)
   AND ((post = %s AND post <> '') OR (unit = %s AND unit <> 0) OR (staff = %s AND staff <> 0)) LIMIT 1
"""


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
    moment = now()
    CareRelation.objects.filter(patient=patient, kind=kind, unit=unit, staff=staff, post=post).filter(
        Q(until=None) | Q(until__gt=moment)
    ).update(until=moment)


def cares(by: Actor, patient: int) -> bool:
    """True where the actor's unit, post or person has to do with the patient now."""
    moment = connection.ops.adapt_datetimefield_value(now())
    with connection.cursor() as cursor:
        cursor.execute(_CARES, [patient, moment, moment, by.post, by.unit, by.staff])
        return cursor.fetchone() is not None


def glass(by: Actor, patient: int) -> str:
    """Number of the actor's break-glass in force for the patient, as text; "" where there is none."""
    moment = now()
    row = BreakGlass.objects.filter(staff=by.staff, patient=patient, at__lte=moment, until__gt=moment).last()
    return str(row.pk) if row else ""


def require_care(by: Actor, patient: int) -> str:
    """Pass in silence where the actor cares for the patient; else the break-glass number. Raises NoCare."""
    if cares(by, patient):
        return ""
    broken = glass(by, patient)
    if not broken:
        raise NoCare(patient)
    return broken
