"""欠药: what of a prescription is still to be given, what may be held back, and until when it may be fetched. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.controlled import duties
from luodi.pharmacy.refusals import BadPart
from luodi.stock.picking import Need
from luodi.trust.clock import HOSPITAL_ZONE
from luodi.trust.tables import in_force

_FILE = Path(__file__).parent / "data" / "debts.csv"
NOTHING = Decimal(0)
CLOSING = timedelta(days=90)  # past its time a debt can still be seen and closed without an emergency access
ENDS = {
    "unwanted": _("患者不再需要"),
    "elsewhere": _("患者已在别处取得"),
    "replaced": _("医师已另开处方"),
    "late": _("逾期未取"),
}


def until(visit_class: str, at: datetime) -> datetime | None:
    """The first moment in which the rest may no longer be fetched; None where this class is not handed out in parts."""
    on = at.astimezone(HOSPITAL_ZONE).date()
    days = next((int(row["days"]) for row in in_force(_FILE, on) if row["visit_class"] == visit_class), None)
    return None if days is None else datetime.combine(on + timedelta(days=days), datetime.min.time(), HOSPITAL_ZONE)


def rest(lines: Sequence[Any], given: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Line pk → what is still to be given of it, in pack units; lines given whole are left out."""
    left = {line.pk: line.quantity - given.get(line.pk, NOTHING) for line in lines}
    return {pk: qty for pk, qty in left.items() if qty > 0}


def offered(lines: Sequence[Any], left: Mapping[int, Decimal], on_hand: Mapping[str, Decimal]) -> dict[int, Decimal]:
    """Line pk → what the shelf can give of it now: all of it, or whole pack units of what is there.

    A line of a bag that cannot be given whole takes the other lines of its bag with it; a controlled drug is given
    whole or not at all.
    """
    stock, part = dict(on_hand), {}
    for line in lines:
        if line.pk not in left:
            continue
        there = max(stock.get(line.medicine, NOTHING), NOTHING)
        wanted = left[line.pk]
        qty = wanted if there >= wanted else there.to_integral_value(ROUND_FLOOR)
        if qty < wanted and duties.kept(line.medicine):
            qty = NOTHING
        part[line.pk] = qty
        stock[line.medicine] = there - qty
    broken = {line.bag for line in lines if line.bag and part.get(line.pk, NOTHING) < left.get(line.pk, NOTHING)}
    return {line.pk: NOTHING if line.bag in broken else part[line.pk] for line in lines if line.pk in part}


def parted(
    lines: Sequence[Any], needs: Sequence[Need], part: Mapping[int, Decimal], lacking: Collection[str]
) -> list[Need]:
    """The needs of a part. lacking: the medicines of which the shelf holds less than is needed.

    Raises BadPart: nothing is given, more than is due, something held back that is there, half a bag, or half of a
    controlled drug.
    """
    due = {need.line: need for need in needs}
    if not part.keys() <= due.keys() or any(qty < 0 or qty > due[line].qty for line, qty in part.items()):
        raise BadPart(message=_("本次发出的数量须在 0 和应发数量之间。"))
    if not any(part.values()):
        raise BadPart(message=_("至少要发出一种药品；都没有库存时请退回医师或等待到货。"))
    by_pk = {line.pk: line for line in lines}
    short_bags = {by_pk[pk].bag for pk in due if by_pk[pk].bag and due[pk].medicine in lacking}
    for pk, need in due.items():
        _require_part(by_pk[pk], need, part.get(pk, NOTHING), lacking, short_bags)
    return [replace(need, qty=part[need.line]) for need in needs if part.get(need.line, NOTHING) > 0]


def _require_part(line: Any, need: Need, qty: Decimal, lacking: Collection[str], short_bags: Collection[int]) -> None:
    if qty == need.qty:
        if line.bag in short_bags:
            raise BadPart(message=_("同一组输液须一起发出：请把这一组都记为 0。"))
        return
    if line.bag in short_bags and qty == 0:
        return
    if need.medicine not in lacking:
        raise BadPart(message=_("库存足够的药品须足量发出，不能记欠药。"))
    if qty > 0 and line.bag:
        raise BadPart(message=_("同一组输液须一起发出：请把这一组都记为 0。"))
    if qty > 0 and duties.kept(need.medicine):
        raise BadPart(message=_("麻醉、精神药品不能只发一部分：请足量发出，或记为 0。"))
