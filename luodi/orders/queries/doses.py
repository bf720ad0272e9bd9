"""Planned doses."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from luodi.orders import reading, refusals
from luodi.orders.cards import LineCard, TaskCard
from luodi.orders.loop import Step
from luodi.orders.models import Line, Task
from luodi.trust.question import MOMENT, NUMBER, NUMBERS, Question

OPEN = (Step.PLANNED, Step.HELD)


def _rows() -> "QuerySet[Task]":
    """Tasks of the version in force; a version that was signed anew has tasks of its own."""
    return Task.objects.filter(line__version=F("prescription__version")).select_related("line", "prescription")


_TASK = Question(lambda pk: Task.objects.filter(pk=pk).select_related("line", "prescription"), NUMBER)
_TASKS = Question(lambda rx: _rows().filter(prescription=rx).order_by("planned_at", "pk"), NUMBER)

_PLANNED = Question(lambda pks: Task.objects.filter(pk__in=pks).values_list("pk", "planned_at"), NUMBERS)
_BEFORE = Question(
    lambda line, moment: Task.objects.filter(line=line, planned_at__lt=moment).values_list("pk", "planned_at"),
    NUMBER, MOMENT,
)  # fmt: skip


def _cards(rows: Sequence[Task]) -> list[TaskCard]:
    unread = {row.line_id: (row.prescription.patient_id, row.line) for row in rows}
    lines = dict(zip(unread, reading.line_cards(list(unread.values())), strict=True))
    return [
        TaskCard(
            pk=row.pk,
            prescription=row.prescription_id,
            patient=row.prescription.patient_id,
            encounter=row.prescription.encounter_id,
            unit=row.prescription.unit_id,
            line=lines[row.line_id],
            seq=row.seq,
            planned_at=row.planned_at,
            prn=row.prn,
            step=Step(row.step),
            rev=row.rev,
            stands=Step(row.prescription.step),
            ready=row.prescription.step == reading.route_for(row.prescription).steps[-1],
        )
        for row in rows
    ]


def not_given(unit: int, since: datetime) -> list[TaskCard]:
    """Doses planned since a moment that were refused, held or missed, or whose prescription was stopped."""
    over = Q(step__in=[Step.REFUSED, Step.MISSED, Step.HELD])
    stopped = Q(step=Step.PLANNED, prescription__step=Step.STOPPED)
    rows = _rows().filter(over | stopped, prescription__unit=unit, planned_at__gte=since)
    return _cards(list(rows.order_by("planned_at", "pk")))


def task(pk: int) -> TaskCard:
    """One planned dose. Raises NotFound."""
    row = _TASK.first(pk)
    if row is None:
        raise refusals.NotFound
    return _cards([row])[0]


def tasks(prescription: int) -> list[TaskCard]:
    """All planned doses of the version in force, by time."""
    return _cards(_TASKS.all(prescription))


def planned(tasks: Iterable[int]) -> dict[int, datetime]:
    """When each of these doses is planned."""
    return dict(_PLANNED.all(list(tasks)))


def planned_before(line: int, moment: datetime) -> dict[int, datetime]:
    """The doses of a line planned before a moment, each with its time."""
    return dict(_BEFORE.all(line, moment))


def due_tasks(
    patients: Iterable[int], start: datetime, end: datetime, *, steps: Sequence[Step] = OPEN
) -> list[TaskCard]:
    """Doses planned in start <= t < end that are open and whose prescription is at the bedside, by time.

    A patient's stopped prescriptions are not in it.
    """
    rows = _rows().filter(
        prescription__patient__in=list(patients),
        prescription__step=Step.RECEIVED,
        step__in=list(steps),
        planned_at__gte=start,
        planned_at__lt=end,
    )
    return _cards(list(rows.order_by("planned_at", "pk")))


def prn_lines(patients: Iterable[int]) -> list[tuple[int, int, LineCard]]:
    """As-needed lines at the bedside: (patient, prescription, line), for asking a dose."""
    rows = list(
        Line.objects.filter(
            prescription__patient__in=list(patients),
            prescription__step=Step.RECEIVED,
            version=F("prescription__version"),
            drop__isnull=True,
            prn=True,
        )
        .select_related("prescription")
        .order_by("prescription", "place")
    )
    cards = reading.line_cards([(row.prescription.patient_id, row) for row in rows])
    return [(row.prescription.patient_id, row.prescription_id, card) for row, card in zip(rows, cards, strict=True)]
