"""For whom a telephone acts: added by the person, verified and admitted at the desk, dropped by either."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.patients import actions as patients
from luodi.patients import identity
from luodi.patients import queries as identities
from luodi.patients.types import NewPatient
from luodi.trust import access, policy
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, now, today

from .. import policy as tables
from .. import queries, tries
from ..refusals import Invalid, TooManyPeople
from .entering import account_of

BY_PHONE = "phone"  # the proof that the program finds by itself


@act("portal.add", may="appointment.own")
def add(by: Actor, new: NewPatient, relation: str, *, idempotency: str = "") -> int | None:
    """Put a person under the account; returns the patient, or None where the hospital knows the document otherwise.

    A document that is known opens only with the same name and this telephone in its record; then one's own person is
    verified by it. Who is new gets a record, verified at the desk at the first visit; until then it can be booked for,
    not read. Each try is counted. Raises Invalid, Unreadable, TooManyPeople, TooOften.
    """
    about("portal_account", by.account)
    if relation not in tables.relations():
        raise Invalid("relation", _("请选择与您的关系。"), "relation")
    if new.id_kind == "none":
        raise Invalid("id_kind", _("手机上添加就诊人需要证件；没有证件请到窗口。"), "id_kind")
    most = policy.number("portal_people")
    if len(access.bonds_of_account(by.account)) >= most:
        raise TooManyPeople(most)
    tries.count("add", str(by.account), policy.number("portal_add_tries"))
    typed = identity.changed(new, {"phone": queries.phone_of(by.account)})
    wished = identity.checked(typed, today())
    known = identities.holder(wished)
    if known is not None and not identities.agrees(known, wished):
        evidence(matched=False)
        return None
    proof = BY_PHONE if known is not None and relation == "self" else ""
    patient = known if known is not None else patients.register(by, typed, idempotency=idempotency)
    _bind(by.account, patient, relation, proof)
    return patient


@act("portal.admit", may="portal.bind")
def admit(by: Actor, phone: str, patient: int, relation: str, proof: str) -> None:
    """The desk has looked at a document: this telephone may act and read. Raises Invalid, NoPatient."""
    kind = tables.relations().get(relation)
    if kind is None:
        raise Invalid("relation", _("请选择与患者的关系。"), "relation")
    if proof not in kind.proofs or proof not in tables.shown_at_the_desk():
        raise Invalid("proof", _("这种关系不能凭这种证明办理。"), "proof")
    number = identity.phone(phone)
    if not number:
        raise Invalid("phone", _("请填写手机号。"), "phone")
    identities.card(patient)
    _bind(account_of(number), patient, relation, proof)


@act("portal.drop", may="appointment.own")
def drop(by: Actor, patient: int) -> None:
    """The account no longer acts for this patient. Raises NotYours."""
    access.require_bond(by, patient)
    about("patient", patient, patient, care=False)
    access.unbind(by.account, patient)
    evidence(account=by.account)


@act("portal.expel", may="portal.bind")
def expel(by: Actor, account: int, patient: int) -> None:
    """The desk ends a bond, at the patient's wish or because it is wrong. Again for nothing."""
    about("patient", patient, patient, care=False)
    evidence(account=account, ended=access.unbind(account, patient))


def _bind(account: int, patient: int, relation: str, proof: str) -> None:
    about("patient", patient, patient, care=False)
    until = _until(patient, relation)
    if until is not None and until <= now():
        raise Invalid("relation", _("子女已成年，请由本人用自己的手机号添加，或凭书面委托办理。"), "relation")
    access.bind(account, patient, kind=relation, proof=proof, until=until)
    evidence(account=account, relation=relation, proof=proof, until=until)


def _until(patient: int, relation: str) -> datetime | None:
    """When such a bond ends by itself: a child comes of age, a mandate runs out."""
    years = tables.relations()[relation].years
    if not years:
        return None
    if relation != "child":
        return now() + timedelta(days=365 * years)
    born: Any = identities.card(patient).birth_date
    if born is None:
        return now() + timedelta(days=365)
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    return datetime(born.year + years, born.month, day, tzinfo=HOSPITAL_ZONE)
