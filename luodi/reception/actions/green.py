"""Open a green channel, note when a time point was reached, end it."""

from datetime import datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.chart import queries as encounters
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.write import write

from .. import policy
from ..models import GreenChannel, GreenEnd, GreenPoint
from ..refusals import ChannelOver, Invalid, NoChannel, NotEmergency, PointHeld


@act("green.open", may="triage.assess")
def open_channel(by: Actor, encounter: int, kind: str) -> int:
    """Start the clock of an emergency patient at their arrival; returns the key. Opening it again changes nothing.

    Raises NotEmergency, Invalid.
    """
    card = encounters.encounter(encounter)
    about("encounter", encounter, card.patient)
    if card.visit_class != "emergency" or card.closed_at:
        raise NotEmergency
    if kind not in policy.green_channels():
        raise Invalid("kind", _("请选择绿色通道的类别。"), "kind")
    row = GreenChannel.objects.filter(encounter=encounter, kind=kind).first()
    if row is None:
        row = GreenChannel.objects.create(
            encounter_id=encounter, patient_id=card.patient, kind=kind, starts=card.registered_at, at=now()
        )
    about("green_channel", row.pk, card.patient)
    evidence(encounter=encounter, kind=kind, starts=card.registered_at)
    return row.pk


@act("green.point", may="triage.assess")
def reach_point(by: Actor, channel: int, point: str, at: datetime | None = None) -> None:
    """Note that a time point was reached, now or at a moment since the arrival.

    Raises NoChannel, ChannelOver, PointHeld, Invalid.
    """
    row = _open(channel)
    if point not in {each.code for each in policy.green_channels(row.starts.date())[row.kind].points}:
        raise Invalid("point", _("这个绿色通道没有这个时间点。"), "point")
    moment = at or now()
    if not row.starts <= moment <= now() + timedelta(minutes=1):
        raise Invalid("at", _("时间应在到达之后、现在之前。"), "at")
    try:
        with write():
            GreenPoint.objects.create(channel=row, point=point, at=moment, staff_id=by.staff)
    except IntegrityError as held:
        raise PointHeld from held
    evidence(kind=row.kind, point=point, minutes=int((moment - row.starts).total_seconds() // 60))


@act("green.end", may="triage.assess")
def end_channel(by: Actor, channel: int, reason: str) -> None:
    """Stop the clock. reason: a code of policy.green_ends. Raises NoChannel, ChannelOver, Invalid."""
    if reason not in policy.green_ends():
        raise Invalid("reason", _("请选择结束的原因。"), "reason")
    row = _open(channel)
    GreenEnd.objects.create(channel=row, reason=reason, at=now())
    evidence(kind=row.kind, reason=reason)


def _open(channel: int) -> GreenChannel:
    row = GreenChannel.objects.select_for_update().filter(pk=channel).first()
    if row is None:
        raise NoChannel
    about("green_channel", row.pk, row.patient_id)
    if GreenEnd.objects.filter(channel=row).exists():
        raise ChannelOver
    return row
