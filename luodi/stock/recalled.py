"""Lot numbers that the whole hospital has recalled: nothing of them comes in, whatever unit receives."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.stock import refusals
from luodi.stock.models import Lot, LotNumber, Movement

ZERO = Decimal(0)
CAME_IN = (Movement.Kind.OPENING, Movement.Kind.RECEIPT)
INTO_PACKAGES = (Movement.Kind.DISPENSE, Movement.Kind.RETURN, Movement.Kind.TAKEBACK)


def hold(medicine: str, lot_no: str) -> LotNumber:
    """The row of a lot number, held until the act ends. Inside an act."""
    LotNumber.objects.get_or_create(medicine=medicine, lot_no=lot_no)
    row: LotNumber = LotNumber.objects.select_for_update().get(medicine=medicine, lot_no=lot_no)
    return row


def require_wanted(medicine: str, lot_no: str) -> None:
    """Raises BadStock where the lot number is recalled. Whoever brings goods in asks first, before any lot is held."""
    if hold(medicine, lot_no).recalled:
        raise refusals.BadStock(
            code="lot_number_recalled",
            message=_("这一批号已被全院召回，不能入库。"),
            next=_("请单独存放，按召回办理退回。"),
            status=409,
        )


class Figures(NamedTuple):
    """One lot in one unit: what came in, what is on the shelf, what went into packages, what else moved it.

    came_in + others - packed = on_hand, by the law of stock.
    """

    lot: int
    unit: int
    lot_no: str
    state: str
    place: str
    on_hand: Decimal
    came_in: Decimal
    packed: Decimal
    others: Decimal


def figures(medicine: str, lot_nos: Sequence[str]) -> list[Figures]:
    """The lots of these numbers in all units, by unit and number."""
    lots = list(Lot.objects.filter(medicine=medicine, lot_no__in=lot_nos).order_by("unit", "lot_no", "expiry"))
    sums: dict[int, dict[str, Decimal]] = {lot.pk: defaultdict(Decimal) for lot in lots}
    for lot, kind, qty in Movement.objects.filter(lot__in=list(sums)).values_list("lot", "kind", "qty"):
        sums[lot]["came_in" if kind in CAME_IN else "packed" if kind in INTO_PACKAGES else "others"] += qty
    return [
        Figures(
            lot.pk, lot.unit_id, lot.lot_no, lot.state, lot.place, lot.on_hand,
            sums[lot.pk]["came_in"], -sums[lot.pk]["packed"], sums[lot.pk]["others"],
        )
        for lot in lots
    ]  # fmt: skip


def numbers(medicine: str) -> list[str]:
    """Lot numbers of a medicine that any unit has had, the newest first."""
    rows = Lot.objects.filter(medicine=medicine).order_by("-pk").values_list("lot_no", flat=True)
    return list(dict.fromkeys(rows))


def issued(since: datetime) -> list[tuple[str, str]]:
    """(medicine, lot number) of what went into packages since a moment, the newest first, each once."""
    rows = Movement.objects.filter(kind=Movement.Kind.DISPENSE, at__gte=since).order_by("-pk")
    return list(dict.fromkeys(rows.values_list("lot__medicine", "lot__lot_no")))
