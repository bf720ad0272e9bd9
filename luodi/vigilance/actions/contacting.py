"""Telling the patients of a recall, and booking what comes back."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as patients
from luodi.patients import written
from luodi.trust import access, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.vigilance import codes, refusals
from luodi.vigilance.actions.recalling import OFFICER, held, relation
from luodi.vigilance.models import Contact, Recovery
from luodi.vigilance.queries.tracing import trace


@act("recall.contact", may="recall.manage")
def contact(
    by: Actor, case: int, patient: int, state: str, how: str, *, words: str = "", idempotency: str = ""
) -> None:
    """Record one try to tell a patient of the list. Raises Invalid, WrongStage, NotFound, TokenUsed."""
    row = held(case)
    found = trace(row.medicine, [lot.lot_no for lot in row.lots.all()])
    records = [record for record in patients.person(patient) if record in found.patients]
    if not records:
        raise refusals.NotFound(message=_("这位患者不在这次召回的名单上。"))
    if not access.related(records, relation(case)):
        access.relate(records[0], kind=relation(case), post=OFFICER)  # a package that went out beside the opening
    about("recall", case, patient=patient)
    token = once.token(idempotency)
    before = Contact.objects.filter(idempotency=token).first() if token else None
    if before is not None:
        if (before.case_id, before.patient_id) != (row.pk, patient):
            raise once.TokenUsed
        evidence(repeated=True)
        return
    if not codes.known("contact", state):
        raise refusals.Invalid(_("请选择联系的结果。"), "state")
    if not codes.known("how", how):
        raise refusals.Invalid(_("请选择联系的方式。"), "how")
    told = written.body(words, longest=500, field="words")
    Contact.objects.create(
        case=row, patient_id=patient, state=state, how=how, staff_id=by.staff, at=now(), idempotency=token,
        words=patients.seal_for(patient, told, "recall") if told else b"",
    )  # fmt: skip
    evidence(state=state, how=how)


@act("recall.recover", may="recall.manage")
def recover(by: Actor, case: int, package: int, lot: int, qty: Decimal, *, idempotency: str = "") -> None:
    """Book what came back of a package's lot, from home or from the ward; it goes apart, never to the shelf.

    Raises Invalid where more comes back than can be out, WrongStage, NotFound, TokenUsed.
    """
    row = held(case)
    token = once.token(idempotency)
    before = Recovery.objects.filter(idempotency=token).first() if token else None
    found = trace(row.medicine, [each.lot_no for each in row.lots.all()])
    piece = next((p for p in found.pieces if (p.carried.package, p.carried.lot) == (package, lot)), None)
    if piece is None:
        raise refusals.NotFound(message=_("这个包装不在这次召回中。"))
    about("recall", case, patient=piece.carried.patient)
    if before is not None:
        if (before.package_id, before.lot_id) != (package, lot):
            raise once.TokenUsed
        evidence(repeated=True)
        return
    if not qty.is_finite() or qty <= 0 or qty > piece.left or qty != round(qty, 3):
        raise refusals.Invalid(_("收回的数量要大于零，且不超过还在外面的数量。"), "qty")
    Recovery.objects.create(
        case=row, package_id=package, lot_id=lot, qty=qty, staff_id=by.staff, at=now(), idempotency=token
    )
    evidence(package=package, lot=lot, qty=qty)
