"""Doses, pack units and days of supply.

An amount is brought to the unit of the drug's dose range, or to pack units (片, 支, 瓶), by the printed strength.
What cannot be brought over is None, never a guess.
"""

from decimal import ROUND_CEILING, Context, Decimal

from luodi.advice.types import WishLine
from luodi.terms.rulebook import DrugFact, FrequencyFact

SCALE = {"g": Decimal(1000), "mg": Decimal(1), "ug": Decimal("0.001"), "mcg": Decimal("0.001"), "μg": Decimal("0.001")}
SAME = {"U": "IU", "u": "IU", "iu": "IU", "mL": "ml", "ML": "ml"}


def _plain(unit: str) -> str:
    return SAME.get(unit, unit)


def _scaled(value: Decimal, unit: str, target: str) -> Decimal | None:
    unit, target = _plain(unit), _plain(target)
    if unit == target:
        return value
    if unit in SCALE and target in SCALE:
        return value * SCALE[unit] / SCALE[target]
    return None


def _content(drug: DrugFact, unit: str) -> Decimal | None:
    """How much of `unit` one pack unit holds."""
    if _plain(unit) == _plain(drug.pack_unit):
        return Decimal(1)
    if _plain(unit) == "ml":
        return drug.volume_ml
    if drug.amount is not None:
        return _scaled(drug.amount, drug.amount_unit, unit)
    return None


def in_units(value: Decimal, unit: str, drug: DrugFact) -> Decimal | None:
    """How many pack units hold `value` of `unit`."""
    content = _content(drug, unit)
    return value / content if content else None


def convert(value: Decimal, unit: str, drug: DrugFact) -> Decimal | None:
    """`value` of `unit` in the unit of the drug's dose range."""
    direct = _scaled(value, unit, drug.dose_unit)
    if direct is not None:
        return direct
    units, content = in_units(value, unit, drug), _content(drug, drug.dose_unit)
    return units * content if units is not None and content is not None else None


def doses_supplied(line: WishLine, drug: DrugFact) -> Decimal | None:
    """Number of single doses in the quantity; an opened single-use unit is not used again."""
    if line.quantity is None or not line.dose:
        return None
    units = in_units(line.dose, line.dose_unit, drug)
    if not units:
        return None
    if drug.single_use:
        units = units.to_integral_value(ROUND_CEILING)
    return line.quantity / units


def per_day(line: WishLine, frequency: FrequencyFact | None) -> Decimal | None:
    """Doses a day: as written, else as the frequency table says."""
    if line.per_day is not None:
        return line.per_day
    return frequency.per_day if frequency else None


def days_supply(line: WishLine, drug: DrugFact, frequency: FrequencyFact | None) -> Decimal | None:
    """Whole days that the quantity lasts: ceil(quantity / (single dose x times a day)), 处方管理办法 art. 19.

    As-needed lines and lines whose quantity cannot be converted last as long as their stated days.
    The longer of both is taken where both are known.
    """
    rate = None if line.prn else per_day(line, frequency)
    doses = doses_supplied(line, drug)
    if frequency and frequency.once and doses is not None:
        counted = doses.to_integral_value(ROUND_CEILING)
    elif rate and doses is not None:
        # A seventh of a day's dose has six digits: one weekly dose lasts seven days, not eight.
        counted = (doses / rate).quantize(Decimal("0.001")).to_integral_value(ROUND_CEILING)
    else:
        return line.days
    return max(counted, line.days) if line.days is not None else counted


def text(value: Decimal) -> str:
    """A number as a person writes it: leading zero, no trailing zero, no exponent, six significant digits."""
    return f"{value.normalize(Context(prec=6)):f}"
