"""What people write about a case: which codes it may name, the lines that they speak of, the words under seal."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.commentary import refusals, tables
from luodi.orders import facts as orders
from luodi.orders import queries as prescriptions
from luodi.patients import queries as patients
from luodi.pharmacy.reasons import NEED_TEXT
from luodi.trust import clock

TEXT_FIELD, STATE_FIELD, RULE_FIELD = "commentary.comment", "commentary.statement", "commentary.ruling"
LONGEST = 500


def lines_of(case: Any) -> list[Any]:
    """The lines of a case as its sheet numbers them, from 1: of the drawn version, or of all of a record."""
    if case.prescription_id:
        return list(prescriptions.prescription(case.prescription_id, version=case.version).lines)
    mine = orders.of_encounters([case.encounter_id])[case.encounter_id]
    return [line for card in prescriptions.prescriptions(mine) for line in card.lines]


def sealed(patient: int, text: str, field: str = TEXT_FIELD) -> bytes:
    """Words sealed for the patient. Raises BadComment where they are too long."""
    text = text.strip()
    if len(text) > LONGEST:
        raise refusals.BadComment(message=_("说明不能超过 500 字。"), next=_("请写得简短些。"))
    return patients.seal_for(patient, text, field) if text else b""


def require_codes(codes: Sequence[str], text: str) -> None:
    """Raises BadComment for a code that is not in force, or one that needs words and has none."""
    known = {item.code for item in tables.items(clock.today())}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise refusals.BadComment(
            message=format_lazy(_("没有这个代码：{code}"), code=unknown[0]), next=_("请从代码表中选择。")
        )
    if any(code in NEED_TEXT for code in codes) and not text.strip():
        raise refusals.BadComment(message=_("所选代码须写明具体情况。"), next=_("请在说明中写清楚。"))
