"""One telephone, many appointments: numbers that are hoarded to be resold (倒号). A family fits under the limit."""

from collections.abc import Sequence

from luodi.patients import finding, identity, written
from luodi.patients import queries as identities
from luodi.trust import access
from luodi.trust.act import evidence, evidence_sealed
from luodi.trust.actor import Actor

from . import policy
from .models import Appointment, Wait
from .refusals import TooManyOfPhone

State = Appointment.State


def hold(patient: int) -> tuple[int, ...]:
    """The person's records and those of everybody with the same telephone, held until the transaction ends.

    They are held in the order of their keys, so two of one family who book at once come one after the other. Raises
    NoPatient.
    """
    mine = identities.person(patient)
    latest = [row for row in map(identity.latest, mine) if row is not None]
    phones = {identity.opened(row).phone for row in latest} - {""}
    sharing = {*mine, *(holder for phone in phones for holder in finding.holders("phone", phone))}
    for record in sorted(sharing):
        identities.hold(record)
    return tuple(sorted(sharing))


def within(by: Actor, patient: int, sharing: Sequence[int], beyond: str) -> None:
    """Refuse one more open appointment or place on a list under a telephone that has its most.

    beyond: why the desk goes past the limit, kept in the evidence sealed for the patient; not for a telephone's own
    account. Raises TooManyOfPhone, Unreadable.
    """
    most = policy.booking().phone_open_most
    booked = Appointment.objects.filter(patient__in=sharing, state__in=(State.HELD, State.BOOKED)).count()
    listed = Wait.objects.filter(patient__in=sharing, state=Wait.State.WAITING).count()
    if booked + listed < most:
        return
    why = written.line(beyond, longest=200, field="beyond")
    if access.by_oneself(by) or not why:
        raise TooManyOfPhone(most)
    evidence_sealed(identities.key_of(patient), beyond=why)
    evidence(beyond_phone_limit=booked + listed)
