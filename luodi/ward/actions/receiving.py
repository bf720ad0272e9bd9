"""Before the bedside: nurse verification 护士核对 and ward receipt 病区接收."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import queries as pharmacy
from luodi.pharmacy.barcode import clean
from luodi.trust import clock
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

from .. import reasons
from ..models import Receipt
from ..refusals import WardRefused


@act("ward.verify", may="prescription.verify")
def verify(by: Actor, prescription: int, *, rev: int) -> None:
    """护士核对: the nurse accepts a reviewed prescription. Raises orders' refusals where it has moved."""
    card = prescriptions.header(prescription)
    about("prescription", prescription, patient=card.patient)
    orders.advance(by, prescription, Step.VERIFIED, {"version": card.version}, rev=rev)


@act("ward.send_back", may="prescription.verify")
def send_back(by: Actor, prescription: int, *, rev: int, reason: str) -> None:
    """The nurse returns a prescription to its doctor with a coded reason (kind `returned`; 护士条例 art. 17)."""
    card = prescriptions.header(prescription)
    about("prescription", prescription, patient=card.patient)
    if not reasons.known("returned", reason):
        raise WardRefused("reason_missing", _("退回必须选择原因"), _("请从列表中选择原因"))
    evidence(reason=reason)
    told = dict(reasons.choices("returned"))[reason]
    orders.advance(by, prescription, Step.RETURNED, {"reasons": [reason]}, rev=rev, text=told)


@act("ward.receive", may="ward.receive")
def receive(by: Actor, prescription: int, scanned: Sequence[str], *, rev: int) -> None:
    """病区接收: every package of a dispensed prescription was scanned, and no other.

    Raises WardRefused naming how many are missing or foreign.
    """
    card = prescriptions.header(prescription)
    about("prescription", prescription, patient=card.patient)
    expected = {package.barcode for package in pharmacy.packages(prescription)}
    seen = {clean(code) for code in scanned if code.strip()}
    if seen - expected:
        raise WardRefused(
            "receipt_foreign",
            _("扫描了 %(n)d 个不属于这张处方的药包") % {"n": len(seen - expected)},
            _("请把它们放到一边，扫描标签上是这位患者的药包"),
        )
    if expected - seen:
        raise WardRefused(
            "receipt_short",
            _("还有 %(n)d 个药包没有扫描（共 %(all)d 个）") % {"n": len(expected - seen), "all": len(expected)},
            _("请找齐再接收；确实缺少时联系药房"),
        )
    # the step first: whoever is second is told that it was taken
    orders.advance(by, prescription, Step.RECEIVED, {"scanned": len(seen)}, rev=rev)
    Receipt.objects.create(
        prescription_id=prescription, unit_id=by.unit, staff_id=by.staff, packages=len(seen), at=clock.now()
    )
    evidence(packages=len(seen))
