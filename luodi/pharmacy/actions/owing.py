"""结清欠药: the debt of a prescription that was handed over in part ends without the rest."""

from django.utils.translation import gettext_lazy as _

from luodi.orders import actions as orders
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.pharmacy import bench, owing, refusals
from luodi.pharmacy.models import DebtEnd
from luodi.trust import access
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now


@act("dispense.end_debt", may="dispense.hand")
def end_debt(by: Actor, prescription: int, reason: str, *, rev: int | None = None) -> None:
    """Close what is owed to a patient. reason: a code of `owing.ENDS`.

    Raises BadPart for an unknown reason and where nothing is owed or the rest lies prepared, and what orders.advance
    raises.
    """
    card = prescriptions.prescription(prescription)
    about("prescription", card.pk, patient=card.patient)
    if reason not in owing.ENDS:
        raise refusals.BadPart(message=_("请选择结清欠药的原因。"))
    if card.step is not Step.OWED:
        raise refusals.BadPart(
            message=_("这张处方现在没有可结清的欠药。"), next=_("余药已调配时请先退回调配。"), status=409
        )
    left = bench.rest(card)
    packages = bench.handed_packages(card.pk)
    orders.advance(by, card.pk, Step.DISPENSED, {"packages": packages, "ended": reason}, rev=rev)
    access.unrelate(card.patient, kind=bench.debt_relation(card.pk), unit=bench.live(card.pk).unit_id)
    DebtEnd.objects.create(prescription_id=card.pk, staff_id=by.staff, at=now(), reason=reason)
    evidence(reason=reason, packages=packages, lines=len(left))
