"""Facts of reports for measures, as of a sealed head. Plain rows, no patient."""

from datetime import datetime
from typing import Any, NamedTuple

from luodi.vigilance import codes
from luodi.vigilance.models import Report, Submission, Suspect, Version
from luodi.ward import facts as ward


class ReportFact(NamedTuple):
    """One report handed in, by the version in force at that head: when it is due, when the national system had it."""

    unit: int
    serious: bool
    due: datetime
    submitted_at: datetime | None


class DoseFact(NamedTuple):
    """One dose given, and whether a report that was handed in suspects it."""

    unit: int
    suspected: bool


def reports(head: int, window: Any) -> list[ReportFact]:
    """Reports handed in in the window by that head. `window`: start included, end excluded."""
    rows = Report.objects.as_of(head).filter(at__gte=window.start, at__lt=window.end).select_related("reaction")
    sent = dict(Submission.objects.as_of(head).values_list("reaction", "at"))
    return [_fact(row, head, sent.get(row.reaction_id)) for row in rows.order_by("pk")]


def _fact(row: Report, head: int, sent: datetime | None) -> ReportFact:
    last = Version.objects.as_of(head).filter(reaction=row.reaction_id).order_by("-number")[0]
    limit = codes.limit_of(
        death="death" in last.seriousness, serious=bool(last.seriousness), new=last.new,
        group=last.group_id is not None, known_at=last.known_at,
    )  # fmt: skip
    return ReportFact(row.reaction.unit_id, bool(last.seriousness), limit.due(last.known_at), sent)


def doses(head: int, window: Any) -> list[DoseFact]:
    """Doses given in the window by that head, each with whether it is suspected in a report by then."""
    reported = Report.objects.as_of(head).values("reaction")
    versions = Version.objects.as_of(head).filter(reaction__in=reported)
    named = set(
        Suspect.objects.filter(version__in=versions, role="suspect", administration__isnull=False).values_list(
            "administration", flat=True
        )
    )
    return [DoseFact(each.unit, each.pk in named) for each in ward.given(head, window)]
