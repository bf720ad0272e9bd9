"""Cases as people see them: the commentator's sheet hides the names, the doctor's shows the comment alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from luodi.chart import queries as chart
from luodi.commentary import refusals, tables
from luodi.commentary.judged import FIRST, Judged, Stands, load, one
from luodi.commentary.models import Assignment, Case, Comment
from luodi.commentary.writing import RULE_FIELD, STATE_FIELD, TEXT_FIELD, lines_of
from luodi.orders import facts as orders
from luodi.orders import queries as prescriptions
from luodi.patients import queries as patients
from luodi.pharmacy import queries as pharmacy
from luodi.terms import queries as terms
from luodi.trust import clock

RECENT = timedelta(days=366)  # what is not finished a year after it was drawn is on no list of work
ABOUT_ME = (Stands.TOLD, Stands.OBJECTED, Stands.CLOSED)


@dataclass(frozen=True)
class Sheet:
    """What a case is judged by, without the names of patient and prescriber: as it was signed, and reviewed."""

    case: Case
    age: str | None
    sex: str
    diagnoses: list[str]
    allergies: Any
    lines: list[dict[str, Any]]
    whole: list[Any]
    answers: dict[str, str]
    reviews: list[Any] = field(repr=False)


@dataclass(frozen=True)
class Said:
    """A comment in words: verdict, items each with the line it speaks of (None: the whole), and the free text."""

    verdict: str
    items: list[tuple[Any, Any]]
    text: str = field(repr=False)


def held(pk: int) -> Judged:
    """One case. Raises NotFound."""
    found = one(pk)
    if found is None:
        raise refusals.NotFound
    return found


def mine(staff: int) -> list[Assignment]:
    """The open assignments of a commentator, the oldest sample first."""
    rows = Assignment.objects.filter(staff=staff, comment=None).select_related("case__sample")
    return list(rows.order_by("case__sample", "case__place"))


def told(staff: int) -> list[Judged]:
    """Comments that are not reasonable on this doctor's prescriptions, those to be answered first, then the newest."""
    moment = clock.now()
    found = load(Case.objects.filter(prescriber=staff, assignments__isnull=False).distinct().select_related("sample"))
    shown = [
        judged
        for judged in found
        if (judged.verdict not in ("", tables.REASONABLE) and judged.stands(moment) in ABOUT_ME) or judged.statement
    ]
    return sorted(shown, key=lambda judged: (judged.stands(moment) is not Stands.TOLD, -judged.case.pk))


def to_answer(staff: int) -> tuple[int, datetime | None]:
    """How many comments this doctor may still answer, and since when the oldest of them waits."""
    moment = clock.now()
    found = load(
        Case.objects.filter(
            prescriber=staff, statement=None, assignments__isnull=False, sample__at__gte=moment - RECENT
        ).distinct()
    )
    since = [judged.told_at for judged in found if judged.stands(moment) is Stands.TOLD and judged.told_at]
    return len(since), min(since, default=None)


def waiting_for_ruling() -> list[Judged]:
    """Cases that stand split or objected, the oldest first."""
    moment = clock.now()
    drawn = Case.objects.filter(assignments__comment__isnull=False, sample__at__gte=moment - RECENT)
    found = load(drawn.distinct().select_related("sample"))
    waiting = [judged for judged in found if judged.stands(moment) in (Stands.SPLIT, Stands.OBJECTED)]
    return sorted(waiting, key=lambda judged: judged.case.pk)


def words(case: Case, blob: bytes, field: str = TEXT_FIELD) -> str:
    """Sealed words of a case; "" for none."""
    return patients.open_for(case.patient_id, blob, field) if blob else ""


def sheet(case: Case) -> Sheet:
    """The sheet of a case as of signing: lines of the drawn version, findings and answers as they were signed."""
    numbers = (
        [case.prescription_id] if case.prescription_id else orders.of_encounters([case.encounter_id])[case.encounter_id]
    )
    signed = [found for pk in numbers for found in _numbered(pk, case)]
    lines: list[Any] = lines_of(case)
    return Sheet(
        case,
        age_words(case.age),
        patients.card(case.patient_id).sex,
        _diagnoses(case, numbers),
        chart.allergies(case.patient_id),
        [
            {"number": place + 1, "line": line, "findings": [f for at, f in signed if at == line.pk]}
            for place, line in enumerate(lines)
        ],
        [found for at, found in signed if at is None],
        {found.key: found.answer for _at, found in signed},
        [review for pk in numbers for review in pharmacy.reviews(pk)],
    )


def _numbered(pk: int, case: Case) -> list[tuple[int | None, Any]]:
    """Findings as signed, each with the key of its line."""
    version = case.version or None
    lines = prescriptions.prescription(pk, version=version).lines
    return [
        (lines[found.line].pk if found.line is not None and found.line < len(lines) else None, found)
        for found in prescriptions.signed_findings(pk, version)
    ]


def _diagnoses(case: Case, numbers: list[int]) -> list[str]:
    codes = [code for found in orders.signed_diagnoses(numbers).values() for code in found]
    return [diagnosis_name(code) for code in dict.fromkeys(codes)]


def age_words(kept: str) -> str | None:
    """46y → 46 岁, 5m → 5 个月, 12d → 12 天; None where it was not known."""
    words = {"y": _("%(n)s 岁"), "m": _("%(n)s 个月"), "d": _("%(n)s 天")}
    return words[kept[-1]] % {"n": kept[:-1]} if kept else None


def diagnosis_name(code: str) -> str:
    """Name and code; the code alone where it is not on file."""
    card = terms.diagnosis(code)
    return f"{card.name} {code}" if card else code


def about(judged: Judged, role: str = FIRST) -> Said | None:
    """A comment of a case in words, None where that role has not spoken."""
    said: Comment | None = judged.comments.get(role)
    if said is None:
        return None
    numbers = {line.pk: (place, line) for place, line in enumerate(lines_of(judged.case), start=1)}
    items = [(tables.item(item.code), numbers.get(item.line_id)) for item in judged.items[role]]
    return Said(said.verdict, items, words(judged.case, bytes(said.words)))


def statement_words(judged: Judged) -> str:
    """What the prescriber wrote, "" for nothing."""
    return words(judged.case, bytes(judged.statement.words), STATE_FIELD) if judged.statement else ""


def ruling_words(judged: Judged, cause: str) -> str:
    """The reasons of a ruling."""
    return words(judged.case, bytes(judged.rulings[cause].words), RULE_FIELD)
