"""残余液: what is left of an opened ampoule is destroyed before a witness, and the amount is computed, not typed."""

from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.controlled import refusals, two
from luodi.controlled.actions.empties import HOWS
from luodi.controlled.leftover import FOUR, amounts
from luodi.controlled.models import Issue, Residue
from luodi.orders import queries as prescriptions
from luodi.orders.loop import Step
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.write import write


@act("controlled.residue", may="controlled.waste")
def waste_residue(by: Actor, issue: int, how: str, *, task: int | None = None) -> Decimal:
    """Destroy the rest of what was opened for one dose of an issue; returns the amount, in the unit of the strength.

    Issued are the whole pack units that hold the signed dose, given is that dose once its task is administered
    (`task`; None where the dose is given without planned tasks). how: a code of HOWS.
    Raises BadEntry where nothing is left over, the dose was not given, or the strength does not tell the amount;
    SecondMissing, NotFound.
    """
    row = Issue.objects.filter(pk=issue).first()
    if row is None:
        raise refusals.NotFound()
    about("issue", row.pk, patient=row.patient_id)
    if how not in HOWS:
        raise refusals.BadEntry(message=_("请选择销毁方式。"))
    line = _line(row, task)
    issued, given, unit = amounts(line, row.account.medicine)
    wasted = (issued - given).quantize(FOUR)
    if wasted <= 0:
        raise refusals.BadEntry(message=_("这一次用量没有残余液。"))
    facts = {
        "issue": row.pk,
        "task": task,
        "issued": issued,
        "given": given,
        "wasted": wasted,
        "unit": unit,
        "how": how,
    }
    columns = two.signed(by, **facts)
    try:
        with write():
            Residue.objects.create(
                issue=row, task_id=task, issued=issued, given=given, wasted=wasted, unit_word=unit, how=how, **columns
            )
    except IntegrityError as twice:
        raise refusals.BadEntry(code="residue_twice", message=_("这一次的残余液已经登记过。"), status=409) from twice
    evidence(wasted=wasted, unit=unit, how=how, second=two.pair(by).second)
    return wasted


def _line(row: Issue, task: int | None) -> Any:
    if task is not None:
        card = prescriptions.task(task)
        if card.line.pk != row.line_id:
            raise refusals.NotFound()
        if card.step != Step.ADMINISTERED:
            raise refusals.BadEntry(message=_("这一剂还没有给药，不能登记残余液。"))
        return card.line
    found = prescriptions.prescription(row.prescription_id)
    if found.bedside:
        raise refusals.BadEntry(message=_("请选择是哪一剂的残余液。"))
    return next(line for line in found.lines if line.pk == row.line_id)
