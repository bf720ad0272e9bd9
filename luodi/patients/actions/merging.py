"""Two records of one person are read as one, and apart again. No row of either is moved or rewritten.

Texts about a patient are sealed under the key of the record that they were written to, so they stay there: a merge is a
row, and what reads by patient asks `queries.person` for all records.
"""

from collections.abc import Iterable

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.trust import access, vault
from luodi.trust.access import Person
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

from .. import identity, written
from ..models import Apart, Birth, Identity, Merge, MergeEnd, Patient
from ..refusals import (
    AlreadyMerged,
    BothInBed,
    DocumentsDiffer,
    Erased,
    Invalid,
    MergeEnded,
    NoMerge,
    NoPatient,
    OfOneFamily,
    RecordsMoved,
    SameRecord,
)
from ..types import MERGE_REASONS, STATED, UNMERGE_REASONS

MERGE = "identity.merge"
_LONGEST = 200


@act("identity.merge", may=MERGE)
def merge(by: Actor, survivor: int, merged: int, reason: str, words: str = "") -> int:
    """Read two records as one person from now on; returns the merge. What is merged into a merged record is merged
    into the one that stands for it.

    reason: one of MERGE_REASONS. words are needed where sex or birth date differ.
    Raises NoPatient, SameRecord, AlreadyMerged, RecordsMoved, DocumentsDiffer, OfOneFamily, BothInBed, Erased, Invalid.
    """
    about("patient", survivor, patient=survivor, care=False)
    if survivor == merged:
        raise SameRecord
    into, away = _held(survivor, merged)
    if into == away or away.head != merged:
        raise AlreadyMerged
    if reason not in MERGE_REASONS:
        raise Invalid("merge_reason", _("请选择合并的原因"), "reason")
    why = written.line(words, longest=_LONGEST, field="words")
    differing = _differing(into, away)
    if differing and not why:
        raise Invalid("merge_words", _("两份档案的性别或出生日期不同：请写明为什么仍是同一人"), "words")
    if _family(into, away):
        raise OfOneFamily
    if access.related(into.records, "bed") and access.related(away.records, "bed"):
        raise BothInBed
    key = Patient.objects.select_related("key").get(pk=merged).key
    try:
        made = Merge.objects.create(
            survivor_id=into.head,
            merged_id=merged,
            reason=reason,
            words=vault.seal(why, key, field="merge") if why else None,
            staff_id=by.staff,
            at=now(),
        )
    except IntegrityError as taken:
        raise AlreadyMerged from taken
    _regroup((*into.records, *away.records))
    about("patient", into.head, patient=into.head, care=False)
    evidence(
        merge=made.pk, survivor=into.head, merged=merged, records=list(away.records), reason=reason, differ=differing
    )
    return made.pk


@act("identity.unmerge", may=MERGE)
def unmerge(by: Actor, merge: int, reason: str, words: str) -> None:
    """Read the two records apart again. What was written meanwhile stays with the record it was written to.

    reason: one of UNMERGE_REASONS. Raises NoMerge, MergeEnded, RecordsMoved, Erased, Invalid.
    """
    row = Merge.objects.select_related("merged__key").filter(pk=merge).first()
    if row is None:
        raise NoMerge
    about("patient", row.merged_id, patient=row.merged_id, care=False)
    if reason not in UNMERGE_REASONS:
        raise Invalid("unmerge_reason", _("请选择撤销的原因"), "reason")
    why = written.line(words, longest=_LONGEST, field="words")
    if not why:
        raise Invalid("unmerge_words", _("请写明撤销合并的理由"), "words")
    _one, whole = _held(row.survivor_id, row.merged_id)
    if not Merge.objects.filter(pk=merge, live=True).update(live=False):
        raise MergeEnded
    try:
        sealed = vault.seal(why, row.merged.key, field="unmerge")
    except vault.Destroyed as gone:
        raise Erased from gone
    MergeEnd.objects.create(merge=row, reason=reason, words=sealed, staff_id=by.staff, at=now())
    _regroup(whole.records)
    evidence(merge=merge, survivor=row.survivor_id, merged=row.merged_id, reason=reason)


@act("identity.apart", may=MERGE)
def set_apart(by: Actor, one: int, other: int) -> int:
    """Keep that two records that look alike are two people; again changes nothing. Raises SameRecord, NoPatient."""
    about("patient", one, patient=one, care=False)
    if one == other:
        raise SameRecord
    if Patient.objects.filter(pk__in=(one, other)).count() != 2:
        raise NoPatient
    low, high = sorted((one, other))
    row, new = Apart.objects.get_or_create(one_id=low, other_id=high, defaults={"staff_id": by.staff, "at": now()})
    evidence(other=other, repeated=not new)
    return row.pk


def _held(one: int, other: int) -> tuple[Person, Person]:
    """Both persons, all their records locked in the order of their numbers. Raises NoPatient, RecordsMoved."""
    before = access.person(one), access.person(other)
    records = {*before[0].records, *before[1].records}
    locked = Patient.objects.select_for_update().filter(pk__in=records).order_by("pk").values_list("pk", flat=True)
    if len(locked) != len(records):
        raise NoPatient
    if (access.person(one), access.person(other)) != before:
        raise RecordsMoved
    return before


def _differing(into: Person, away: Person) -> list[str]:
    """Which of sex and birth date speak against one person. Raises DocumentsDiffer, Erased."""
    rows = {
        row.patient_id: row
        for row in Identity.objects.filter(patient__in=(*into.records, *away.records))
        .select_related("patient__key")
        .order_by("version")
    }.values()
    try:
        numbers = {identity.opened(row).id_no for row in rows if row.id_kind == "resident"}
        if any(row.patient.key.wrapped is None for row in rows):
            raise Erased
    except vault.Destroyed as gone:
        raise Erased from gone
    if len(numbers) > 1:
        raise DocumentsDiffer
    sexes = {row.sex for row in rows} & set(STATED)
    births = {row.birth_date for row in rows} - {None}
    return [field for field, many in (("sex", len(sexes) > 1), ("birth_date", len(births) > 1)) if many]


def _family(into: Person, away: Person) -> bool:
    """Whether one is the other's mother, or both were born of one delivery."""
    births = list(Birth.objects.filter(baby__in=(*into.records, *away.records)))
    mothers = any(
        birth.mother_id in (away.records if birth.baby_id in into.records else into.records) for birth in births
    )
    first, second = ({b.encounter for b in births if b.baby_id in whole.records} for whole in (into, away))
    return mothers or bool(first & second)


def _regroup(records: Iterable[int]) -> None:
    """Draw anew who is one person with whom, from the merges in force among these records."""
    held = set(records)
    live = {row.merged_id: row for row in Merge.objects.filter(merged__in=held, live=True)}
    groups: dict[int, list[int]] = {}
    for record in sorted(held):
        groups.setdefault(_head(record, live), []).append(record)
    access.regroup([_person(head, members, live) for head, members in groups.items() if len(members) > 1], held)


def _person(head: int, members: list[int], live: dict[int, Merge]) -> Person:
    others = tuple(record for record in members if record != head)
    return Person((head, *others), max(live[record].at for record in others))


def _head(record: int, live: dict[int, Merge]) -> int:
    while record in live:
        record = live[record].survivor_id
    return record
