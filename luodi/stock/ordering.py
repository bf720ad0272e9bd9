"""What an order asks for, costs, and has brought so far."""

from decimal import Decimal

from luodi.stock.models import DeliveryLine, OrderLine


def lines_of(order: int) -> list[OrderLine]:
    """The lines of an order's newest version."""
    rows = OrderLine.objects.filter(order=order)
    newest = rows.order_by("-version").values_list("version", flat=True).first() or 0
    return list(rows.filter(version=newest).order_by("medicine"))


def total(order: int) -> Decimal:
    """What an order costs, in yuan."""
    return sum((line.qty * line.price for line in lines_of(order)), Decimal(0))


def came(order: int) -> dict[str, Decimal]:
    """Medicine → what was accepted of an order so far."""
    got: dict[str, Decimal] = {}
    for medicine, qty in DeliveryLine.objects.filter(delivery__order=order).values_list("medicine", "accepted"):
        got[medicine] = got.get(medicine, Decimal(0)) + qty
    return got
