"""Public readers of the ward: the board, the rounds, worklists before the bedside, the wristband sheet."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.chart import queries as charts
from luodi.chart.types import EncounterCard
from luodi.orders import queries as prescriptions
from luodi.orders.cards import TaskCard, Waiting
from luodi.patients import queries as patients
from luodi.trust import access, clock, people
from luodi.trust.actor import Actor

from . import reasons, timing, vitals
from .models import Administration, Bed, Outcome, Placement
from .refusals import AlreadyReleased, WardRefused

warning = vitals.warning

# Rounds look back far enough to keep an unanswered dose in sight, and ahead one shift.
BACK, AHEAD = timedelta(hours=24), timedelta(hours=12)


class Lying(NamedTuple):
    """A patient in a bed."""

    placement: int
    bed: int
    bed_code: str
    patient: int
    encounter: int
    unit: int
    since: datetime


class BedCard(NamedTuple):
    """One bed of the board; `lying` None: free. `mine` False: no care relation, only the masked name is shown."""

    bed: int
    code: str
    lying: Lying | None
    mine: bool = True
    card: Any = None
    allergies: Any = None
    to_verify: int = 0
    to_receive: int = 0
    due: int = 0
    overdue: int = 0
    warning: vitals.EarlyWarning | None = None
    may_bear: bool = False


class Dose(NamedTuple):
    """One planned dose on the time line. state: later, due, overdue, held."""

    task: TaskCard
    state: str
    opens: datetime
    closes: datetime


class Round(NamedTuple):
    """The doses of one patient: overdue first, then due, then later."""

    lying: Lying
    card: Any
    overdue: tuple[Dose, ...]
    due: tuple[Dose, ...]
    later: tuple[Dose, ...]


def in_bed(unit: int) -> list[Lying]:
    """Everybody who lies in a bed of the unit now, by bed."""
    rows = Placement.objects.filter(open=True, bed__unit=unit).select_related("bed").order_by("bed__code")
    return [_lying(row) for row in rows]


def lying(patient: int) -> Lying | None:
    """Where the person lies now, None where in no bed."""
    mine = patients.person(patient)
    row = Placement.objects.filter(open=True, patient__in=mine).select_related("bed").order_by("-at").first()
    return _lying(row) if row else None


def lies_in(bed: int, encounter: str) -> bool:
    """Whether the patient of this encounter, as a form names it, lies in this bed already."""
    if not encounter.isdecimal() or len(encounter) > 18:
        return False
    return Placement.objects.filter(open=True, bed=bed, encounter=int(encounter)).exists()


def in_order(code: str) -> list[tuple[int, str]]:
    """What bed codes are sorted by: 9 stands before 10, 加1 before 加12."""
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", code)]


def beds(unit: int) -> list[Bed]:
    """The beds of a unit in the order of their codes."""
    return sorted(Bed.objects.filter(unit=unit), key=lambda bed: in_order(bed.code))


def free_beds(unit: int | None = None) -> list[tuple[int, str]]:
    """(pk, unit name and bed code) of every free bed, of one unit or all."""
    free = Bed.objects.exclude(placements__open=True)
    rows = sorted(free.filter(unit=unit) if unit else free, key=lambda bed: (bed.unit_id, in_order(bed.code)))
    names = people.unit_names({bed.unit_id for bed in rows})
    return [(bed.pk, f"{names[bed.unit_id]} {bed.code}") for bed in rows]


def _cared(by: Actor, found: Lying) -> bool:
    # whoever works in the unit cares for everybody in its beds: placing related them
    return found.unit == by.unit or access.cares(by, found.patient)


def board(by: Actor, unit: int) -> list[BedCard]:
    """Every bed of the unit with what must be seen at a glance, patients without a care relation masked."""
    here = {found.bed: found for found in in_bed(unit)}
    ids = [found.patient for found in here.values()]
    cards = patients.cards(ids)
    doses = Counter((patient, dose.state) for patient, dose in _doses(ids, clock.now()))
    verify = Counter(row.patient for row in prescriptions.awaiting_verification(unit))
    receive = Counter(row.patient for row in prescriptions.awaiting_receipt(unit))
    return [_bed_card(by, bed, here.get(bed.pk), cards, doses, verify, receive) for bed in beds(unit)]


def rounds(by: Actor, unit: int) -> list[Round]:
    """执行单 of a unit: doses of everybody in bed, a day back to a shift ahead, patients with overdue doses first."""
    found = [one for one in in_bed(unit) if _cared(by, one)]
    now = clock.now()
    cards = patients.cards([one.patient for one in found])
    doses = _doses([one.patient for one in found], now)
    made = [_round(one, cards, doses) for one in found]
    return sorted(made, key=lambda r: (not r.overdue, not r.due, in_order(r.lying.bed_code)))


def round_of(patient: int) -> Round | None:
    """The doses of one patient in bed; None where in no bed."""
    here = lying(patient)
    if here is None:
        return None
    return _round(here, patients.cards([here.patient]), _doses([here.patient], clock.now()))


class Leaving(NamedTuple):
    """Whose bed would become free. `open_doses` were due or are, and have no outcome; `visit_open`: not ended yet."""

    lying: Lying
    card: Any
    unit_name: str
    open_doses: int
    visit_open: bool


def leaving(found: Lying) -> Leaving:
    """What a nurse is told before a bed is given up."""
    here = _round(found, patients.cards([found.patient]), _doses([found.patient], clock.now()))
    visit = charts.encounter(found.encounter)
    return Leaving(found, here.card, people.unit_name(found.unit), len(here.overdue + here.due), not visit.closed_at)


class Candidate(NamedTuple):
    """An open visit whose patient may be put on a bed, and the unit that has it now."""

    encounter: int
    card: Any
    unit_name: str


def candidates(by: Actor, unit: int) -> list[Candidate]:
    """Open visits that may be put on a bed of the unit: opened by a doctor, in no bed, and cared for by the actor.

    Emergency visits may go to any bed; others are those that a doctor moved to the unit.
    """
    waiting = [visit for visit in _bedless() if visit.visit_class == "emergency" or visit.unit == unit]
    return _candidates([visit for visit in waiting if access.cares(by, visit.patient)])


def sought(by: Actor, unit: int, text: str) -> list[Candidate]:
    """Emergency visits in no bed whose patient the text finds: a wristband, a record number, a name or its pinyin.

    For who works in the unit of the bed: placing gives that unit the care. Nobody is listed who was not asked for.
    """
    if by.unit != unit or not text.strip():
        return []
    found = {hit.patient for hit in patients.search(text)}
    waiting = [visit for visit in _bedless() if visit.visit_class == "emergency"]
    heads = patients.survivors(visit.patient for visit in waiting)
    return _candidates([visit for visit in waiting if heads[visit.patient] in found])


def _bedless() -> list[EncounterCard]:
    taken = set(Placement.objects.filter(open=True).values_list("encounter", flat=True))
    return [visit for visit in charts.open_encounters(opened=True) if visit.id not in taken]


def _candidates(visits: list[EncounterCard]) -> list[Candidate]:
    cards = patients.cards([visit.patient for visit in visits])
    units = people.unit_names({visit.unit for visit in visits})
    return [Candidate(visit.id, cards[visit.patient], units.get(visit.unit, "")) for visit in visits]


def prn_lines(patient: int) -> list[tuple[int, int, Any]]:
    """As-needed lines of a person at the bedside: (patient, prescription, line)."""
    return list(prescriptions.prn_lines(patients.person(patient)))


def awaiting_verification(unit: int) -> list[Waiting]:
    """Prescriptions of the unit that wait for 护士核对."""
    return list(prescriptions.awaiting_verification(unit))


def awaiting_receipt(unit: int) -> list[Waiting]:
    """Prescriptions of the unit that wait for 病区接收."""
    return list(prescriptions.awaiting_receipt(unit))


class Done(NamedTuple):
    """One dose that came to an end: the row, its drug, who, and the coded reasons in words."""

    row: Administration
    drug: str
    who: str
    why: str


def given(patient: int, limit: int = 20) -> list[Done]:
    """What became of the person's last doses, newest first."""
    rows = list(Administration.objects.filter(patient__in=patients.person(patient)).order_by("-at")[:limit])
    names = people.names({row.staff_id for row in rows})
    return [
        Done(row, prescriptions.task(row.task_id).line.generic, names.get(row.staff_id, ""), _why(row)) for row in rows
    ]


def _why(row: Administration) -> str:
    codes = (row.reason, row.unscanned_reason, row.timing_reason)
    return "；".join(reasons.name(code) for code in codes if code)


class Gave(NamedTuple):
    """A dose that was given out of a package."""

    administration: int
    package: int
    patient: int
    unit: int
    medicine: str
    at: datetime


_GAVE = ("pk", "package", "patient", "unit", "package__medicine", "at")


def doses_since(moment: datetime) -> list[Gave]:
    """Every dose given in the hospital since a moment, by time."""
    rows = Administration.objects.filter(outcome=Outcome.GIVEN, at__gte=moment).order_by("at")
    return [Gave(*row) for row in rows.values_list(*_GAVE)]


def doses_of_packages(packages: Iterable[int]) -> dict[int, Gave]:
    """The doses given out of these packages, by package."""
    asked = list(packages)
    found: dict[int, Gave] = {}
    for start in range(0, len(asked), 500):
        rows = Administration.objects.filter(package__in=asked[start : start + 500])
        found |= {row[1]: Gave(*row) for row in rows.values_list(*_GAVE)}
    return found


def scan_counts(unit: int, days: int = 7) -> tuple[int, int, list[tuple[str, int]]]:
    """(doses given, of these with both scans, [(unscanned reason, count)]) of the last days in a unit."""
    rows = Administration.objects.filter(unit=unit, outcome=Outcome.GIVEN, at__gte=clock.now() - timedelta(days=days))
    why = Counter(rows.exclude(unscanned_reason="").values_list("unscanned_reason", flat=True))
    both = rows.filter(wristband_scanned=True, package_scanned=True).count()
    return rows.count(), both, why.most_common()


def bed(pk: int) -> Bed:
    """One bed. Raises WardRefused (404)."""
    found = Bed.objects.filter(pk=pk).first()
    if found is None:
        raise WardRefused("unknown_bed", _("没有这张床"), _("请从床位图中选择"), status=404)
    return found


def placed(placement: int) -> Lying:
    """An open placement. Raises WardRefused (404) for an unknown one, AlreadyReleased."""
    row = Placement.objects.filter(pk=placement).select_related("bed").first()
    if row is None:
        raise WardRefused("unknown_placement", _("没有这次床位安排"), _("请从床位图中选择"), status=404)
    if not row.open:
        raise AlreadyReleased
    return _lying(row)


def band(placement: int) -> tuple[Lying, Any, str]:
    """A placement with the patient's card and wristband code, for printing. Raises WardRefused, NoWristband."""
    found = placed(placement)
    return found, patients.card(found.patient), patients.wristband(found.patient, found.encounter)


def _doses(lying: Iterable[int], now: datetime) -> list[tuple[int, Dose]]:
    """Doses of those who lie in beds, each with the record under which they lie there."""
    persons = patients.persons(lying)
    whose = {record: one for one, records in persons.items() for record in records} | {one: one for one in persons}
    found = prescriptions.due_tasks(list(whose), now - BACK, now + AHEAD)
    return [(whose[task.patient], _dose(task, now)) for task in found]


def _dose(task: TaskCard, now: datetime) -> Dose:
    window = timing.window(task.line.frequency_code, task.line.atc)
    state = window.state(task.planned_at, now)
    return Dose(task, state, window.opens(task.planned_at), window.closes(task.planned_at))


def _round(one: Lying, cards: dict[int, Any], doses: list[tuple[int, Dose]]) -> Round:
    mine = [dose for patient, dose in doses if patient == one.patient]
    by_state = {
        state: tuple(sorted((d for d in mine if d.state == state), key=lambda d: d.task.planned_at))
        for state in ("overdue", "due", "later")
    }
    return Round(one, cards[one.patient], **by_state)


def allergy_block(patient: int) -> dict[str, Any]:
    """The four-state allergy block of a patient (web/PARTS.md)."""
    stated = charts.allergies(patient)
    return {
        "state": stated.state,
        "items": [{"label": i.label, "severity": i.severity, "reaction": i.reaction} for i in stated.items],
    }


def _bed_card(
    by: Actor, bed: Bed, found: Lying | None, cards: dict, doses: Counter, verify: Counter, receive: Counter
) -> BedCard:
    if found is None:
        return BedCard(bed.pk, bed.code, None)
    who = found.patient
    if not _cared(by, found):
        return BedCard(bed.pk, bed.code, found, False, cards[who])
    return BedCard(
        bed.pk, bed.code, found, True, cards[who], allergy_block(who), verify[who], receive[who],
        doses[who, "due"], doses[who, "overdue"], vitals.warning(who, cards[who].birth_date),
        charts.may_bear(cards[who]),
    )  # fmt: skip


def _lying(row: Placement) -> Lying:
    return Lying(row.pk, row.bed_id, row.bed.code, row.patient_id, row.encounter_id, row.bed.unit_id, row.at)
