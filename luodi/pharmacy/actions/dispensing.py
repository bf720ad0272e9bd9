"""配发药: prepare, second check, hand over, and the way back.

Legal base: 处方管理办法 art. 33-37 (four checks, ten matches), 点评规范 item 1-3 (preparer and checker are two people).
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.controlled import register, two
from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.orders.refusals import LoopMoved
from luodi.pharmacy import barcode, bench, coding, owing, refusals
from luodi.pharmacy.actions.coding import free
from luodi.pharmacy.models import (
    Check,
    Dispense,
    HandOver,
    Mismatch,
    Package,
    Picked,
    TraceCode,
    TraceEnd,
    Undoing,
)
from luodi.pharmacy.queries import codes
from luodi.stock import shelf
from luodi.stock.picking import Need, Pick
from luodi.stock.refusals import BadStock
from luodi.trust import access, once, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now

IDENTIFIERS = {
    "name": _("姓名"),
    "birth_date": _("出生日期"),
    "record_no": _("病案号"),
    "id_card": _("身份证件"),
}
UNDO_REASONS = {
    "wrong_item": _("取错药品或数量"),
    "lot_blocked": _("批次被召回、隔离或过期"),
    "damaged": _("包装破损"),
    "changed": _("医师要求修改"),
    "stopped": _("处方已停止或过期"),
    "uncollected": _("患者未取药"),
}


@act("dispense.prepare", may="dispense.prepare")
def prepare(by: Actor, prescription: int, *, rev: int, part: Mapping[int, Decimal] | None = None) -> int:
    """Pick a reviewed prescription, first expired first out, from the actor's unit. Returns the dispensing's pk.

    Writes the lots' decrements, one movement a lot, and one labelled package a line (bedside: a dose).
    part: line pk → quantity in pack units, where the shelf lacks something: only this is filled, the rest is owed.
    Raises StockShort with nothing written, BadPart, StockMoved, and what orders.advance raises.
    """
    card = prescriptions.prescription(prescription)
    about("prescription", card.pk, patient=card.patient)
    if rev != card.rev:  # what is left was read at this rev
        raise LoopMoved(card.step)
    needs = bench.needs(card)
    count = len(needs) if part is None else sum(qty > 0 for qty in part.values())
    orders.advance(by, card.pk, Step.PREPARED, {"packages": count}, rev=rev)
    plan = shelf.pick(by.unit, needs, lock=True)
    if part is not None:
        needs = _part(card, needs, part, {short.medicine for short in plan.shorts})
        plan = shelf.pick(by.unit, needs)
    if plan.shorts:
        raise bench.short(card, plan.shorts)
    attempt = Dispense.objects.filter(prescription=card.pk).count() + 1
    dispense = Dispense.objects.create(
        prescription_id=card.pk, attempt=attempt, version=card.version, unit_id=by.unit, preparer_id=by.staff, at=now()
    )
    two.name(card.number, _ordered_in(card))
    shelf.take(by, dispense.pk, plan.picks)
    _pack(dispense, needs, plan.picks)
    # as long as the packages lie there the unit has to do with the patient, also past the prescription's own time
    access.relate(card.patient, kind=_lying(dispense), unit=by.unit)
    evidence(dispense=dispense.pk, attempt=attempt, packages=len(needs), lots=sorted({p.lot for p in plan.picks}))
    return dispense.pk


def _part(card: Any, needs: list[Need], part: Mapping[int, Decimal], lacking: set[str]) -> list[Need]:
    if Step.RECEIVED in card.route or owing.until(card.visit_class, now()) is None:
        raise refusals.BadPart(
            message=_("这类处方须整张发出，不能先发一部分。"), next=_("请等待到货，或退回医师修改。")
        )
    return owing.parted(card.lines, needs, part, lacking)


def _ordered_in(card: Any) -> str:
    return people.unit_name(card.unit)


def _lying(dispense: Dispense) -> str:
    """The kind of care relation that a preparation on the bench makes."""
    return f"bench:{dispense.pk}"


def _pack(dispense: Dispense, needs: Sequence[Need], picks: Sequence[Pick]) -> None:
    packages = Package.objects.bulk_create(
        Package(
            dispense=dispense, barcode=barcode.new(), line_id=need.line, task_id=need.task,
            seq=seq, medicine=need.medicine, qty=need.qty,
        )
        for seq, need in enumerate(needs, 1)
    )  # fmt: skip
    Picked.objects.bulk_create(Picked(package=packages[p.need], lot_id=p.lot, qty=p.qty) for p in picks)


@act("dispense.check", may="dispense.check")
def check(by: Actor, prescription: int, scanned: Sequence[str], *, rev: int) -> None:
    """核对 by another person than the preparer: every package of the prescription was scanned.

    Raises OwnWork, WrongScan (says whose line a foreign package is, without identifiers), NotAllScanned, LotBlocked,
    and what orders.advance raises.
    """
    card = prescriptions.prescription(prescription)
    about("prescription", card.pk, patient=card.patient)
    dispense = bench.live(card.pk)
    if by.staff == dispense.preparer_id:
        raise refusals.OwnWork(
            message=_("核对须由调配人以外的药师完成。"),
            next=_("请另一位药师登录后扫描核对。"),
            facts={"rule": "preparer_checks"},
        )
    _require_scans(card, dispense, scanned)
    bench.require_fit(dispense)
    packages = bench.packages(dispense)
    orders.advance(by, card.pk, Step.CHECKED, {"scanned": packages}, rev=rev)
    Check.objects.create(dispense=dispense, checker_id=by.staff, at=now())
    evidence(dispense=dispense.pk, packages=packages)


def _require_scans(card: Any, dispense: Dispense, scanned: Iterable[str]) -> None:
    own = {package.barcode: package for package in dispense.packages.order_by("seq")}
    codes = {barcode.clean(code) for code in scanned}
    for code in sorted(codes - own.keys()):
        raise bench.wrong_scan(card, code)
    missing = [package for code, package in own.items() if code not in codes]
    if missing:
        words = bench.line_words(card)
        raise refusals.NotAllScanned([words[p.line_id] for p in missing[:5]], len(own))


@act("dispense.mismatch", may="dispense.check")
def mismatch(by: Actor, prescription: int, scanned: str, *, idempotency: str = "") -> str:
    """Record a scan at the second check that was not one of the prescription's packages (a near miss).

    Returns the kind: unknown | foreign | undone. idempotency: a token of the form, which counts once.
    Raises BadStock where the scan was right after all, TokenUsed.
    """
    card = prescriptions.prescription(prescription)
    about("prescription", card.pk, patient=card.patient)
    dispense = bench.live(card.pk)
    kind, package = bench.judge(dispense, barcode.clean(scanned))
    if not kind:
        raise BadStock(message=_("这个包装属于这张处方。"))
    columns = {"dispense": dispense, "kind": kind, "package": package, "staff_id": by.staff, "at": now()}
    if token := once.token(idempotency):
        Mismatch.objects.get_or_create(idempotency=token, defaults=columns)
    else:
        Mismatch.objects.create(**columns)
    evidence(dispense=dispense.pk, kind=str(kind), package=package.pk if package else None)
    return kind


@act("dispense.hand_over", may="dispense.hand")
def hand_over(
    by: Actor, prescription: int, *, rev: int, asked: Sequence[str] = (), shown: register.Shown | None = None
) -> None:
    """发药: to the patient, with at least two identifiers asked (codes of IDENTIFIERS, never values), or to the ward.

    Whether a ward receives is what the prescription's route says. shown: documents, asked for controlled drugs.
    What was not prepared of it is owed from now on.
    Raises AskTwo, controlled.refusals.BadEntry, LotBlocked, and what orders.advance raises.
    """
    card = prescriptions.prescription(prescription)
    about("prescription", card.pk, patient=card.patient)
    dispense = bench.live(card.pk)
    to_ward = Step.RECEIVED in card.route
    kept = sorted(set(asked) & IDENTIFIERS.keys())
    if not to_ward and len(kept) < 2:
        raise refusals.AskTwo()
    bench.require_fit(dispense)
    _require_codes(card.visit_class, dispense)
    packages = bench.packages(dispense)
    proof = {"packages": packages, "to": "ward" if to_ward else "patient", "asked": kept}
    owed = {} if to_ward else bench.rest_after(card, dispense)
    _advance_handed(by, card, proof, owed, rev, dispense.unit_id)
    register.record(
        by, card.pk, bench.given(dispense), dispenser=dispense.preparer_id, checker=dispense.checked.checker_id,
        to_ward=to_ward, shown=shown,
    )  # fmt: skip
    HandOver.objects.create(dispense=dispense, hander_id=by.staff, to_ward=to_ward, asked=kept, at=now())
    access.unrelate(card.patient, kind=_lying(dispense), unit=dispense.unit_id)
    evidence(dispense=dispense.pk, packages=packages, to=proof["to"], asked=kept, owed=len(owed))


def _require_codes(visit_class: str, dispense: Dispense) -> None:
    if coding.need(visit_class) != coding.REQUIRED:
        return
    held = codes.of_packages(list(dispense.packages.values_list("pk", flat=True)))
    if missing := sum(not each.done for each in held.values()):
        raise refusals.TraceMissing(missing)


def _advance_handed(
    by: Actor, card: Any, proof: dict[str, Any], owed: Mapping[int, Decimal], rev: int, unit: int
) -> None:
    """To the end, or to what is owed. As long as a unit owes it has to do with the patient."""
    debt = bench.debt_relation(card.pk)
    if not owed:
        orders.advance(by, card.pk, Step.DISPENSED, proof, rev=rev)
        if card.rest_until:
            access.unrelate(card.patient, kind=debt, unit=unit)
        return
    until = None if card.rest_until else owing.until(card.visit_class, now())
    orders.advance(by, card.pk, Step.OWED, proof | {"owed": len(owed)}, rev=rev, rest_until=until)
    if until:
        access.relate(card.patient, kind=debt, unit=unit, until=until + owing.CLOSING)


@act("dispense.undo", may="dispense.prepare")
def unprepare(by: Actor, prescription: int, reason: str, *, rev: int | None = None) -> None:
    """Undo a preparation that was not handed over: every lot gets back what it gave, by new movements.

    reason: a code of UNDO_REASONS. A stopped or lapsed prescription stays so; its stock is put back all the same.
    Raises BadStock for an unknown reason, NotFound where nothing lies prepared, what orders.advance raises.
    """
    card = prescriptions.prescription(prescription)
    about("prescription", card.pk, patient=card.patient)
    if reason not in UNDO_REASONS:
        raise BadStock(message=_("请选择退回调配的原因。"))
    dispense = bench.live(card.pk)
    if HandOver.objects.filter(dispense=dispense).exists():
        raise BadStock(
            code="already_handed", message=_("药品已经发出，不能退回调配。"), next=_("请按退药流程办理。"), status=409
        )
    if card.step not in (Step.STOPPED, Step.EXPIRED):
        _advance_undone(by, card, reason, rev)
    Undoing.objects.create(dispense=dispense, staff_id=by.staff, reason=reason, at=now())
    access.unrelate(card.patient, kind=_lying(dispense), unit=dispense.unit_id)
    two.name(card.number)
    free(by, TraceCode.objects.filter(package__dispense=dispense, out=True), TraceEnd.Why.UNDONE)
    back = shelf.put_back(by, dispense.pk)
    evidence(dispense=dispense.pk, reason=reason, lots=sorted(back))


def _advance_undone(by: Actor, card: Any, reason: str, rev: int | None) -> None:
    """Back before the preparation, or, where a part was handed over before, to what is owed."""
    if card.rest_until is None:
        orders.advance(by, card.pk, Step.UNPREPARED, {"reason": reason}, rev=rev)
    else:
        orders.advance(by, card.pk, Step.OWED, {"owed": len(bench.rest(card)), "undone": reason}, rev=rev)
