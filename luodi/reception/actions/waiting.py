"""候补: wait for a slot of a full session; slots that come back are offered in turn."""

from luodi.patients import queries as identities
from luodi.trust import access
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now
from luodi.trust.refusal import Forbidden, Refusal

from .. import policy, queries, slots, telephones
from ..models import Wait
from ..refusals import ChannelFull, NotFull, NotWaiting, SlotTaken
from .booking import made_of, may_book
from .sessions import locked

State = Wait.State
CHANNEL = "window"  # the desk tells the patient, who may also confirm by telephone


@act("wait.join", may=None)
def wait_for(by: Actor, patient: int, session: int, *, beyond: str = "") -> int:
    """Put a patient on the list of a full session; returns the key. Joining twice keeps the first place.

    beyond: as of `book`. Raises NotFull, and as `book` where the patient may not book at all.
    """
    access.require_asking(by, "visit.register", patient)
    sharing = telephones.hold(patient)
    patient, *others = identities.person(patient)
    place = locked(session)
    about("session", session, patient, care=False)
    before = Wait.objects.filter(session=session, patient__in=(patient, *others), state=State.WAITING).first()
    if before is not None:
        evidence(repeated=True)
        return before.pk
    may_book(place, patient)
    telephones.within(by, patient, sharing, beyond)
    if queries.free(place, _channel(by)) and not queries.waiting_for(session):
        raise NotFull
    row = Wait.objects.create(patient_id=patient, session=place, at=now())
    evidence(wait=row.pk)
    return row.pk


@act("wait.leave", may=None)
def leave_list(by: Actor, wait: int) -> None:
    """Take a patient off the list. Raises NotWaiting."""
    row = _locked(wait)
    access.require_asking(by, "visit.register", row.patient_id)
    if by.account and not access.opens(by, row.patient_id) and row.entry.account != by.account:
        raise access.NotYours
    about("session", row.session_id, row.patient_id, care=False)
    if not Wait.objects.filter(pk=row.pk, state=State.WAITING).update(state=State.LEFT):
        raise NotWaiting


@act("wait.offer", may=None)
def offer(by: Actor, wait: int) -> int | None:
    """Hold a free slot for the first of the list, for the program alone; returns the appointment.

    None where the patient may not book any more (booked elsewhere, banned): the place on the list ends.
    Raises NotWaiting where somebody else is first, or none is free.
    """
    if not is_program(by):
        raise Forbidden
    row = _locked(wait)
    identities.hold(row.patient_id)
    place = locked(row.session_id)
    about("session", place.pk, row.patient_id, care=False)
    first = Wait.objects.filter(session=place, state=State.WAITING).order_by("at", "pk").first()
    if first is None or first.pk != row.pk:
        raise NotWaiting
    try:
        may_book(place, row.patient_id)
    except Refusal as against:
        Wait.objects.filter(pk=row.pk).update(state=State.LEFT)
        evidence(wait=row.pk, against=against.code)
        return None
    try:
        quota = slots.take(place.pk, CHANNEL)
    except (SlotTaken, ChannelFull):
        raise NotWaiting from None
    minutes = policy.booking(place.date).offer_minutes
    made = made_of(by, identities.survivor(row.patient_id), place, CHANNEL, quota, hold=minutes)
    Wait.objects.filter(pk=row.pk).update(state=State.OFFERED, appointment=made)
    about("session", place.pk, row.patient_id, care=False)
    evidence(wait=row.pk, appointment=made)
    return made


def _channel(by: Actor) -> str:
    if not access.by_oneself(by):
        return CHANNEL
    return policy.PORTAL if by.account else policy.KIOSK


def _locked(wait: int) -> Wait:
    row = Wait.objects.filter(pk=wait).first()
    if row is None:
        raise NotWaiting
    return row
