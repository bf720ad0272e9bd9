"""移动加权平均: what stock is worth, by unit and medicine. The functions run inside an act, called by the shelf alone.

A receipt adds its price; everything that leaves takes its share of the value, rounded half to even to a ten-thousandth
of a yuan, and the last of it takes the rest, so that no value is left where nothing lies. What comes back, or arrives
from elsewhere in the house, brings the value that it left with. What was found without a price takes the average.
Formula: cost' = (value + quantity in x price) / (quantity + quantity in).
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from luodi.stock.models import Account, Lot
from luodi.trust.question import NUMBER, NUMBERS, TEXTS, Question

FEN = Decimal("0.0001")
AVERAGE = Decimal("0.000001")
ZERO = Decimal(0)
_OF = Question(lambda lots: Lot.objects.filter(pk__in=lots).values_list("pk", "unit", "medicine"), NUMBERS)
_HELD = Question(
    lambda unit, medicines: (
        Account.objects.filter(unit=unit, medicine__in=medicines).order_by("medicine").select_for_update()
    ),
    NUMBER,
    TEXTS,
)


def rounded(value: Decimal) -> Decimal:
    """A value to a ten-thousandth of a yuan."""
    return value.quantize(FEN, ROUND_HALF_EVEN)


def post(moved: Mapping[int, Decimal], values: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Post movements (lot → quantity, signed) to the accounts. Returns lot → value, signed as the quantity.

    values: what goods that come in are worth; without one they take the average.
    The caller holds the lots: accounts are locked after them, in the order of medicines.
    """
    of = {pk: (unit, medicine) for pk, unit, medicine in _OF.all(list(moved))}
    accounts = _accounts(set(of.values()))
    worth = {}
    for lot, qty in moved.items():
        account = accounts[of[lot]]
        worth[lot] = _worth(account, qty, values.get(lot))
        account.qty += qty
        account.value += worth[lot]
        if account.qty:
            account.cost = (account.value / account.qty).quantize(AVERAGE, ROUND_HALF_EVEN)
    for key in sorted(accounts, key=lambda key: (key[1], key[0])):
        held = accounts[key]
        Account.objects.filter(pk=held.pk).update(qty=held.qty, value=held.value, cost=held.cost)
    return worth


def _worth(account: Account, qty: Decimal, value: Decimal | None) -> Decimal:
    if qty > 0:
        return rounded(qty * account.cost) if value is None else value
    if account.qty + qty <= 0:
        return -account.value
    return max(rounded(account.value * qty / account.qty), -account.value)


def _accounts(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Account]:
    keys = set(keys)
    units = {unit for unit, _medicine in keys}
    held = _locked(keys, units)
    if missing := sorted(keys - held.keys(), key=lambda key: (key[1], key[0])):
        for unit, medicine in missing:
            Account.objects.get_or_create(unit_id=unit, medicine=medicine)
        held = _locked(keys, units)
    return held


def _locked(keys: set[tuple[int, str]], units: set[int]) -> dict[tuple[int, str], Account]:
    return {
        (row.unit_id, row.medicine): row
        for unit in sorted(units)
        for row in _HELD.all(unit, sorted(medicine for each, medicine in keys if each == unit))
    }
