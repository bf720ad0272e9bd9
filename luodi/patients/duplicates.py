"""How likely two registrations are one person: agreement of fields, weighed.

The comparison runs on blind values and plain columns; nobody's identity is opened for it. Weights are a judgement of
this project after Fellegi and Sunter (1969): what few people share weighs more; not fitted to a hospital's data.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.trust import access

from . import finding, pinyin
from .models import Identity
from .types import STATED, Duplicate, NewPatient

REASONS = {
    "id": (_("证件号相同"), 100),
    "name": (_("姓名相同"), 40),
    "pinyin": (_("姓名读音相同"), 25),
    "birth_date": (_("出生日期相同"), 35),
    "birth_close": (_("出生日期只差一处"), 15),
    "phone": (_("电话相同"), 30),
    "sex": (_("性别相同"), 5),
}
SHOWN_FROM = 60
_SEX_DIFFERS = -10  # a slip of the hand must not hide an equal name and birth date


def likely(new: NewPatient, limit: int = 5) -> list[Duplicate]:
    """Persons who may be this one, the likeliest first, each once. `new` is a checked identity."""
    agreed: dict[int, set[str]] = {}
    for reason, index, text in _asked(new):
        for patient in finding.holders(index, text):
            agreed.setdefault(patient, set()).add(reason)
    rows = Identity.objects.filter(patient__in=agreed).order_by("version").values("patient", "sex", "birth_date")
    known = {row["patient"]: row for row in rows}
    plain = {"sex": new.sex, "birth_date": new.birth_date}
    found = [scored(patient, agreed[patient], plain, row) for patient, row in known.items()]
    likely = [duplicate for duplicate in found if duplicate.score >= SHOWN_FROM]
    likely.sort(key=lambda duplicate: (-duplicate.score, -duplicate.patient))
    several = access.persons(duplicate.patient for duplicate in likely)
    once: dict[int, Duplicate] = {}
    for duplicate in likely:
        head = several[duplicate.patient].head if duplicate.patient in several else duplicate.patient
        once.setdefault(head, replace(duplicate, patient=head))
    return list(once.values())[:limit]


def _asked(new: NewPatient) -> list[tuple[str, str, str]]:
    asked = [("name", "name", finding.fold(new.name))]
    spelling = "".join(pinyin.fold(new.pinyin or pinyin.reading(new.name)).split())
    if len(spelling) >= 2:
        asked.append(("pinyin", "pinyin", spelling))
    if new.id_no:
        asked.append(("id", "id", finding.document(new.id_kind, new.id_no)))
    if new.phone:
        asked.append(("phone", "phone", new.phone))
    return asked


def scored(patient: int, agreed: set[str], new: Any, row: Any) -> Duplicate:
    """`new` and `row` weighed: sex and birth date of both, beside the blind values in which they agree."""
    reasons = set(agreed)
    if "name" in reasons:
        reasons.discard("pinyin")
    reasons |= _birth(new["birth_date"], row["birth_date"])
    penalty = 0
    if new["sex"] in STATED and row["sex"] in STATED:
        reasons |= {"sex"} if new["sex"] == row["sex"] else set()
        penalty = 0 if new["sex"] == row["sex"] or "id" in reasons else _SEX_DIFFERS
    score = sum(REASONS[reason][1] for reason in reasons) + penalty
    return Duplicate(patient, max(0, min(100, score)), tuple(r for r in REASONS if r in reasons))


def _birth(one: date | None, other: date | None) -> set[str]:
    if one is None or other is None:
        return set()
    if one == other:
        return {"birth_date"}
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    parts = [one.year == other.year, one.month == other.month, one.day == other.day]
    return {"birth_close"} if swapped or sum(parts) == 2 else set()
