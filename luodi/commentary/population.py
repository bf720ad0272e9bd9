"""What a sample is drawn from, as of a ledger head."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.chart import facts as chart
from luodi.commentary import drawing, refusals
from luodi.commentary.tables import Kind
from luodi.orders import facts as orders
from luodi.orders.loop import Step
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import clock


class Span(NamedTuple):
    """Whole days of the hospital: start <= moment < end, aware."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, first: date, last: date) -> "Span":
        return cls(_midnight(first), _midnight(last + timedelta(days=1)))

    @property
    def first(self) -> date:
        return self.start.astimezone(clock.HOSPITAL_ZONE).date()

    @property
    def last(self) -> date:
        return self.end.astimezone(clock.HOSPITAL_ZONE).date() - timedelta(days=1)


class Member(NamedTuple):
    """One prescription, or one record (prescription None); `number` is what the drawing ranks."""

    number: int
    prescription: int | None
    version: int
    encounter: int
    patient: int
    prescriber: int | None
    visit_class: str
    at: datetime


def members(kind: Kind, scope: int, head: int, span: Span) -> list[Member]:
    """Everything a sample of this kind may hold. Raises BadDraw where the data for its filter do not exist."""
    if kind.filter == "costly":
        raise refusals.BadDraw(message=_("还没有药品价格数据，不能抽取高价药样本。"))
    if kind.of == "record":
        found = [d for one in kind.classes for d in chart.discharges(head, span, one)]
        return [Member(d.encounter, None, 0, d.encounter, d.patient, None, d.visit_class, d.at) for d in found]
    sheets = [sheet for sheet in orders.sheets(head, span) if _fits(kind, scope, sheet)]
    if kind.filter == "automatic":
        sheets = _passed_by_program(head, sheets)
    elif kind.filter:
        herbal = _herbal(span)
        sheets = [
            sheet
            for sheet in sheets
            if any(drawing.keeps(kind.filter, line, herbal.get(line.medicine, "")) for line in sheet.lines)
        ]
    return [
        Member(s.prescription, s.prescription, s.version, s.encounter, s.patient, s.prescriber, s.visit_class, s.at)
        for s in sheets
    ]


def _fits(kind: Kind, scope: int, sheet: orders.SheetFact) -> bool:
    of = {"": 0, "staff": sheet.prescriber, "unit": sheet.unit}[kind.scope]
    return sheet.visit_class in kind.classes and of == scope


def _herbal(span: Span) -> dict[str, str]:
    return {code: drug.herbal for code, drug in terms.ruleset(span.last).drugs.items() if drug.herbal}


def _passed_by_program(head: int, sheets: list[orders.SheetFact]) -> list[orders.SheetFact]:
    """Those whose review was a step of the program itself."""
    hands = orders.hands(head, (sheet.prescription for sheet in sheets))
    return [sheet for sheet in sheets if (Step.REVIEWED, None) in hands[sheet.prescription]]


def ages(found: list[Member]) -> dict[int, str]:
    """Age of each member's patient on its day, by number: years from two on, months from 28 days on, else days."""
    cards = patients.cards({member.patient for member in found})
    return {member.number: aged(cards[member.patient].birth_date, member.at) for member in found}


def aged(birth: date | None, at: datetime) -> str:
    """46y, 5m, 12d; "" where the date of birth is not known."""
    day = at.astimezone(clock.HOSPITAL_ZONE).date()
    if birth is None or birth > day:
        return ""
    months = (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)
    if months >= 24:
        return f"{months // 12}y"
    days = (day - birth).days
    return f"{days}d" if days < 28 else f"{max(months, 1)}m"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.HOSPITAL_ZONE)
