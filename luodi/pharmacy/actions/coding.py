"""药品追溯码 scanned before the hand-over, each once."""

from collections.abc import Iterable

from django.db import IntegrityError
from django.db.models import Count
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.orders import moving
from luodi.orders import queries as prescriptions
from luodi.pharmacy import bench, coding, refusals
from luodi.pharmacy.models import Dispense, HandOver, Package, TraceAbsence, TraceCode, TraceEnd
from luodi.trust import once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.write import write

TAUGHT = 2  # packages that went out with a product before it is known what it is


@act("dispense.trace", may="dispense.hand")
def trace(by: Actor, prescription: int, code: str, *, package: int = 0, idempotency: str = "") -> int:
    """Note a code on a package of the live preparation. Returns the package.

    package: whose pack it stands on; where its product is known from several earlier hand-overs, that decides.
    Raises BadTrace: no code, out elsewhere (says on which prescription), of another product, already handed over.
    """
    card = prescriptions.header(prescription)
    about("prescription", card.pk, patient=card.patient)
    text, token = coding.cleaned(code), once.token(idempotency)
    if before := TraceCode.objects.filter(idempotency=token).first() if token else None:
        evidence(trace=before.pk, repeated=True)
        return before.package_id
    moving.hold(card.pk)
    row = _package(_open(card.pk), text, package)
    _require_free(text, row)
    try:
        with write():
            made = TraceCode.objects.create(
                code=text, product=coding.product(text), package=row, staff_id=by.staff, at=now(), idempotency=token
            )
    except IntegrityError as taken:
        raise _out(text) from taken
    evidence(trace=made.pk, package=row.pk)
    return row.pk


def _open(prescription: int) -> Dispense:
    dispense = bench.live(prescription)
    if HandOver.objects.filter(dispense=dispense).exists():
        raise refusals.BadTrace(message=_("药品已经发出，不能再登记追溯码。"), status=409)
    return dispense


def _package(dispense: Dispense, code: str, chosen: int) -> Package:
    """The package whose product this code names, by what was handed over before, else the chosen one."""
    packages = list(dispense.packages.order_by("seq"))
    known = _known(coding.product(code))
    row = next((each for each in packages if each.pk == chosen), None)
    if known and (row is None or row.medicine not in known):
        row = next((each for each in packages if each.medicine in known), None)
        if row is None:
            raise refusals.BadTrace(
                message=_("这个追溯码属于另一种药品，不在这张处方里。"), next=_("请核对药盒，取对药品后再扫描。")
            )
    if row is None:
        raise refusals.BadTrace(message=_("请选择这个追溯码是哪一种药的。"))
    return row


def _known(product: str) -> set[str]:
    """Medicines that this product was handed over as before; a single package, which may be a slip, teaches nothing."""
    earlier = TraceCode.objects.filter(product=product, package__dispense__handed__isnull=False)
    counted = earlier.order_by().values("package__medicine").annotate(n=Count("package", distinct=True))
    return {medicine for medicine, n in counted.values_list("package__medicine", "n") if n >= TAUGHT}


def _require_free(code: str, row: Package) -> None:
    found = TraceCode.objects.filter(code=code, out=True).first()
    if found is None:
        return
    if found.package_id == row.pk:
        raise refusals.BadTrace(message=_("这个追溯码刚才已经扫过。"), next=_("请扫描下一盒。"), status=409)
    raise _out(code)


def _out(code: str) -> refusals.BadTrace:
    """The refusal that says on which prescription a code is out, and since when; never whose it is."""
    found = TraceCode.objects.filter(code=code, out=True).select_related("package__dispense").first()
    if found is None:
        return refusals.BadTrace(message=_("这个追溯码刚刚被别人登记。"), status=409)
    number = prescriptions.header(found.package.dispense.prescription_id).number
    day = found.at.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d")
    return refusals.BadTrace(
        code="trace_out",
        message=format_lazy(_("这个追溯码已在 {day} 登记在处方 {number}，不能再发。"), day=day, number=number),
        next=_("请把这一盒单独存放，报告药房负责人查明来源。"),
        facts={"trace": found.pk},
        status=409,
    )


@act("dispense.untrace", may="dispense.hand")
def untrace(by: Actor, prescription: int, trace: int) -> None:
    """Take back a code that was scanned by mistake, before the hand-over. Raises NotFound, BadTrace."""
    card = prescriptions.header(prescription)
    about("prescription", card.pk, patient=card.patient)
    moving.hold(card.pk)
    dispense = _open(card.pk)
    row = TraceCode.objects.filter(pk=trace, package__dispense=dispense, out=True).first()
    if row is None:
        raise refusals.NotFound()
    free(by, [row], TraceEnd.Why.MISTAKE)
    evidence(trace=row.pk)


@act("dispense.trace_absent", may="dispense.hand")
def trace_absent(by: Actor, prescription: int, package: int, reason: str) -> None:
    """Say why a package has no code. reason: a code of `coding.ABSENT`. Raises BadTrace, NotFound."""
    card = prescriptions.header(prescription)
    about("prescription", card.pk, patient=card.patient)
    if reason not in coding.ABSENT:
        raise refusals.BadTrace(message=_("请选择没有追溯码的原因。"))
    moving.hold(card.pk)
    row = _open(card.pk).packages.filter(pk=package).first()
    if row is None:
        raise refusals.NotFound()
    TraceAbsence.objects.get_or_create(package=row, defaults={"reason": reason, "staff_id": by.staff, "at": now()})
    evidence(package=row.pk, reason=reason)


def free(by: Actor, rows: Iterable[TraceCode], why: str) -> None:
    """Free codes, each once, inside an act."""
    for row in rows:
        if TraceCode.objects.filter(pk=row.pk, out=True).update(out=False):
            TraceEnd.objects.create(trace=row, why=why, staff_id=by.staff, at=now())
