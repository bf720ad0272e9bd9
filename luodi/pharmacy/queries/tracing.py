"""Where a lot went."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Sum

from luodi.orders import queries as prescriptions
from luodi.pharmacy.models import Dispense


class Traced(NamedTuple):
    """A prescription that a lot went to, with its packages. `state` prepared | handed."""

    prescription: int
    patient: int
    number: str
    packages: int
    qty: Decimal
    state: str
    at: datetime


def traced(lot: int) -> list[Traced]:
    """Prescriptions that a lot went to, those on the bench first: the way of a recall to its patients."""
    rows = (
        Dispense.objects.filter(packages__picked__lot=lot, undone=None)
        .annotate(n=Count("packages__picked"), qty=Sum("packages__picked__qty"))
        .select_related("handed")
        .order_by("-at")
    )
    found = []
    for row in rows:
        handed = getattr(row, "handed", None)
        rx = prescriptions.header(row.prescription_id)
        state, at = ("handed", handed.at) if handed else ("prepared", row.at)
        found.append(Traced(rx.pk, rx.patient, rx.number, row.n, row.qty, state, at))
    return sorted(found, key=lambda t: t.state == "handed")
