"""What packages a prescription asks for. Pure.

Outpatients get one package a line. Where doses are given at the bedside each planned dose is a package of its own,
and an as-needed line is packed dose by dose as far as its quantity reaches.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Protocol

from luodi.advice.amounts import in_units
from luodi.stock.picking import Need, shares
from luodi.terms.rulebook import DrugFact

THOUSANDTH = Decimal("0.001")
MOST_AS_NEEDED = 60  # packages of one as-needed line


class Line(Protocol):
    """The facts of a prescription line that filling reads."""

    pk: int
    medicine: str
    dose: Decimal
    dose_unit: str
    quantity: Decimal


def whole(lines: Iterable[Line], left: Mapping[int, Decimal]) -> list[Need]:
    """One package a line, of all that is left of it (`left`: line pk → quantity)."""
    return [Need(line.pk, line.medicine, left[line.pk]) for line in lines if line.pk in left]


def by_dose(line: Line, tasks: list[int], drug: DrugFact | None) -> list[Need]:
    """One package a planned dose (`tasks`, in time order), or a dose for as-needed lines without tasks.

    A dose takes the pack units that hold it, whole ones where an opened unit is not used again. Where the strength does
    not tell how many, the quantity is shared among the doses.
    """
    one = _units_of_a_dose(line, drug)
    if tasks:
        each = [one] * len(tasks) if one else shares(line.quantity, len(tasks))
        return [Need(line.pk, line.medicine, qty, task) for task, qty in zip(tasks, each, strict=True)]
    doses = int((line.quantity / one).to_integral_value(ROUND_FLOOR)) if one else 1
    if not 1 < doses <= MOST_AS_NEEDED:
        return [Need(line.pk, line.medicine, line.quantity)]
    return [Need(line.pk, line.medicine, one or line.quantity)] * doses


def _units_of_a_dose(line: Line, drug: DrugFact | None) -> Decimal | None:
    units = in_units(line.dose, line.dose_unit, drug) if drug else None
    if not units:
        return None
    if drug and drug.single_use:
        return units.to_integral_value(ROUND_CEILING)
    return max(units.quantize(THOUSANDTH, ROUND_HALF_UP), THOUSANDTH)
