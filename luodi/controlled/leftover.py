"""How much of an opened ampoule is left: computed from the signed dose and the printed strength."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.advice.amounts import in_units
from luodi.controlled import refusals
from luodi.terms import queries as terms
from luodi.trust.clock import today

FOUR = Decimal("0.0001")


def amounts(line: Any, medicine: str) -> tuple[Decimal, Decimal, str]:
    """(issued, given, unit) of one dose: whole pack units opened, and the signed dose. Raises BadEntry."""
    drug = terms.ruleset(today()).drugs.get(medicine)
    units = in_units(line.dose, line.dose_unit, drug) if drug else None
    if drug is None or not units or drug.amount is None:
        raise refusals.BadEntry(message=_("规格不足以算出残余量，请报告麻精专管员。"))
    opened = units.to_integral_value(rounding="ROUND_CEILING")
    return (opened * drug.amount).quantize(FOUR), (units * drug.amount).quantize(FOUR), drug.amount_unit
