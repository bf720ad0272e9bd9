"""Where a case stands: it follows from the rows it has, now or as of a ledger head."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.commentary import tables
from luodi.commentary.models import Assignment, Case, Comment, CommentItem, Ruling, Statement
from luodi.trust import policy


class Stands(StrEnum):
    UNASSIGNED = "unassigned"
    OPEN = "open"  # some commentator has not judged yet
    SPLIT = "split"  # two verdicts differ
    TOLD = "told"  # the prescriber may answer
    OBJECTED = "objected"
    CLOSED = "closed"


NAMES = {
    Stands.UNASSIGNED: _("待分配"),
    Stands.OPEN: _("待点评"),
    Stands.SPLIT: _("意见不一致，待裁定"),
    Stands.TOLD: _("待医师答复"),
    Stands.OBJECTED: _("医师有异议，待裁定"),
    Stands.CLOSED: _("已完成"),
}
MARKS = {Stands.CLOSED: "done", Stands.SPLIT: "caution", Stands.OBJECTED: "caution", Stands.TOLD: "info"}
FIRST, SECOND = Assignment.Role.FIRST, Assignment.Role.SECOND


@dataclass(frozen=True)
class Judged:
    """A case with the rows that say where it stands. `comments` and `items` by role, `rulings` by cause."""

    case: Case
    assignments: dict[str, Assignment]
    comments: dict[str, Comment]
    items: dict[str, list[CommentItem]]
    statement: Statement | None
    rulings: dict[str, Ruling]

    @property
    def differs(self) -> bool:
        return len({comment.verdict for comment in self.comments.values()}) > 1

    @property
    def _last_ruling(self) -> Ruling | None:
        return self.rulings.get(Ruling.Cause.OBJECTION) or self.rulings.get(Ruling.Cause.SPLIT)

    @property
    def verdict(self) -> str:
        """The verdict as it stands; "" while it is open."""
        if self._last_ruling:
            return self._last_ruling.verdict
        whole = len(self.comments) == len(self.assignments) > 0 and not self.differs
        return self.comments[FIRST].verdict if whole else ""

    @property
    def codes(self) -> list[str]:
        """The item codes that the verdict rests on, each once, in the order of the norm."""
        if self._last_ruling:
            given = set(self._last_ruling.codes.split())
        else:
            given = {item.code for item in self.items.get(FIRST, ())}
        return [item.code for item in tables.items() if item.code in given]

    @property
    def told_at(self) -> datetime | None:
        """Since when the prescriber may answer; None while the verdict is open."""
        if not self.verdict:
            return None
        split = self.rulings.get(Ruling.Cause.SPLIT)
        return split.at if split else max(comment.at for comment in self.comments.values())

    @property
    def deadline(self) -> datetime | None:
        told = self.told_at
        return told + timedelta(days=policy.number("commentary_objection_days")) if told else None

    def stands(self, moment: datetime) -> Stands:
        if not self.assignments:
            return Stands.UNASSIGNED
        if len(self.comments) < len(self.assignments):
            return Stands.OPEN
        if not self.verdict:
            return Stands.SPLIT
        if self.statement is not None:
            objected = self.statement.objects_to_it and Ruling.Cause.OBJECTION not in self.rulings
            return Stands.OBJECTED if objected else Stands.CLOSED
        deadline = self.deadline
        answerable = self.verdict != tables.REASONABLE and self.case.prescriber_id is not None
        return Stands.TOLD if answerable and deadline and moment < deadline else Stands.CLOSED


def load(cases: Any, head: int | None = None) -> list[Judged]:
    """Judged cases in the order of the queryset; `head`: only what is sealed at a position up to it."""

    def rows(model: Any) -> Any:
        return model.objects.all() if head is None else model.objects.as_of(head)

    held = list(cases)
    pks = [case.pk for case in held]
    assigned = list(rows(Assignment).filter(case__in=pks))
    comments = {row.assignment_id: row for row in rows(Comment).filter(assignment__case__in=pks)}
    items: dict[int, list[CommentItem]] = {}
    for item in CommentItem.objects.filter(comment__in=[row.pk for row in comments.values()]).order_by("pk"):
        items.setdefault(item.comment_id, []).append(item)
    statements = {row.case_id: row for row in rows(Statement).filter(case__in=pks)}
    rulings = list(rows(Ruling).filter(case__in=pks))
    found = []
    for case in held:
        given = {row.role: row for row in assigned if row.case_id == case.pk}
        said = {role: comments[row.pk] for role, row in given.items() if row.pk in comments}
        found.append(
            Judged(
                case, given, said, {role: items.get(row.pk, []) for role, row in said.items()},
                statements.get(case.pk), {row.cause: row for row in rulings if row.case_id == case.pk},
            )
        )  # fmt: skip
    return found


def one(pk: int) -> Judged | None:
    """The case of this key, None where there is none."""
    found = load(Case.objects.filter(pk=pk).select_related("sample"))
    return found[0] if found else None
