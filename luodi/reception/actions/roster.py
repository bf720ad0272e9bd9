"""排班: templates say which doctor sees patients when; the sessions of the coming days are made from them."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.trust import access
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import today
from luodi.trust.write import write

from .. import roster
from ..models import Quota, Session, Template
from ..refusals import Invalid, NoTemplate
from .sessions import sound

KEPT = ("window", "kiosk", "portal")  # channels for which slots may be kept


@act("template.new", may="slot.manage")
def new_template(
    by: Actor,
    unit: int,
    doctor: int,
    weekday: int,
    part: str,
    capacity: int,
    room: str,
    valid_from: date,
    *,
    reserved: Mapping[str, int] | None = None,
) -> int:
    """Plan a doctor's session of every week from a date on; returns the key. weekday: ISO, Monday 1.

    reserved: slots kept for a channel of KEPT, the rest is everybody's. Raises Invalid, NotRegistering,
    NotADoctorHere, Unreadable.
    """
    place = sound(unit, doctor, valid_from, part, capacity, room)
    if weekday not in range(1, 8):
        raise Invalid("weekday", _("请选择星期。"), "weekday")
    if valid_from < today():
        raise Invalid("valid_from", _("日期已经过去。"), "valid_from")
    kept = {channel: (reserved or {}).get(channel, 0) for channel in KEPT}
    if min(kept.values()) < 0 or sum(kept.values()) > capacity:
        raise Invalid("reserved", _("各渠道预留之和不能超过限额。"), "capacity")
    overlapping = Template.objects.filter(doctor=doctor, weekday=weekday, part=part)
    if overlapping.exclude(valid_to__lt=valid_from).exists():
        raise Invalid("template_exists", _("这位医师在这个星期的这个时段已有排班，请先结束原来的。"), "weekday")
    row = Template.objects.create(
        unit_id=unit, doctor_id=doctor, weekday=weekday, part=part, room=place, capacity=capacity,
        valid_from=valid_from, **{f"reserved_{channel}": most for channel, most in kept.items()},
    )  # fmt: skip
    about("template", row.pk)
    evidence(unit=unit, doctor=doctor, weekday=weekday, part=part, capacity=capacity, **kept)
    return row.pk


@act("template.end", may="slot.manage")
def end_template(by: Actor, template: int, last: date) -> None:
    """The last day of a template; sessions that were made already stay until they are stopped. Raises NoTemplate."""
    row = Template.objects.select_for_update().filter(pk=template).first()
    if row is None:
        raise NoTemplate
    about("template", row.pk)
    if last < row.valid_from - timedelta(days=1):
        raise Invalid("last", _("结束日期早于开始日期。"), "last")
    Template.objects.filter(pk=row.pk).update(valid_to=last)
    evidence(last=last.isoformat())


@act("session.publish", may=None)
def publish(by: Actor) -> int:
    """Make the sessions of every template for the days that are or will be released; returns how many are new.

    The program does so every day, or whoever may manage slots. What is there already, or was stopped, is left alone.
    """
    if not is_program(by):
        access.require(by, "slot.manage")
    about("hospital", 1)
    made = sum(_publish(template, day) for template, day in roster.due(today()))
    evidence(sessions=made)
    return made


def _publish(template: Template, day: date) -> int:
    try:
        with write():
            session = Session.objects.create(
                unit_id=template.unit_id, doctor_id=template.doctor_id, date=day, part=template.part,
                room=template.room, capacity=template.capacity,
            )  # fmt: skip
            kept = {channel: getattr(template, f"reserved_{channel}") for channel in KEPT}
            if any(kept.values()):
                shares = kept | {"": template.capacity - sum(kept.values())}
                Quota.objects.bulk_create(
                    Quota(session=session, channel=channel, most=most) for channel, most in shares.items()
                )
    except IntegrityError:  # somebody opened the same session by hand at this moment
        return 0
    return 1
