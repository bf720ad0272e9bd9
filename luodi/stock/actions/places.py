"""Where stock lies, how much of what it should hold, and doses taken out of a ward cabinet."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from luodi.stock import figures, papers, refusals, shelf
from luodi.stock.models import Minimum, Movement, Permit, Place, Use, UseEnd
from luodi.stock.picking import Need
from luodi.terms import queries as terms
from luodi.terms.vocabulary import said_lazy
from luodi.trust import once, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now


@act("stock.place", may="stock.place")
def set_place(by: Actor, unit: int, kind: str, ward: int | None = None) -> int:
    """Let a unit hold stock. kind: Place.Kind; a cabinet or cart names the ward that keeps it. Returns its pk.

    Raises BadStock for a senseless kind or ward, NotFound.
    """
    about("unit", unit)
    wards = kind in (Place.Kind.CABINET, Place.Kind.CART)
    if people.unit(unit) is None or (ward is not None and people.unit(ward) is None):
        raise refusals.NotFound
    if kind not in Place.Kind.values or wards != (ward is not None) or ward == unit:
        raise refusals.BadStock(message=_("备药柜和急救车要写明所属病区，药库和药房不写。"))
    row, _new = Place.objects.get_or_create(
        unit_id=unit, defaults={"kind": kind, "ward_id": ward, "staff_id": by.staff, "at": now()}
    )
    if (row.kind, row.ward_id) != (kind, ward):
        raise refusals.BadStock(message=_("这个科室已经登记为另一种库存点。"), status=409)
    evidence(kind=kind, ward=ward)
    return row.pk


@act("stock.permit", may="stock.approve_large")
def permit(by: Actor, unit: int, medicine: str, reason: str) -> None:
    """Allow a cabinet to hold what no cabinet may hold otherwise. Raises BadStock without a reason."""
    about("unit", unit)
    papers.require_reason(reason)
    Permit.objects.create(unit_id=unit, medicine=medicine, reason=reason.strip()[:200], staff_id=by.staff, at=now())
    evidence(medicine=medicine)


@act("stock.levels", may="stock.place")
def set_levels(by: Actor, unit: int, medicine: str, least: Decimal, most: Decimal) -> None:
    """Bounds of a medicine in a place from now on; of a cabinet `most` is its par (基数), 0 takes it off the list.

    Raises BadStock; Barred where a cabinet has no permit for the medicine.
    """
    about("unit", unit)
    papers.require_goods(medicine, least, Decimal(0))
    papers.require_goods(medicine, most, Decimal(0))
    if most < least:
        raise refusals.BadStock(message=_("上限不能低于下限。"))
    require_allowed(unit, medicine)
    last = Minimum.objects.filter(unit=unit, medicine=medicine).order_by("-pk").first()
    if last is None or (last.least, last.most) != (least, most):
        Minimum.objects.create(unit_id=unit, medicine=medicine, least=least, most=most, staff_id=by.staff, at=now())
    evidence(medicine=medicine, least=least, most=most)


def require_allowed(unit: int, medicine: str) -> None:
    """Raises BadStock where a ward's cabinet may not hold the medicine, as concentrated potassium chloride."""
    cabinet = Place.objects.filter(unit=unit, ward__isnull=False).exists()
    if cabinet and figures.is_barred(medicine) and not Permit.objects.filter(unit=unit, medicine=medicine).exists():
        raise refusals.BadStock(
            code="cabinet_barred",
            message=_("这种高浓度药品不得在病区备用。"),
            next=_("确需备用的，由药学部主任逐柜批准。"),
            facts={"medicine": medicine},
            status=409,
        )


@act("cabinet.use", may="cabinet.use")
def use(
    by: Actor, unit: int, medicine: str, qty: Decimal, patient: int, *,
    prescription: int | None = None, idempotency: str = "",
) -> int:  # fmt: skip
    """急用: take a dose out of a cabinet of the own ward for a patient, first expired first. Returns the use's pk.

    Raises NotYours, StockShort, BadStock, TokenUsed, access.NoCare.
    """
    about("cabinet", unit, patient=patient)
    papers.require_keeps(by, unit)
    papers.require_goods(medicine, qty)
    token = once.token(idempotency)
    papers.hold_place(unit)
    before = Use.objects.filter(idempotency=token).first() if token else None
    if before is not None:
        if (before.unit_id, before.medicine, before.qty, before.patient_id) != (unit, medicine, qty, patient):
            raise once.TokenUsed
        evidence(repeated=True)
        return before.pk
    plan = shelf.pick(unit, [Need(0, medicine, qty)], lock=True)
    if plan.shorts:
        raise short(plan.shorts)
    row = Use.objects.create(
        unit_id=unit, medicine=medicine, qty=qty, patient_id=patient, prescription=prescription,
        staff_id=by.staff, at=now(), idempotency=token,
    )  # fmt: skip
    shelf.issue(by, Movement.Kind.USE, row.pk, plan.picks)
    evidence(use=row.pk, medicine=medicine, qty=qty, prescription=prescription)
    return row.pk


@act("cabinet.unuse", may="cabinet.use")
def unuse(by: Actor, pk: int, reason: str) -> None:
    """The dose was cancelled or refused, unopened: it goes back into the cabinet, once. Raises PaperMoved, BadStock."""
    row = Use.objects.filter(pk=pk).select_for_update().first()
    if row is None:
        raise refusals.NotFound
    about("cabinet", row.unit_id, patient=row.patient_id)
    papers.require_keeps(by, row.unit_id)
    papers.require_reason(reason)
    if UseEnd.objects.filter(use=row).exists():
        raise refusals.PaperMoved(message=_("这一剂已经退回备药柜。"))
    UseEnd.objects.create(use=row, reason=reason.strip()[:200], staff_id=by.staff, at=now())
    shelf.restore(by, [Movement.Kind.USE], row.pk, Movement.Kind.UNUSE)
    evidence(use=pk)


def short(shorts: tuple) -> refusals.StockShort:
    """The refusal that names what is short."""
    cards = [(terms.medicine(each.medicine), each) for each in shorts]
    return refusals.StockShort(
        [(f"{c.generic} {c.strength}", s.wanted, s.on_hand, said_lazy(c.pack_unit, c.form)) for c, s in cards if c],
        [s.medicine for _card, s in cards],
    )
