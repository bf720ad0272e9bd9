"""Facts for measures, as of a ledger head: rows whose entry is sealed at a position up to the head, never overwritten.

`window` is anything with aware `start` and `end` (start <= moment < end); None means all time.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db.models import Q

from luodi.orders import loop
from luodi.orders.loop import Step
from luodi.orders.models import Line, LoopStep, Prescription, Signature, Task
from luodi.trust import clock


class Span(Protocol):
    """A half-open span of time."""

    @property
    def start(self) -> datetime: ...

    @property
    def end(self) -> datetime: ...


class StepFact(NamedTuple):
    """One step of a prescription (task None) or of one planned dose."""

    prescription: int
    task: int | None
    version: int
    seq: int
    step: str
    at: datetime
    visit_class: str
    unit: int  # the unit that ordered it
    staff: int | None  # None: the program itself, by a rule of the house


class LoopFact(NamedTuple):
    """One loop that should close: a prescription where it ends with dispensing, else one planned dose.

    begun: signed (prescription) or planned (dose). end: "closed" | "open" | "stopped" | "expired".
    last: the last step taken. whole: every step of the route was taken in order, and the last one ends it.
    closed: when it closed, None where it did not.
    """

    prescription: int
    task: int | None
    visit_class: str
    unit: int
    begun: datetime
    end: str
    last: str
    closed: datetime | None
    whole: bool


def steps(head: int, window: Span | None = None) -> list[StepFact]:
    """Steps taken in the window, in the order in which they were taken."""
    rows = LoopStep.objects.as_of(head)
    if window is not None:
        rows = rows.filter(at__gte=window.start, at__lt=window.end)
    return _facts(rows)


def _facts(rows: Any) -> list[StepFact]:
    columns = ("prescription", "task", "version", "seq", "step", "at", "visit_class", "prescription__unit", "staff")
    return [StepFact(*row) for row in rows.order_by("at", "pk").values_list(*columns)]


def first_handed(head: int, window: Span) -> list[StepFact]:
    """The first hand-over of each prescription to a patient or a ward, whole or of a part, made in the window."""
    given = LoopStep.objects.as_of(head).filter(step__in=[Step.OWED, Step.DISPENSED])
    firsts: dict[int, StepFact] = {}
    for fact in _facts(given.filter(at__gte=window.start, at__lt=window.end)):
        firsts.setdefault(fact.prescription, fact)
    before = set(
        given.filter(prescription__in=list(firsts), at__lt=window.start).values_list("prescription", flat=True)
    )
    return [fact for pk, fact in firsts.items() if pk not in before]


def returns(head: int, window: Span | None = None) -> list[StepFact]:
    """Returns (退回) in the window."""
    rows = LoopStep.objects.as_of(head).filter(step=Step.RETURNED)
    if window is not None:
        rows = rows.filter(at__gte=window.start, at__lt=window.end)
    return _facts(rows)


def signed(head: int, window: Span | None = None) -> list[StepFact]:
    """First signatures in the window, one a prescription: what returns are counted against."""
    rows = LoopStep.objects.as_of(head).filter(step=Step.SIGNED, version=1)
    if window is not None:
        rows = rows.filter(at__gte=window.start, at__lt=window.end)
    return _facts(rows)


def loops(head: int, window: Span | None = None) -> list[LoopFact]:
    """Loops begun in the window with how they ended, as far as the ledger head knows."""
    touched = _touched(head, window)
    history: dict[int, list[StepFact]] = defaultdict(list)
    doses: dict[int, list[StepFact]] = defaultdict(list)
    for fact in _facts(LoopStep.objects.as_of(head).filter(touched)):
        if fact.task is None:
            history[fact.prescription].append(fact)
        else:
            doses[fact.task].append(fact)
    for facts in (*history.values(), *doses.values()):
        facts.sort(key=lambda fact: fact.seq)
    planned: dict[int, list[tuple[int, datetime, int]]] = defaultdict(list)
    columns = ("prescription", "pk", "planned_at", "line__version")
    tasks = Task.objects.as_of(head).filter(touched).order_by("pk").values_list(*columns)
    for prescription, task, planned_at, version in tasks:
        planned[prescription].append((task, planned_at, version))
    found: list[LoopFact] = []
    for prescription, facts in sorted(history.items()):
        found += _loops(facts, planned[prescription], doses)
    return [fact for fact in found if window is None or window.start <= fact.begun < window.end]


def _touched(head: int, window: Span | None) -> Q:
    """Rows of prescriptions that can have a loop begun in the window: signed in it, or with a dose planned in it."""
    if window is None:
        return Q()
    signed = LoopStep.objects.as_of(head).filter(step=Step.SIGNED, at__gte=window.start, at__lt=window.end)
    due = Task.objects.as_of(head).filter(planned_at__gte=window.start, planned_at__lt=window.end)
    return Q(prescription__in=signed.values("prescription")) | Q(prescription__in=due.values("prescription"))


def _loops(
    facts: list[StepFact], planned: list[tuple[int, datetime, int]], doses: dict[int, list[StepFact]]
) -> list[LoopFact]:
    signed = [fact for fact in facts if fact.step == Step.SIGNED]
    if not signed:
        return []
    first, latest = signed[0], signed[-1]
    route = loop.route_of(latest.visit_class, latest.at.astimezone(clock.HOSPITAL_ZONE).date())
    if not route.bedside:
        return [_prescription_loop(first, facts, route)]
    return [
        _dose_loop(task, planned_at, facts, doses[task], route)
        for task, planned_at, version in planned
        if version == latest.version
    ]


def _ended(facts: list[StepFact]) -> StepFact | None:
    return facts[-1] if facts[-1].step in (Step.STOPPED, Step.EXPIRED) else None


def _taken_in_order(facts: list[StepFact], steps: tuple[Step, ...]) -> bool:
    """Every step of the route after the last signature, in order.

    A debt that was closed without giving the rest is judged by the part that was handed over.
    """
    begun = max(place for place, fact in enumerate(facts) if fact.step == Step.SIGNED)
    parts = [place for place, fact in enumerate(facts) if place > begun and fact.step == Step.OWED]
    if parts and facts[-1].step == Step.DISPENSED and parts[-1] == len(facts) - 2:
        facts = [*facts[: parts[0]], facts[-1]]
    latest = {Step(fact.step): fact.seq for fact in facts[begun:]}
    seqs = [latest.get(step, 0) for step in steps]
    return all(seqs) and seqs == sorted(seqs)


def _prescription_loop(first: StepFact, facts: list[StepFact], route: loop.Route) -> LoopFact:
    last, ended = facts[-1], _ended(facts)
    over = Step(last.step) in route.last
    end = "closed" if over else str(ended.step) if ended else "open"
    whole = over and _taken_in_order(facts, route.steps)
    return LoopFact(
        first.prescription,
        None,
        last.visit_class,
        last.unit,
        first.at,
        end,
        last.step,
        last.at if over else None,
        whole,
    )


def _dose_loop(
    task: int, planned_at: datetime, facts: list[StepFact], taken: list[StepFact], route: loop.Route
) -> LoopFact:
    standing, ended = facts[-1], _ended(facts)
    last = taken[-1] if taken else None
    over = last is not None and Step(last.step) in route.last
    # A dose whose time came before the stop was still due.
    stopped = ended is not None and not over and ended.at <= planned_at
    end = "closed" if over else str(ended.step) if ended and stopped else "open"
    whole = over and _taken_in_order(facts, route.steps)
    return LoopFact(
        standing.prescription,
        task,
        standing.visit_class,
        standing.unit,
        planned_at,
        end,
        last.step if last else standing.step,
        last.at if last and over else None,
        whole,
    )


class LineFact(NamedTuple):
    """One drug of a signed version, with the facts of the formulary as they were when it was written."""

    line: int
    medicine: str
    generic: str
    form: str
    atc: str
    control: str
    antibiotic: str
    route: str


class SheetFact(NamedTuple):
    """A signed prescription with the lines of its last version signed by that head; `at` is the first signature."""

    prescription: int
    version: int
    patient: int
    encounter: int
    visit_class: str
    unit: int
    prescriber: int
    at: datetime
    lines: tuple[LineFact, ...]


def sheets(head: int, window: Span) -> list[SheetFact]:
    """Prescriptions first signed in the window, by number of their row."""
    began = {fact.prescription: fact for fact in signed(head, window)}
    every = LoopStep.objects.as_of(head).filter(step=Step.SIGNED)
    mine = every.filter(version=1, at__gte=window.start, at__lt=window.end).values("prescription")
    versions: dict[int, int] = {}
    for pk, version in every.filter(prescription__in=mine).values_list("prescription", "version"):
        versions[pk] = max(version, versions.get(pk, 0))
    held = _lines(head, mine, versions)
    columns = ("pk", "patient", "encounter", "prescriber")
    rows = Prescription.objects.filter(pk__in=mine).order_by("pk").values_list(*columns)
    return [
        SheetFact(pk, versions[pk], patient, encounter, began[pk].visit_class, began[pk].unit, prescriber,
                  began[pk].at, tuple(held[pk]))
        for pk, patient, encounter, prescriber in rows
    ]  # fmt: skip


def _lines(head: int, prescriptions: Any, versions: dict[int, int]) -> dict[int, list[LineFact]]:
    rows = Line.objects.as_of(head).filter(prescription__in=prescriptions)
    rows = rows.exclude(drop__entry__seat__position__lte=head).order_by("place", "seq")
    found: dict[int, list[LineFact]] = defaultdict(list)
    columns = ("prescription", "version", "pk", *LineFact._fields[1:])
    for prescription, version, *fact in rows.values_list(*columns):
        if versions.get(prescription) == version:
            found[prescription].append(LineFact(*fact))
    return found


def hands(head: int, prescriptions: Iterable[int]) -> dict[int, list[tuple[str, int | None]]]:
    """Who took which step of each prescription or of its doses, in order; None is the program."""
    found: dict[int, list[tuple[str, int | None]]] = {pk: [] for pk in prescriptions}
    rows = LoopStep.objects.as_of(head).filter(prescription__in=list(found)).order_by("at", "pk")
    for pk, step, staff in rows.values_list("prescription", "step", "staff"):
        found[pk].append((step, staff))
    return found


def signed_diagnoses(prescriptions: Iterable[int]) -> dict[int, list[str]]:
    """Codes of the diagnoses that the last signed version names."""
    rows = Signature.objects.filter(prescription__in=list(prescriptions)).order_by("version")
    return {
        pk: list(json.loads(bytes(message)).get("diagnoses", ()))
        for pk, message in rows.values_list("prescription", "message")
    }


def of_encounters(encounters: Iterable[int]) -> dict[int, list[int]]:
    """The signed prescriptions of each encounter, in the order in which they were drafted."""
    found: dict[int, list[int]] = {pk: [] for pk in encounters}
    rows = Prescription.objects.filter(encounter__in=list(found), signed_at__isnull=False).order_by("pk")
    for encounter, pk in rows.values_list("encounter", "pk"):
        found[encounter].append(pk)
    return found
