"""Public readers: gates, their live readings, their history, and the replay of a weighing."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.insight import queries as insight
from luodi.insight.measure import Measure
from luodi.trust import clock, ledger, people, vault
from luodi.trust.refusal import Refusal

from .judgement import Judged, judge_all, overall
from .models import Criterion, FrozenReading, Gate, GateSignature, Verdict, Weighing


class Row(NamedTuple):
    """One criterion beside its reading."""

    criterion: Criterion
    measure: Measure
    judged: Judged


class Live(NamedTuple):
    """A gate as it would be judged now, at the last sealed head. Nothing is kept."""

    head: int
    rows: tuple[Row, ...]
    verdict: str


class Comparison(NamedTuple):
    """One criterion of a weighing: what was frozen, and what the same head gives now."""

    criterion: Criterion
    measure: Measure
    frozen: FrozenReading
    again: Judged
    same: bool


class Replay(NamedTuple):
    """A weighing computed again from the ledger head that it names."""

    weighing: Weighing
    verdict: str
    rows: tuple[Comparison, ...]

    @property
    def same(self) -> bool:
        """True where the verdict and every figure are the frozen ones."""
        return self.verdict == self.weighing.verdict and all(row.same for row in self.rows)


class Signatory(NamedTuple):
    """A signature with the signer's name and whether it still verifies against the kept bytes."""

    signature: GateSignature
    name: str
    valid: bool


def gates() -> list[Gate]:
    """The newest version of every gate, by code."""
    newest: dict[str, Gate] = {}
    for gate in Gate.objects.order_by("code", "version"):
        newest[gate.code] = gate
    return list(newest.values())


def gate(pk: int) -> Gate:
    """One gate. Raises Refusal (404)."""
    found = Gate.objects.filter(pk=pk).first()
    if found is None:
        raise _unknown()
    return found


def criteria(found: Gate) -> list[dict[str, Any]]:
    """What a gate asks, by the fields of a CriterionWish."""
    names = ("measure", "part", "bound", "target", "window_days", "minimum", "reason")
    return [{name: getattr(row, name) for name in names} for row in found.criteria.all()]


def live(found: Gate) -> Live:
    """Judge every criterion now, without freezing anything."""
    head = ledger.head()
    criteria = {criterion.pk: criterion for criterion in found.criteria.all()}
    judged = judge_all(found, clock.now(), head)
    rows = tuple(Row(criteria[j.criterion], insight.measure(criteria[j.criterion].measure), j) for j in judged)
    return Live(head, rows, overall(row.judged.verdict for row in rows))


def weighings(found: Gate) -> list[Weighing]:
    """Every weighing of every version of a gate, newest first."""
    return list(Weighing.objects.filter(gate__code=found.code).select_related("gate").order_by("-pk"))


def weighing(pk: int) -> Weighing:
    """One weighing. Raises Refusal (404)."""
    found = Weighing.objects.select_related("gate").filter(pk=pk).first()
    if found is None:
        raise _unknown()
    return found


def frozen(found: Weighing) -> list[tuple[FrozenReading, Measure]]:
    """What a weighing read, with the measure's definition as it is today."""
    readings = found.readings.select_related("criterion")
    return [(reading, insight.measure(reading.criterion.measure)) for reading in readings]


def replay(found: Weighing) -> Replay:
    """Compute a weighing again at its own head and windows: the same facts and definitions give the same verdict."""
    again = {judged.criterion: judged for judged in judge_all(found.gate, found.at, found.head)}
    rows = tuple(
        _compare(reading, again[reading.criterion_id]) for reading in found.readings.select_related("criterion")
    )
    return Replay(found, overall(row.again.verdict for row in rows), rows)


def signatories(found: Weighing) -> list[Signatory]:
    """Who signed a weighing, each signature verified against its kept bytes and key."""
    rows = list(found.signatures.all())
    names = people.names([row.staff_id for row in rows])
    return [
        Signatory(row, names[row.staff_id], vault.verify_signature(row.key_id, bytes(row.message), bytes(row.value)))
        for row in rows
    ]


def state(found: Gate) -> tuple[Weighing | None, str]:
    """The newest weighing of a gate and its verdict; (None, "no_data") where it was never weighed."""
    newest = found.weighings.first()
    return newest, newest.verdict if newest else Verdict.NO_DATA


def _compare(reading: FrozenReading, again: Judged) -> Comparison:
    same = (reading.value, reading.top, reading.bottom, reading.verdict) == (
        again.value, again.top, again.bottom, again.verdict,
    )  # fmt: skip
    return Comparison(reading.criterion, insight.measure(reading.criterion.measure), reading, again, same)


def _unknown() -> Refusal:
    return Refusal("gate_unknown", _("没有这个阶段门"), _("请从阶段门列表中选择"), status=404)
