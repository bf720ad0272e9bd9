"""Places and what they hold, lack and should buy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from django.db.models import Sum

from luodi.stock import figures
from luodi.stock.models import (
    Account,
    Cargo,
    DeliveryLine,
    Lot,
    Minimum,
    Movement,
    Order,
    Place,
    Supplier,
    Transfer,
    Use,
)  # fmt: skip
from luodi.stock.ordering import came, lines_of
from luodi.terms import queries as terms
from luodi.trust import people
from luodi.trust.clock import now, today
from luodi.trust.question import DAY, NUMBER, TEXTS, Question

ZERO = Decimal(0)
USED = ("dispense", "return", "takeback", "use", "unuse", "send", "back")
OPEN_ORDERS = ("submitted", "approved", "sent", "partial")
_AVAILABLE = Question(
    lambda unit, on, medicines: (
        Lot.objects.filter(unit=unit, medicine__in=medicines, state=Lot.State.USABLE, expiry__gte=on, on_hand__gt=0)
        .order_by()
        .values("medicine")
        .annotate(held=Sum("on_hand"))
        .values_list("medicine", "held")
    ),
    NUMBER,
    DAY,
    TEXTS,
)


def available(unit: int, medicines: Iterable[str]) -> dict[str, Decimal]:
    """Medicine → what may be picked in a unit today, every code asked for being there: for 缺药 beside a line."""
    codes = sorted(set(medicines))
    return dict.fromkeys(codes, ZERO) | dict(_AVAILABLE.all(unit, today(), codes))


def at_best(medicine: str) -> Decimal | None:
    """The most that one pharmacy has to give of a medicine today; None where no pharmacy is a place yet."""
    units = Place.objects.filter(kind=Place.Kind.PHARMACY).values_list("unit", flat=True)
    return max((available(unit, [medicine])[medicine] for unit in units), default=None)


class PlaceCard(NamedTuple):
    """A place; `value` in yuan, `ward` None where the unit keeps itself."""

    unit: int
    name: str
    kind: str
    ward: int | None
    medicines: int
    value: Decimal


def places() -> list[PlaceCard]:
    """Every place, stores first, with what lies there."""
    rows = list(Place.objects.order_by("pk"))
    names = people.unit_names([row.unit_id for row in rows])
    order = list(Place.Kind.values)
    held: dict[int, tuple[int, Decimal]] = {}
    for unit, value in Account.objects.filter(qty__gt=0).values_list("unit", "value"):
        count, total = held.get(unit, (0, ZERO))
        held[unit] = (count + 1, total + value)
    cards = [
        PlaceCard(row.unit_id, names[row.unit_id], row.kind, row.ward_id, *held.get(row.unit_id, (0, ZERO)))
        for row in rows
    ]
    return sorted(cards, key=lambda card: order.index(card.kind))


def cabinets(ward: int) -> list[PlaceCard]:
    """The cabinets and carts of a ward."""
    return [card for card in places() if card.ward == ward]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to buy of a medicine, and the figures it comes from: quantities in pack units, `daily` a day."""

    medicine: str
    drug: Any
    used: Decimal
    daily: Decimal
    on_hand: Decimal
    coming: Decimal
    least: Decimal | None
    most: Decimal | None
    qty: Decimal
    price: Decimal

    @property
    def why(self) -> dict[str, str]:
        names = ("used", "daily", "on_hand", "coming", "least", "most")
        return {name: str(value) for name in names if (value := getattr(self, name)) is not None}


def suggestions(unit: int) -> list[Suggestion]:
    """What a place should order.

    daily = used over the window / days of the window; wanted = daily x (lead + cover + safety days), at least the
    minimum, at most the maximum where one is set; ordered = wanted - on hand - on order, rounded up to a whole unit,
    once on hand + on order is at or below daily x (lead + safety days) or below the minimum. Figures: `figures.csv`.
    """
    usable, levels, used, coming = _usable(unit), bounds(unit), _used(unit), on_order(unit)
    cost = dict(Account.objects.filter(unit=unit).values_list("medicine", "cost"))
    found = []
    for medicine in sorted(usable.keys() | levels.keys() | used.keys()):
        least, most = levels.get(medicine, (None, None))
        daily = used.get(medicine, ZERO) / figures.days("window_days")
        held, way = usable.get(medicine, ZERO), coming.get(medicine, ZERO)
        lead, safety, cover = (figures.number(f"{name}_days") for name in ("lead", "safety", "cover"))
        point = max(daily * (lead + safety), least or ZERO)
        wanted = max(daily * (lead + cover + safety), least or ZERO)
        wanted = most if most is not None and (wanted > most or wanted <= point) else wanted
        if held + way > point or point == 0 or wanted <= held + way:
            continue
        qty = (wanted - held - way).to_integral_value(ROUND_CEILING)
        found.append(
            Suggestion(
                medicine, terms.medicine(medicine), used.get(medicine, ZERO), round(daily, 3), held, way, least, most,
                qty, last_price(medicine, cost.get(medicine, ZERO)),
            )
        )  # fmt: skip
    return found


def bounds(unit: int) -> dict[str, tuple[Decimal, Decimal | None]]:
    """Medicine → (least, most) of a place; the newest row counts."""
    rows = Minimum.objects.filter(unit=unit).order_by("pk").values_list("medicine", "least", "most")
    return {medicine: (least, most) for medicine, least, most in rows}


def _usable(unit: int) -> dict[str, Decimal]:
    rows = Lot.objects.filter(unit=unit, state=Lot.State.USABLE, expiry__gte=today())
    return dict(rows.order_by().values("medicine").annotate(held=Sum("on_hand")).values_list("medicine", "held"))


def _used(unit: int, days: int | None = None) -> dict[str, Decimal]:
    since = now() - timedelta(days=days or figures.days("window_days"))
    rows = Movement.objects.filter(lot__unit=unit, kind__in=USED, at__gte=since).order_by()
    summed = rows.values("lot__medicine").annotate(q=Sum("qty")).values_list("lot__medicine", "q")
    return {medicine: max(-qty, ZERO) for medicine, qty in summed}


def on_order(unit: int) -> dict[str, Decimal]:
    """Medicine → ordered or asked for and not there yet."""
    found: dict[str, Decimal] = {}
    for order in Order.objects.filter(unit=unit, state__in=OPEN_ORDERS).values_list("pk", flat=True):
        got = came(order)
        for line in lines_of(order):
            found[line.medicine] = found.get(line.medicine, ZERO) + max(line.qty - got.get(line.medicine, ZERO), ZERO)
    asked = Transfer.objects.filter(unit=unit, state="asked").values_list("lines__medicine", "lines__wanted")
    way = Cargo.objects.filter(transfer__unit=unit, on_way__gt=0).values_list("lot__medicine", "on_way")
    for medicine, qty in [*asked, *way]:
        found[medicine] = found.get(medicine, ZERO) + qty
    return found


def last_price(medicine: str, otherwise: Decimal = ZERO) -> Decimal:
    """The price of the last delivery, in yuan a unit."""
    rows = DeliveryLine.objects.filter(medicine=medicine, accepted__gt=0).order_by("-pk")
    price: Decimal | None = rows.values_list("price", flat=True).first()
    return round(otherwise, 4) if price is None else price


def price_changes(limit: int = 100) -> list[tuple[Any, datetime, Decimal, Decimal]]:
    """(drug, when, before, after) of deliveries at another price than the one before, the newest first."""
    last: dict[str, Decimal] = {}
    found = []
    rows = DeliveryLine.objects.filter(accepted__gt=0).select_related("delivery").order_by("pk")
    for row in rows:
        if last.get(row.medicine, row.price) != row.price:
            found.append((terms.medicine(row.medicine), row.delivery.at, last[row.medicine], row.price))
        last[row.medicine] = row.price
    return found[::-1][:limit]


def suppliers() -> list[tuple[int, str]]:
    """(pk, name) of every supplier."""
    return list(Supplier.objects.order_by("name").values_list("pk", "name"))


class Par(NamedTuple):
    """A medicine of a cabinet against its par."""

    medicine: str
    drug: Any
    par: Decimal
    usable: Decimal
    coming: Decimal

    @property
    def lacks(self) -> Decimal:
        return max(self.par - self.usable - self.coming, ZERO)


def pars(unit: int) -> list[Par]:
    """The fixed list of a cabinet."""
    usable, coming = _usable(unit), on_order(unit)
    return [
        Par(code, terms.medicine(code), most, usable.get(code, ZERO), coming.get(code, ZERO))
        for code, (_least, most) in sorted(bounds(unit).items())
        if most
    ]


def uses(unit: int, limit: int = 50) -> list[tuple[Use, Any, bool]]:
    """(dose, drug, whether it went back) out of a cabinet, the newest first. Names no patient."""
    rows = Use.objects.filter(unit=unit).select_related("ended").order_by("-pk")[:limit]
    return [(row, terms.medicine(row.medicine), hasattr(row, "ended")) for row in rows]


class Ageing(NamedTuple):
    """A lot that expires soon or moves slowly."""

    lot: Lot
    drug: Any
    days: int
    value: Decimal


def near_expiry(unit: int, days: int) -> list[Ageing]:
    """Lots with stock that expire within so many days, the first first."""
    until = today() + timedelta(days=days)
    return _ageing(Lot.objects.filter(unit=unit, on_hand__gt=0, expiry__lte=until).order_by("expiry", "medicine"), unit)


def slow(unit: int) -> list[Ageing]:
    """Lots of medicines of which nothing was used for the days of `slow_days`."""
    used = {medicine for medicine, qty in _used(unit, figures.days("slow_days")).items() if qty}
    rows = Lot.objects.filter(unit=unit, on_hand__gt=0).exclude(medicine__in=used).order_by("medicine", "expiry")
    return _ageing(rows, unit)


def _ageing(rows: Any, unit: int) -> list[Ageing]:
    cost = dict(Account.objects.filter(unit=unit).values_list("medicine", "cost"))
    return [
        Ageing(row, terms.medicine(row.medicine), (row.expiry - today()).days, row.on_hand * cost.get(row.medicine, 0))
        for row in rows
    ]


def out_of_stock(unit: int) -> list[tuple[str, Any]]:
    """Medicines that the unit has held or has a minimum of, and of which nothing may be picked: (code, drug)."""
    usable = {code for code, held in _usable(unit).items() if held}
    known = set(Lot.objects.filter(unit=unit).values_list("medicine", flat=True)) | bounds(unit).keys()
    return [(code, terms.medicine(code)) for code in sorted(known - usable)]


def value_at(head: int, unit: int | None = None) -> Decimal:
    """Worth of the stock of a unit, or of all, in yuan, as of a ledger head. What is on its way is counted nowhere."""
    rows = Movement.objects.all().as_of(head)
    rows = rows.filter(lot__unit=unit) if unit else rows
    return rows.aggregate(total=Sum("value"))["total"] or ZERO
