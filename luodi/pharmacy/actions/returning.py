"""退药: goods come back from the window or a ward, wait apart, and a second person judges them once.

Legal base: 医疗机构药事管理规定 (drugs handed out are not taken back but for their quality; see data/SOURCE.md).
"""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.controlled import duties
from luodi.orders import moving
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import refusals, taking
from luodi.pharmacy.actions.coding import free
from luodi.pharmacy.models import Decision, HandOver, Package, Return, ReturnedLot, TraceCode, TraceEnd
from luodi.pharmacy.queries import back
from luodi.stock import shelf
from luodi.stock.queries import blocked_by
from luodi.stock.refusals import joined
from luodi.trust import access, once, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now


@act("dispense.take_back", may="dispense.hand")
def take_back(
    by: Actor, package: int, lots: Mapping[int, Decimal], reason: str, *, intact: bool, idempotency: str = ""
) -> int:
    """退药 at the window: so much of each lot of a package, as its bearer brings it. Returns the return's pk.

    reason: a code of `taking.reasons`. intact: unopened, with its label. idempotency: a token of the form.
    Raises BadReturn, TokenUsed.
    """
    return _ask(by, package, lots, taking.WINDOW, reason, intact, idempotency)


@act("dispense.give_back", may="ward.receive")
def give_back(by: Actor, package: int, reason: str, *, intact: bool, idempotency: str = "") -> int:
    """退药 by a ward: a whole package whose dose was not given. Returns the return's pk.

    The ward has made sure that no dose was given out of it. Raises BadReturn, TokenUsed.
    """
    return _ask(by, package, {}, taking.WARD, reason, intact, idempotency)


def _ask(
    by: Actor, package: int, lots: Mapping[int, Decimal], origin: str, reason: str, intact: bool, idempotency: str
) -> int:
    row = _package(package)
    card = prescriptions.header(row.dispense.prescription_id)
    # who holds the package in hand may bring it; at the window the care for the patient may have ended long ago
    about("prescription", card.pk, patient=card.patient, care=origin == taking.WARD)
    token = once.token(idempotency)
    if before := Return.objects.filter(idempotency=token).first() if token else None:
        if before.package_id != row.pk:
            raise once.TokenUsed
        evidence(ret=before.pk, repeated=True)
        return before.pk
    _require_sort(row, origin, reason)
    moving.hold(card.pk)  # neither a second return nor a dose at the bedside passes this one unseen
    goods = _goods(row, lots, whole=origin == taking.WARD)
    if row.task_id and prescriptions.task(row.task_id).step is Step.ADMINISTERED:
        raise refusals.BadReturn(message=_("这个药包已经给患者用过，不能退药。"))
    ret = Return.objects.create(
        package=row, unit_id=row.dispense.unit_id, origin=origin, reason=reason, intact=intact,
        staff_id=by.staff, at=now(), idempotency=token,
    )  # fmt: skip
    ReturnedLot.objects.bulk_create(ReturnedLot(ret=ret, lot_id=lot, qty=qty) for lot, qty in goods.items())
    access.relate(card.patient, kind=_relation(ret), unit=ret.unit_id)
    evidence(ret=ret.pk, package=row.pk, origin=origin, reason=reason, intact=intact, lots=sorted(goods))
    return ret.pk


def _relation(ret: Return) -> str:
    """The kind of care relation that goods on the returns shelf make."""
    return f"return:{ret.pk}"


def _package(pk: int) -> Package:
    row = Package.objects.filter(pk=pk).select_related("dispense").first()
    if row is None:
        raise refusals.NotFound(message=_("系统中没有这个包装。"), next=_("请重新扫描包装标签。"))
    return row


def _require_sort(row: Package, origin: str, reason: str) -> None:
    handed = HandOver.objects.filter(dispense=row.dispense_id).first()
    if handed is None:
        raise refusals.BadReturn(message=_("这个包装没有发出过，不能退药。"), next=_("请用“退回调配”放回货架。"))
    if handed.to_ward != (origin == taking.WARD):
        raise refusals.BadReturn(message=_("发给患者的在窗口退药，发给病区的由病区退药。"))
    if reason not in taking.reasons(origin):
        raise refusals.BadReturn(message=_("请选择退药原因。"))
    if duties.kept(row.medicine):
        raise refusals.BadReturn(
            message=_("麻醉、精神药品不在这里退药。"), next=_("请按本院制度由两人登记交回和销毁。")
        )


def _goods(row: Package, lots: Mapping[int, Decimal], *, whole: bool) -> dict[int, Decimal]:
    """What comes back of which lot, checked against what the package still holds."""
    left = back.left_in(row.pk)
    goods = {lot: qty for lot, qty in (left if whole else lots).items() if qty}
    if not goods:
        raise refusals.BadReturn(message=_("这个包装已全部退药，或没有填写退回的数量。"))
    if any(qty < 0 or qty > left.get(lot, Decimal(0)) or qty != round(qty, 3) for lot, qty in goods.items()):
        raise refusals.BadReturn(message=_("退回的数量超过这个包装发出而未退的数量。"))
    return goods


@act("dispense.judge_return", may="dispense.check")
def judge(by: Actor, ret: int, outcome: str, words: str = "") -> None:
    """质量判定: to the shelf, wasted, or not taken back. Never by the one who took it back.

    outcome: a code of `taking.OUTCOMES`. What goes to the shelf goes into its own lot, at what it left for.
    Raises BadReturn, OwnWork, StockMoved where its lot was blocked just now.
    """
    row = Return.objects.select_for_update().filter(pk=ret, unit=by.unit).first()
    if row is None:
        raise refusals.NotFound()
    card = prescriptions.header(_package(row.package_id).dispense.prescription_id)
    about("prescription", card.pk, patient=card.patient)
    _require_open(by, row, outcome, words)
    goods = {each.lot_id: each.qty for each in row.lots.all()}
    if outcome == Decision.Outcome.RESTOCK:
        _require_fit(row)
        shelf.take_back(by, row.package.dispense_id, goods, row.pk)
        if not any(back.left_in(row.package_id).values()):  # of a part nobody knows which box came back
            free(by, TraceCode.objects.filter(package=row.package_id, out=True), TraceEnd.Why.RETURNED)
    Decision.objects.create(ret=row, outcome=outcome, words=words.strip()[:200], staff_id=by.staff, at=now())
    access.unrelate(card.patient, kind=_relation(row), unit=row.unit_id)
    evidence(ret=row.pk, outcome=outcome, lots=sorted(goods))


def _require_open(by: Actor, row: Return, outcome: str, words: str) -> None:
    if outcome not in taking.OUTCOMES:
        raise refusals.BadReturn(message=_("请选择判定结果。"))
    before = Decision.objects.filter(ret=row).first()
    if before is not None:
        raise refusals.BadReturn(
            code="return_judged", status=409,
            message=format_lazy(_("这笔退药已由 {who} 判定。"), who=people.name(before.staff_id)),
        )  # fmt: skip
    if row.staff_id == by.staff:
        raise refusals.OwnWork(
            message=_("退药须由收药人以外的药师判定。"),
            next=_("请另一位药师登录后判定。"),
            facts={"rule": "return_two"},
        )
    if outcome != Decision.Outcome.RESTOCK and not words.strip():
        raise refusals.BadReturn(message=_("报损或不予退药，请写明情况。"))


def _require_fit(row: Return) -> None:
    blocked = [blocked_by(each.lot.state, each.lot.expiry) for each in row.lots.select_related("lot")]
    why = taking.barred(row.origin, row.reason, row.package.medicine, intact=row.intact, blocked=blocked)
    if why:
        raise refusals.BadReturn(
            code="return_unfit",
            message=format_lazy(_("不能放回货架：{why}。"), why=joined(why)),
            next=_("请选择报损，或不予退药。"),
        )
