"""点评: what a commentator finds in a case."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, cast

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.commentary import refusals, tables
from luodi.commentary.judged import Stands, one
from luodi.commentary.models import Assignment, Comment, CommentItem
from luodi.commentary.typed import Given
from luodi.commentary.writing import lines_of, require_codes, sealed
from luodi.trust import access, clock, people, policy
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor


class Ready(NamedTuple):
    """Sealed words, and each code with the key of its line."""

    words: bytes
    items: list[tuple[str, int | None]]


def _ready(by: Actor, assignment: int, given: Sequence[Given], text: str = "") -> Ready:
    row = Assignment.objects.filter(pk=assignment, staff=by.staff).select_related("case").first()
    if row is None:
        raise refusals.NotFound
    require_codes([item.code for item in given], text)
    lines = lines_of(row.case)
    for item in given:
        if item.line > len(lines):
            raise refusals.BadComment(
                message=format_lazy(_("没有第 {line} 行。"), line=item.line), next=_("请核对行号。")
            )
    items = [(item.code, lines[item.line - 1].pk if item.line else None) for item in given]
    return Ready(sealed(row.case.patient_id, text), list(dict.fromkeys(items)))


@act("commentary.comment", may="commentary.comment", prepare=_ready)
def comment(
    by: Actor, assignment: int, given: Sequence[Given], text: str = "", *, prepared: Ready | None = None
) -> int:
    """Judge an assigned case: no code is reasonable, else the gravest one. Returns the comment's pk.

    given: item codes with the number of their line (0: the whole). Raises NotFound where the case is not assigned to
    the actor, BadComment, Done for a second comment.
    """
    ready = cast(Ready, prepared)
    row = Assignment.objects.select_related("case").get(pk=assignment)
    case = row.case
    about("commentary_case", case.pk, patient=case.patient_id)
    if Comment.objects.filter(assignment=row).exists():
        raise refusals.Done
    codes = [code for code, _line in ready.items]
    made = Comment.objects.create(assignment=row, verdict=tables.verdict(codes), words=ready.words, at=clock.now())
    CommentItem.objects.bulk_create(CommentItem(comment=made, code=code, line_id=line) for code, line in ready.items)
    evidence(assignment=row.pk, role=row.role, verdict=made.verdict, codes=sorted(set(codes)))
    open_to_the_next(case.pk)
    return made.pk


def open_to_the_next(pk: int) -> None:
    """Whoever must answer or rule now has to do with the patient, for as long as they may."""
    judged = one(pk)
    assert judged is not None
    stands, now = judged.stands(clock.now()), clock.now()
    if stands is Stands.TOLD and judged.case.prescriber_id:
        days = policy.number("commentary_objection_days")
        access.relate(
            judged.case.patient_id, kind="commentary", staff=judged.case.prescriber_id, until=now + timedelta(days=days)
        )
    if stands in (Stands.SPLIT, Stands.OBJECTED):
        until = now + timedelta(days=policy.number("commentary_care_days"))
        for staff in people.who_may("commentary.rule"):
            access.relate(judged.case.patient_id, kind="commentary", staff=staff, until=until)
