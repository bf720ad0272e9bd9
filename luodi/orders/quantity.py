"""How much a line needs, in pack units. Pure."""

from decimal import ROUND_CEILING, Decimal

from luodi.advice.amounts import in_units
from luodi.orders.split import doses
from luodi.terms.rulebook import DrugFact, FrequencyFact

MOST_QUANTITY = Decimal(100000)


def needed(drug: DrugFact, dose: Decimal, dose_unit: str, frequency: FrequencyFact, days: Decimal) -> Decimal | None:
    """Whole pack units for all doses; None where the number of doses or the amount in a unit is not known.

    An opened single-use unit (ampoule, vial) is not used again: each dose takes whole units.
    """
    count = doses(frequency, days)
    units = in_units(dose, dose_unit, drug)
    if count is None or units is None:
        return None
    if drug.single_use:
        return units.to_integral_value(ROUND_CEILING) * count
    # A third of a day's dose written with six digits must not cost a tablet more.
    return (units * count).quantize(Decimal("0.001")).to_integral_value(ROUND_CEILING)
