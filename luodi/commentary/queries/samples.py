"""Samples with how far they are, and the drawing made again."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from luodi.commentary import drawing, refusals, tables
from luodi.commentary.judged import NAMES, Stands, load
from luodi.commentary.models import Case, Sample
from luodi.commentary.population import Span, members
from luodi.trust import clock, ledger, people


@dataclass(frozen=True)
class SampleCard:
    """A sample with its kind's words and how many cases stand where."""

    row: Sample
    kind: tables.Kind
    scope: str
    span: Span
    stands: dict[str, int]

    @property
    def open(self) -> int:
        """Cases that are not closed."""
        return self.row.size - self.stands.get(Stands.CLOSED, 0)

    @property
    def unassigned(self) -> int:
        return self.stands.get(Stands.UNASSIGNED, 0)

    @property
    def standing(self) -> list[tuple[Any, int]]:
        """Words and count of each state that any case has."""
        return [(NAMES[stands], self.stands[stands]) for stands in Stands if stands in self.stands]


class Redrawn(NamedTuple):
    """The drawing made again from the ledger: its members in order, and whether they and the seed are the kept ones."""

    members: list[int]
    population: int
    same: bool


def samples(limit: int = 40) -> list[SampleCard]:
    """The newest samples first."""
    return _cards(list(Sample.objects.order_by("-pk")[:limit]))


def sample(pk: int) -> SampleCard:
    """One sample. Raises NotFound."""
    found = _cards(list(Sample.objects.filter(pk=pk)))
    if not found:
        raise refusals.NotFound
    return found[0]


def _cards(rows: list[Sample]) -> list[SampleCard]:
    moment = clock.now()
    judged = load(Case.objects.filter(sample__in=rows))
    stands = {row.pk: Counter(str(j.stands(moment)) for j in judged if j.case.sample_id == row.pk) for row in rows}
    return [
        SampleCard(row, tables.kinds()[row.kind], _scope(row), Span(row.start, row.end), dict(stands[row.pk]))
        for row in rows
    ]


def _scope(row: Sample) -> str:
    asked = tables.kinds()[row.kind].scope
    return {"staff": people.name, "unit": people.unit_name}[asked](row.scope) if asked else ""


def redrawn(pk: int) -> Redrawn:
    """Draw a sample again from its head alone. Raises NotFound."""
    row = Sample.objects.filter(pk=pk).first()
    if row is None:
        raise refusals.NotFound
    kind, span = tables.kinds()[row.kind], Span(row.start, row.end)
    numbers = [member.number for member in members(kind, row.scope, row.head, span)]
    start, end = (moment.astimezone(clock.HOSPITAL_ZONE).isoformat() for moment in span)
    seed = drawing.seed(ledger.anchor(row.head).digest, row.kind, start, end, row.scope)
    again = drawing.draw(seed, numbers, drawing.size(len(numbers), kind.per_mille, kind.least))
    number = "encounter" if kind.of == "record" else "prescription"
    kept = list(row.cases.order_by("place").values_list(number, flat=True))
    return Redrawn(again, len(numbers), again == kept and seed == row.seed and len(numbers) == row.population)


def commentators() -> list[tuple[int, str]]:
    """Who may comment now: key and name, by name."""
    names = people.names(people.who_may("commentary.comment"))
    return sorted(names.items(), key=lambda pair: pair[1])
