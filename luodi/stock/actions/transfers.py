"""调拨: asked for, sent, on the way, received; what is missing is a case until somebody settles it.

What is on its way belongs to the source: on hand everywhere plus on the way is conserved at every moment.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import F
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from luodi.stock import costs, papers, recalled, refusals, shelf
from luodi.stock.actions.places import require_allowed, short
from luodi.stock.models import Cargo, Lot, Movement, Transfer, TransferLine
from luodi.stock.picking import Need, Short
from luodi.trust import once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

ZERO = Decimal(0)


@act("transfer.ask", may="stock.transfer")
def ask(
    by: Actor, source: int, wants: Sequence[tuple[str, Decimal]], *, unit: int | None = None, idempotency: str = ""
) -> int:
    """请领: ask another place for goods, for the own unit or one that it keeps. Returns the transfer's pk.

    Raises BadStock, NotYours, NotFound where the source is no place, TokenUsed.
    """
    return _asked(by, source, wants, unit or by.unit, idempotency)


@act("cabinet.refill", may="cabinet.use")
def refill(by: Actor, unit: int, source: int, wants: Sequence[tuple[str, Decimal]], *, idempotency: str = "") -> int:
    """基数补充: ask for what a cabinet of the own ward lacks of its par. Returns the transfer's pk. Raises as `ask`."""
    return _asked(by, source, wants, unit, idempotency)


def _asked(by: Actor, source: int, wants: Sequence[tuple[str, Decimal]], unit: int, idempotency: str) -> int:
    about("unit", unit)
    papers.require_keeps(by, unit)
    token = once.token(idempotency)
    papers.hold_place(source)
    if token and (before := Transfer.objects.filter(idempotency=token).first()):
        if (before.unit_id, before.source_id) != (unit, source):
            raise once.TokenUsed
        evidence(repeated=True)
        return before.pk
    if source == unit or not wants:
        raise refusals.BadStock(message=_("请选择另一个库存点，并至少写一种药品。"))
    for medicine, qty in wants:
        papers.require_goods(medicine, qty)
        require_allowed(unit, medicine)
    row = Transfer.objects.create(
        unit_id=unit, source_id=source, state="asked", staff_id=by.staff, at=now(), idempotency=token
    )
    TransferLine.objects.bulk_create(
        TransferLine(transfer=row, medicine=medicine, wanted=qty) for medicine, qty in dict(wants).items()
    )
    papers.told(by, Transfer, row.pk, "asked")
    evidence(transfer=row.pk, lines=len(wants), source=source)
    return row.pk


@act("transfer.send", may="stock.transfer")
def send(by: Actor, pk: int, given: Mapping[str, Decimal], *, rev: int) -> None:
    """出库: what is given of each medicine leaves the source, first expired first, and is on its way.

    given: medicine → quantity, at most what was asked; what is left out is not given.
    Raises StockShort with nothing written, PaperMoved, NotYours, BadStock.
    """
    row = papers.held(Transfer, pk)
    papers.require_keeps(by, row.source_id)
    wanted = dict(row.lines.values_list("medicine", "wanted"))
    given = {medicine: qty for medicine, qty in sorted(given.items()) if qty}
    if not given or any(
        medicine not in wanted or not ZERO < qty <= wanted[medicine] for medicine, qty in given.items()
    ):
        raise refusals.BadStock(message=_("发出数量要大于零，且不超过请领数量。"))
    papers.move(by, row, ["asked"], "sent", rev)
    plan = shelf.pick(row.source_id, [Need(0, medicine, qty) for medicine, qty in given.items()], lock=True)
    if plan.shorts:
        raise short(tuple(Short(*each) for each in plan.shorts))
    drawn = shelf.issue(by, Movement.Kind.SEND, pk, plan.picks)
    Cargo.objects.bulk_create(
        Cargo(transfer=row, lot_id=lot, sent=qty, on_way=qty, value=value) for lot, (qty, value) in drawn.items()
    )
    evidence(lots=sorted(drawn))


@act("transfer.receive", may="stock.transfer")
def receive_transfer(by: Actor, pk: int, arrived: Mapping[int, Decimal], *, rev: int, reason: str = "") -> None:
    """接收确认: what arrived of each cargo (pk → quantity; all must be named). What lacks stays on its way, as a case.

    Raises PaperMoved, NotYours, BadStock: more than was sent, or something lacks without a reason.
    """
    _received(by, pk, arrived, rev, reason)


@act("cabinet.receive", may="cabinet.use")
def receive_refill(by: Actor, pk: int, arrived: Mapping[int, Decimal], *, rev: int, reason: str = "") -> None:
    """The ward confirms what came for its cabinet. Raises as `receive_transfer`."""
    _received(by, pk, arrived, rev, reason)


def _received(by: Actor, pk: int, arrived: Mapping[int, Decimal], rev: int, reason: str) -> None:
    row = papers.held(Transfer, pk)
    papers.require_keeps(by, row.unit_id)
    cargo = _cargo(row)
    if arrived.keys() != {each.pk for each in cargo} or any(
        not (qty := arrived[each.pk]).is_finite() or not ZERO <= qty <= each.on_way for each in cargo
    ):
        raise refusals.BadStock(message=_("每一批都要填写实收数量，且不超过发出数量。"))
    lacks = any(arrived[each.pk] < each.on_way for each in cargo)
    if lacks:
        papers.require_reason(reason)
    papers.move(by, row, ["sent"], "differs" if lacks else "received", rev, reason)
    _arrive(by, row, cargo, arrived)
    evidence(cargo=len(cargo), lacks=lacks)


@act("transfer.settle", may="stock.approve")
def settle(by: Actor, pk: int, outcome: str, reason: str, *, rev: int) -> None:
    """Settle what lacked. outcome: found (it arrived after all), returned (it never left), lost (written off).

    By another person than the one who received. Raises OtherPerson, PaperMoved, BadStock.
    """
    row = papers.held(Transfer, pk)
    papers.require_reason(reason)
    if outcome not in ("found", "returned", "lost"):
        raise refusals.BadStock(message=_("请选择差异的处理结果。"))
    if papers.who(Transfer, pk, "differs") == by.staff:
        raise refusals.OtherPerson
    papers.move(by, row, ["differs"], "received", rev, f"{outcome}: {reason}"[:200])
    cargo = [each for each in _cargo(row) if each.on_way]
    if outcome == "found":
        _arrive(by, row, cargo, {each.pk: each.on_way for each in cargo})
    else:
        back = _turn_back(by, row, cargo)
        if outcome == "lost":
            shelf.amend(by, {lot: -qty for lot, qty in back.items()}, Movement.Kind.ADJUST, pk)
    evidence(outcome=outcome, cargo=len(cargo))


@act("transfer.cancel", may="stock.transfer")
def cancel_transfer(by: Actor, pk: int, reason: str, *, rev: int) -> None:
    """Either side before it was sent, the source afterwards: what is on its way goes back, once.

    Raises PaperMoved, NotYours, BadStock without a reason.
    """
    row = papers.held(Transfer, pk)
    papers.require_reason(reason)
    if not papers.keeps(by, row.source_id) and not (row.state == "asked" and papers.keeps(by, row.unit_id)):
        raise refusals.NotYours
    papers.move(by, row, ["asked", "sent"], "cancelled", rev, reason)
    back = _turn_back(by, row, _cargo(row))
    evidence(lots=sorted(back))


def _cargo(row: Transfer) -> list[Cargo]:
    ordered = row.cargo.select_related("lot").order_by("lot__medicine", "lot__expiry", "lot")
    return list(ordered.select_for_update(of=("self",)))


def _arrive(by: Actor, row: Transfer, cargo: Sequence[Cargo], arrived: Mapping[int, Decimal]) -> None:
    """Into the target's own lot of the same number: blocked there if blocked at the source or recalled meanwhile."""
    goods, values = {}, {}
    numbers = sorted({(each.lot.medicine, each.lot.lot_no) for each in cargo if arrived[each.pk]})
    unwanted = {number for number in numbers if recalled.hold(*number).recalled}
    for each in cargo:
        qty = arrived[each.pk]
        if not qty:
            continue
        value = _unload(each, qty)
        of = each.lot
        state = Lot.State.RECALLED if (of.medicine, of.lot_no) in unwanted else of.state
        lot, new = Lot.objects.get_or_create(
            unit_id=row.unit_id, medicine=of.medicine, lot_no=of.lot_no, expiry=of.expiry, defaults={"state": state}
        )
        if not new and state != Lot.State.USABLE and lot.state == Lot.State.USABLE:
            shelf.set_state(lot.pk, state, lot.rev)
        goods[lot.pk], values[lot.pk] = qty, value
    shelf.bring_all(by, goods, Movement.Kind.ARRIVE, document=row.pk, values=values)


def _turn_back(by: Actor, row: Transfer, cargo: Sequence[Cargo]) -> dict[int, Decimal]:
    goods = {each.lot_id: each.on_way for each in cargo if each.on_way}
    values = {each.lot_id: _unload(each, each.on_way) for each in cargo if each.on_way}
    shelf.bring_all(by, goods, Movement.Kind.BACK, document=row.pk, values=values)
    return goods


def _unload(each: Cargo, qty: Decimal) -> Decimal:
    """Take it off the way, with its share of the value; the last takes the rest. Returns the value."""
    value = each.value if qty == each.on_way else costs.rounded(each.value * qty / each.on_way)
    left = Cargo.objects.filter(pk=each.pk, on_way__gte=qty).update(
        on_way=Round(F("on_way") - qty, precision=shelf.DIGITS), value=each.value - value
    )
    if not left:
        raise refusals.PaperMoved(facts={"cargo": each.pk})
    return value
