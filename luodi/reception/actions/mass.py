"""Open a mass casualty event, give victims a colour by their tag, end it."""

from typing import NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.patients import written
from luodi.trust import once, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from .. import moving, policy, tags
from ..models import MassEnd, MassEvent, Ticket, Victim, VictimTriage
from ..refusals import EventOver, Invalid, NoEvent, NotATag, TagElsewhere
from .registering import register_unknown
from .triaging import triage

LEAST = 3  # victims that make an event: 群体事件, three or more
MOST = 500


class Tagged(NamedTuple):
    """What a scan did. version 1: a new victim; above: the colour was given anew, `before` is the one until then."""

    victim: int
    patient: int
    encounter: int
    version: int
    before: str


@act("mass.open", may="triage.assess")
def open_event(by: Actor, unit: int, what: str, expected: int) -> int:
    """Open an event in an emergency unit; returns its key. expected: victims announced, 3 or more. Raises Invalid."""
    where = people.unit(unit)
    if where is None or where.kind != "emergency":
        raise Invalid("unit", _("群体事件在急诊科开启。"), "unit")
    words = written.line(what, longest=80, field="what")
    if not words:
        raise Invalid("what", _("请填写事件，如：车祸。"), "what")
    if not LEAST <= expected <= MOST:
        raise Invalid("expected", format_lazy(_("群体事件是 {n} 人及以上。"), n=LEAST), "expected")
    made = MassEvent.objects.create(unit_id=unit, what=words, expected=expected, at=now(), staff_id=by.staff)
    about("mass_event", made.pk)
    evidence(unit=unit, expected=expected)
    return made.pk


@act("mass.tag", may="triage.assess")
def tag_victim(
    by: Actor, event: int, code: str, colour: str, *, sex: str = "0", place: str = "", idempotency: str = ""
) -> Tagged:
    """A tag was scanned and a colour chosen: a tag not seen before makes a victim, a known one is triaged again.

    A new victim is registered as unknown (无名氏) and queues by the level of the colour. place: where the victim is;
    "" is where they were. idempotency: a token of the form; the same token triages once. Two who scan one tag at
    once: the event is held, so the second gives the next version.
    Raises NoEvent, EventOver, NotATag, TagElsewhere, TokenUsed, Invalid, and as `register_unknown` and `triage`.
    """
    row = _open(event)
    tag = tags.read(code)
    if tag is None:
        raise NotATag
    colours = policy.mass_colours()
    if colour not in colours:
        raise Invalid("colour", _("请选择颜色。"), "colour")
    where = written.line(place, longest=40, field="place")
    token = once.token(idempotency)
    before = _made_by(token, tag)
    if before is not None:
        about("victim", before.victim, before.patient)
        evidence(repeated=True)
        return before
    victim = Victim.objects.filter(tag=tag).select_related("event").first()
    if victim is not None and victim.event_id != event:
        raise TagElsewhere(victim.event.what)
    if victim is None:
        made = register_unknown(by, row.unit_id, sex=sex, priority="ordinary")
        victim = Victim.objects.create(
            event=row, tag=tag, patient_id=made.patient, encounter_id=made.encounter, at=now()
        )
    last = VictimTriage.objects.filter(victim=victim).order_by("-version").first()
    version = last.version + 1 if last else 1
    VictimTriage.objects.create(
        victim=victim, version=version, colour=colour, place=where or (last.place if last else ""), at=now(),
        nurse_id=by.staff, idempotency=token,
    )  # fmt: skip
    _rank(by, row, victim, colours[colour], last.colour if last else "")
    about("victim", victim.pk, victim.patient_id)
    evidence(event=event, encounter=victim.encounter_id, version=version, colour=colour)
    return Tagged(victim.pk, victim.patient_id, victim.encounter_id, version, last.colour if last else "")


@act("mass.end", may="triage.assess")
def end_event(by: Actor, event: int) -> None:
    """No victim is added any more; those who are there are cared for like everybody. Raises NoEvent, EventOver."""
    row = _open(event)
    MassEnd.objects.create(event=row, at=now(), staff_id=by.staff)
    about("mass_event", event)
    evidence(victims=Victim.objects.filter(event=row).count())


def _made_by(token: str | None, tag: str) -> Tagged | None:
    """What this form did before. Raises TokenUsed where that was another tag."""
    row = VictimTriage.objects.filter(idempotency=token).select_related("victim").first() if token else None
    if row is None:
        return None
    if row.victim.tag != tag:
        raise once.TokenUsed
    earlier = VictimTriage.objects.filter(victim=row.victim, version=row.version - 1).first()
    held = row.victim
    return Tagged(held.pk, held.patient_id, held.encounter_id, row.version, earlier.colour if earlier else "")


def _rank(by: Actor, event: MassEvent, victim: Victim, colour: policy.MassColour, before: str) -> None:
    """The victim takes the level of the colour; black has none and queues behind everybody, still to be seen again."""
    if colour.level is not None:
        if colour.code != before:
            triage(by, victim.encounter_id, colour.level, {}, event.what)
        return
    row = Ticket.objects.filter(registration__encounter=victim.encounter_id).select_related("registration").first()
    if row is not None and row.level_rank != colour.level_rank:
        moving.rank(by, row, colour.level_rank)


def _open(event: int) -> MassEvent:
    """An event that is not over, held until the transaction ends."""
    row: MassEvent | None = MassEvent.objects.select_for_update().filter(pk=event).first()
    if row is None:
        raise NoEvent
    about("mass_event", row.pk)
    if MassEnd.objects.filter(event=row).exists():
        raise EventOver
    return row
