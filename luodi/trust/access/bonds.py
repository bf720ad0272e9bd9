"""For whom a portal account may act: its own person, children, parents. Verified bonds open the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luodi.trust.access.same import person, persons
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import Bond
from luodi.trust.question import MOMENT, NUMBER, NUMBERS, Question
from luodi.trust.refusal import Refusal

_BOUND = Question(
    lambda account, patients, moment: Bond.objects.filter(
        Q(until=None) | Q(until__gt=moment), account=account, patient__in=patients, since__lte=moment
    ).values_list("proof", flat=True),
    NUMBER, NUMBERS, MOMENT,
)  # fmt: skip


class NotYours(Refusal):
    """The account has nothing to do with this patient."""

    code = "not_yours"
    message = _("这位就诊人不在您的名下。")
    next = _("请在“就诊人”中添加，或到窗口凭证件办理授权。")
    status = 403


class BondCard(NamedTuple):
    """A bond in force. verified: somebody has looked at a document, or the hospital knows the telephone."""

    pk: int
    account: int
    patient: int
    kind: str
    proof: str
    since: datetime
    until: datetime | None

    @property
    def verified(self) -> bool:
        return bool(self.proof)


def bind(account: int, patient: int, *, kind: str, proof: str = "", until: datetime | None = None) -> int:
    """Note, inside an act, that an account may act for a patient from now on; returns the bond.

    A bond of the two that is in force ends by it, so that a proof and an end can be changed.
    """
    unbind(account, patient)
    made = Bond.objects.create(account=account, patient=patient, kind=kind, proof=proof, since=now(), until=until)
    return int(made.pk)


def unbind(account: int, patient: int) -> bool:
    """End the bonds of the two now, by whatever record of the person, inside an act; False where there was none."""
    moment = now()
    records = person(patient).records
    held = Bond.objects.filter(Q(until=None) | Q(until__gt=moment), account=account, patient__in=records)
    return bool(held.update(until=moment))


def bound(by: Actor, patient: int) -> bool:
    """True where the actor is an account that may act for the patient now, verified or not."""
    return bool(_proofs(by, patient))


def opens(by: Actor, patient: int) -> bool:
    """True where the actor is an account whose bond with the patient is verified: it may read."""
    return any(_proofs(by, patient))


def _proofs(by: Actor, patient: int) -> list[str]:
    """What was shown for the bonds of an account with any record of the person, "" for one that nobody verified."""
    return _BOUND.all(by.account, person(patient).records, now()) if by.account else []


def require_bond(by: Actor, patient: int) -> None:
    """Raises NotYours where the actor's account may not act for the patient."""
    if not bound(by, patient):
        raise NotYours


def bonds_of_account(account: int) -> list[BondCard]:
    """For whom an account may act, its own person first."""
    return sorted(_cards(account=account), key=lambda card: (card.kind != "self", card.pk))


def bonds_of_patients(patients: Iterable[int]) -> list[BondCard]:
    """Who may act for any of these patients, each bond with that record of the person that was asked for."""
    asked = list(patients)
    several = persons(asked)
    records = {record: one for one in asked for record in (several[one].records if one in several else (one,))}
    return [card._replace(patient=records[card.patient]) for card in _cards(patient__in=list(records))]


def bonds_of_patient(patient: int) -> list[BondCard]:
    """Who may act for a patient, by whatever record of theirs."""
    return _cards(patient__in=person(patient).records)


def _cards(**who: Any) -> list[BondCard]:
    moment = now()
    rows = Bond.objects.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment, **who).order_by("pk")
    names = BondCard._fields
    return [BondCard(*values) for values in rows.values_list(*names)]
