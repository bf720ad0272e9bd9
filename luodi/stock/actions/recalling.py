"""召回 of lot numbers in every unit of the hospital at once."""

from collections.abc import Iterable

from django.db.models import F

from luodi.stock import recalled
from luodi.stock.actions.lots import _require_reason
from luodi.stock.models import Lot, LotChange
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now


@act("stock.recall_everywhere", may="recall.manage")
def recall_everywhere(by: Actor, medicine: str, lot_nos: Iterable[str], reason: str) -> list[int]:
    """Turn all lots of a medicine with these numbers, in all units, to recalled; returns the lots turned.

    From here on nothing of them is picked, checked, handed over, given or received. A number that no unit has yet is
    refused when it comes. Raises BadStock for a missing or long reason.
    """
    about("medicine", 0)
    _require_reason(True, reason, needed=True)
    wanted = sorted(set(lot_nos))
    for lot_no in wanted:
        number = recalled.hold(medicine, lot_no)
        type(number).objects.filter(pk=number.pk).update(recalled=True)
    rows = Lot.objects.filter(medicine=medicine, lot_no__in=wanted).exclude(state=Lot.State.RECALLED)
    held = list(rows.select_for_update().order_by("medicine", "expiry", "pk"))
    turned = [lot.pk for lot in held]
    Lot.objects.filter(pk__in=turned).update(state=Lot.State.RECALLED, rev=F("rev") + 1)
    at = now()
    LotChange.objects.bulk_create(
        LotChange(lot=lot, state=Lot.State.RECALLED, reason=reason.strip(), staff_id=by.staff, at=at) for lot in held
    )
    evidence(medicine=medicine, lot_nos=wanted, lots=turned)
    return turned
