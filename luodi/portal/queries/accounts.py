"""Accounts, for whom they act, what they agreed to."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from luodi.patients import identity
from luodi.patients import queries as patients
from luodi.patients.types import PatientCard
from luodi.trust import access, vault

from .. import policy
from ..models import Account, Consent
from ..refusals import NoAccount


class Person(NamedTuple):
    """Somebody for whom an account acts. name: in full where it is verified, else masked."""

    patient: int
    name: str
    kind: str
    relation: str
    verified: bool
    proof: str
    until: datetime | None

    def seen_by(self, account: int) -> int:
        """Whose appointments to show: everybody's (0) where verified, else those that the account made itself."""
        return 0 if self.verified else account


class Holder(NamedTuple):
    """A telephone that acts for a patient, as the desk sees it."""

    account: int
    phone: str
    relation: str
    proof: str
    verified: bool
    since: datetime
    until: datetime | None


def phone_of(account: int) -> str:
    """The telephone of an account in full. Raises NoAccount."""
    row = Account.objects.filter(pk=account).select_related("key").first()
    if row is None:
        raise NoAccount
    return vault.unseal(row.phone, row.key, field="phone")


def people(account: int) -> list[Person]:
    """For whom the account acts, its own person first; once where records of somebody were merged."""
    bonds = [bond._replace(patient=access.person(bond.patient).head) for bond in access.bonds_of_account(account)]
    cards = patients.cards(bond.patient for bond in bonds)
    held: dict[int, Person] = {}
    for bond in sorted(bonds, key=lambda bond: not bond.verified):
        if bond.patient in cards:
            held.setdefault(bond.patient, _person(bond, cards[bond.patient]))
    return sorted(held.values(), key=lambda person: (person.kind != "self", person.patient))


def person(account: int, patient: int) -> Person:
    """One of them, by whatever record of theirs. Raises access.NotYours."""
    head = access.person(patient).head
    for found in people(account):
        if found.patient == head:
            return found
    raise access.NotYours


def holders(patient: int) -> list[Holder]:
    """Which telephones act for a patient, masked."""
    proofs, relations = policy.proofs(), policy.relations()
    return [
        Holder(
            bond.account, identity.mask_phone(phone_of(bond.account)), relations[bond.kind].name,
            proofs[bond.proof].name if bond.proof else "", bond.verified, bond.since, bond.until,
        )
        for bond in access.bonds_of_patient(patient)
    ]  # fmt: skip


def consent(account: int, code: str) -> tuple[int, bool] | None:
    """The version that was last agreed to or refused, and which; None where it was never asked."""
    row = Consent.objects.filter(account=account, code=code).order_by("-pk").values_list("version", "given").first()
    return (int(row[0]), bool(row[1])) if row else None


def agreeing(accounts: Iterable[int], code: str) -> set[int]:
    """Those of these accounts whose last word on a text was that they agree."""
    rows = Consent.objects.filter(account__in=list(accounts), code=code).order_by("pk").values_list("account", "given")
    return {account for account, given in dict(rows).items() if given}


def consents(account: int) -> list[tuple[policy.Text, bool]]:
    """Every text in force and whether the account agrees to this version of it."""
    return [(text, consent(account, text.code) == (text.version, True)) for text in policy.consents().values()]


def missing_consents(account: int) -> list[policy.Text]:
    """Texts without which nothing can be shown, and that the account has not agreed to."""
    return [text for text, given in consents(account) if text.needed and not given]


def _person(bond: access.BondCard, card: PatientCard) -> Person:
    name = card.name if bond.verified else card.masked
    relation = policy.relations()[bond.kind].name
    proof = policy.proofs()[bond.proof].name if bond.proof else ""
    return Person(bond.patient, name, bond.kind, relation, bond.verified, proof, bond.until)
