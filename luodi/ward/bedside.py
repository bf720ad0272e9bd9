"""Everything known about one planned dose at the moment when the nurse stands at the bed."""

from datetime import datetime
from typing import Any, NamedTuple

from luodi.orders import queries as prescriptions
from luodi.orders.loop import STATE, Step
from luodi.patients import queries as patients
from luodi.pharmacy import queries as pharmacy
from luodi.trust import clock, people
from luodi.trust.question import NUMBER, NUMBERS, TEXTS, Question
from luodi.trust.refusal import Refusal

from . import reasons, refusals, rights, timing
from .models import Administration, Outcome

_ENDED = Question(
    lambda task, outcomes: Administration.objects.filter(task=task, outcome__in=outcomes).order_by("pk")[:1],
    NUMBER, TEXTS,
)  # fmt: skip
_OF_PACKAGE = Question(lambda package: Administration.objects.filter(package=package).order_by("pk")[:1], NUMBER)
_LAST_GIVEN = Question(
    lambda tasks: Administration.objects.filter(task__in=tasks, outcome=Outcome.GIVEN).order_by("-at")[:1], NUMBERS
)


class Bedside(NamedTuple):
    """One dose with what was scanned for it. `package` is the scanned one, or the dose's own where none was scanned."""

    task: Any
    line: Any
    window: timing.TimeWindow
    now: datetime
    wristband_scanned: bool
    package_scanned: bool
    package: Any
    rights: tuple[rights.Right, ...]
    of_another: bool  # the scanned package was packed for somebody else

    @property
    def opens(self) -> datetime:
        return self.window.opens(self.task.planned_at)

    @property
    def closes(self) -> datetime:
        return self.window.closes(self.task.planned_at)

    @property
    def timing(self) -> str:
        return self.window.state(self.task.planned_at, self.now)


def look(task: int, wristband: str = "", package: str = "") -> Bedside:
    """Gather one dose and judge its five rights. Raises BedsideRefused (unknown wristband or package), NotFound."""
    card = prescriptions.task(task)
    scanned = _package(package)
    patient, holder = _as_ordered(card.patient, _patient(wristband), scanned.patient if scanned else None)
    line, now = card.line, clock.now()
    window = timing.window(line.frequency_code, line.atc)
    ordered = rights.Ordered(card.pk, card.patient, line.pk, line.medicine, card.planned_at)
    packed = rights.Packed(holder, scanned.medicine, scanned.line, scanned.task) if scanned else None
    found = rights.judge(ordered, patient=patient, packed=packed, now=now, window=window)
    return Bedside(
        card, line, window, now,
        patient is not None, scanned is not None, scanned or _own_package(card), found,
        holder not in (None, card.patient),
    )  # fmt: skip


def check_state(seen: Bedside) -> None:
    """Refuse a dose that has come to its end, or whose prescription is stopped or not yet received."""
    if seen.task.stands == Step.STOPPED:
        raise refusals.no(refusals.STOPPED)
    tell_settled(seen.task.pk)
    if not seen.task.ready:
        raise refusals.not_ready(STATE[seen.task.stands])


def tell_settled(task: int, *outcomes: str) -> None:
    """Raise a refusal that names who brought this dose to its end, and when; pass where nobody did.

    `outcomes` are those that count, all but held where none is named.
    """
    ends = outcomes or (Outcome.GIVEN, Outcome.REFUSED, Outcome.MISSED)
    row = _ENDED.first(task, ends)
    if row is not None:
        raise refusals.settled(row.get_outcome_display(), people.name(row.staff_id), row.at)


def tell_package_given(package: int) -> None:
    """Raise a refusal that names who gave this package, and when; pass where nobody did."""
    row = _OF_PACKAGE.first(package)
    if row is not None:
        raise refusals.package_given(people.name(row.staff_id), row.at)


def check_rights(seen: Bedside, *, unscanned_reason: str, timing_reason: str) -> None:
    """Refuse the first right that does not hold; a missing scan or a dose out of its window needs its coded reason."""
    wrong = rights.first_wrong(seen.rights)
    if wrong == "patient":
        raise refusals.no(_wrong_patient(seen))
    if seen.package is None:
        raise refusals.no(refusals.NO_PACKAGE)
    tell_package_given(seen.package.pk)
    if wrong in WRONG:
        raise refusals.no(WRONG[wrong])
    if seen.package_scanned and seen.package.task not in (None, seen.task.pk):
        raise refusals.no(refusals.OTHER_DOSE)
    if seen.package.blocked:
        raise refusals.package_blocked(seen.package.blocked)
    _check_time(seen, timing_reason)
    _check_gap(seen)
    if not (seen.wristband_scanned and seen.package_scanned) and not reasons.known("unscanned", unscanned_reason):
        raise refusals.no(refusals.SCAN_MISSING)


def preview(seen: Bedside) -> Refusal | None:
    """What giving would be refused for now, leaving out what a coded reason or a witness can still answer."""
    try:
        check_state(seen)
        check_rights(seen, unscanned_reason="", timing_reason="")
    except Refusal as refusal:
        return None if refusal.code in ANSWERED else refusal
    return None


def dose_of(package: Any) -> int:
    """The planned dose that a scanned package is for; an as-needed package is for the open dose of its line.

    Raises BedsideRefused where no such dose was asked for.
    """
    if package.task is not None:
        return int(package.task)
    for task in prescriptions.tasks(package.prescription):
        if task.line.pk == package.line and task.step in (Step.PLANNED, Step.HELD):
            return int(task.pk)
    raise refusals.no(refusals.NO_DOSE)


ANSWERED = {"scan_missing", "too_early", "too_late"}
WRONG = {"drug": refusals.WRONG_DRUG, "dose": refusals.WRONG_ORDER, "route": refusals.WRONG_ORDER}


def _patient(wristband: str) -> int | None:
    if not wristband.strip():
        return None
    found = patients.by_wristband(wristband)
    if found is None:
        raise refusals.no(refusals.UNKNOWN_WRISTBAND)
    return found


def _as_ordered(ordered: int, *scanned: Any) -> list[Any]:
    """Whom the scans name, each as the dose names them where it is another record of the same person."""
    if all(record in (None, ordered) for record in scanned):
        return list(scanned)
    mine = patients.person(ordered)
    return [ordered if record in mine else record for record in scanned]


def _package(code: str) -> Any:
    if not code.strip():
        return None
    found = pharmacy.package(code)
    if found is None:
        raise refusals.unknown_package(code)
    return found


def _own_package(card: Any) -> Any:
    """What a dose without a scan takes: its own package, or for an as-needed dose the first of its line not given."""
    mine = [p for p in pharmacy.packages(card.prescription) if p.line == card.line.pk and p.task in (None, card.pk)]
    used = set(Administration.objects.filter(package_id__in=[p.pk for p in mine]).values_list("package_id", flat=True))
    return next((p for p in mine if p.pk not in used and not p.returned), mine[0] if mine else None)


def _wrong_patient(seen: Bedside) -> Any:
    return refusals.PACKAGE_OF_ANOTHER if seen.of_another else refusals.WRONG_PATIENT


def _check_time(seen: Bedside, reason: str) -> None:
    if seen.timing == "later" and not reasons.known("early", reason):
        raise refusals.too_early(seen.opens)
    if seen.timing == "overdue" and not reasons.known("late", reason):
        raise refusals.too_late(seen.closes)


def _check_gap(seen: Bedside) -> None:
    """A dose moved out of its window keeps at least half the planned distance to the dose given before it."""
    before = prescriptions.planned_before(seen.line.pk, seen.task.planned_at)
    last = _LAST_GIVEN.first(list(before))
    if last is None:
        return
    opens = last.at + (seen.task.planned_at - before[last.task_id]) / 2
    if seen.now < opens:
        raise refusals.too_near(opens, last.at)
