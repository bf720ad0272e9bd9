"""A baby is registered by its mother's record: an identity, a number and a band of its own, and the link to her."""

from datetime import timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.trust import once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, now, today

from .. import identity, queries
from ..models import Birth, Identity
from ..refusals import Invalid, NewbornHeld
from ..types import MOST_BORN, SEXES, Newborn, NewPatient
from .identities import indexed, new_record

NEWBORN = "newborn.register"
CALLED = {"1": "子", "2": "女"}
ORDER = "甲乙丙丁戊己"
_CLOCKS_APART = timedelta(minutes=5)
_NEW_FOR = timedelta(days=28)


@act("identity.newborn", may=NEWBORN)
def newborn(by: Actor, mother: int, encounter: int, new: Newborn, *, idempotency: str = "") -> int:
    """Make the record of a baby born in the mother's encounter; returns its pk. For whoever cares for the mother.

    It is called 某某之子 or 之女, with 甲, 乙 … among several, until its name is corrected. Her document stays hers.
    idempotency: a token of the form; the same token registers once. Raises NewbornHeld, NoPatient, Invalid, TokenUsed.
    """
    about("patient", mother, patient=mother)
    _sound(mother, new)
    born = new.at.astimezone(HOSPITAL_ZONE).date()
    named = identity.checked(
        NewPatient(name=called(mother, new), sex=new.sex, birth_date=born, id_kind="none", no_id_reason="newborn"),
        today(),
    )
    if Birth.objects.filter(encounter=encounter, place=new.place).exists():
        raise NewbornHeld
    patient = new_record(once.token(idempotency))
    Identity.objects.create(patient=patient, version=1, **identity.sealed(named, patient.key))
    indexed(patient.pk, named)
    try:
        Birth.objects.create(baby=patient, mother_id=mother, encounter=encounter, at=new.at, place=new.place, of=new.of)
    except IntegrityError as taken:
        raise NewbornHeld from taken
    about("patient", patient.pk, patient=patient.pk, care=False)
    evidence(mother=mother, encounter=encounter, place=new.place, of=new.of, at=new.at)
    return patient.pk


def called(mother: int, new: Newborn) -> str:
    """The name that a baby bears until it has one of its own."""
    name = queries.card(mother).name
    return f"{name}之{CALLED.get(new.sex, '婴')}{ORDER[new.place - 1] if new.of > 1 else ''}"


def _sound(mother: int, new: Newborn) -> None:
    if new.sex not in SEXES:
        raise Invalid("sex", _("请选择性别"), "sex")
    if queries.card(mother).sex == "1":
        raise Invalid("mother_sex", _("母亲档案的性别为男：请核对是否选错了患者"), "sex")
    if not 1 <= new.of <= MOST_BORN or not 1 <= new.place <= new.of:
        raise Invalid("birth_place", _("出生顺序不能大于胎数，胎数最多 6"), "place")
    if new.at > now() + _CLOCKS_APART:
        raise Invalid("birth_future", _("出生时间在将来"), "at")
    if new.at < now() - _NEW_FOR:
        raise Invalid("birth_past", _("出生已超过 28 天：请按新患者建档"), "at")
