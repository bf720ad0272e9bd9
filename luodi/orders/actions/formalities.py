"""越级使用补办 (抗菌药物临床应用管理办法 art. 28): an antibacterial signed above the own tier in a rescue owes papers.

Signing makes the debt, with the hours of the rule in force. It stays open, and overdue, until a colleague who holds
the tier has looked at it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.orders import refusals
from luodi.orders.checking import Checked, rights
from luodi.orders.models import Formality, FormalityEnd, Line, Prescription
from luodi.patients import queries as patients
from luodi.trust import access, clock
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

FIELD = "orders.formality"
MOST_WORDS = 500
LOOKED_AT = timedelta(days=30)  # how long colleagues of the tier have to do with the patient for it


class Rescue(NamedTuple):
    medicine: str
    tier: int
    hours: int


def rescues(checked: Checked, medicines: list[str]) -> tuple[Rescue, ...]:
    """Drugs of the check that are signed above the tier: what the rule of rights asks about and does not refuse."""
    rules = {rule.code: rule for rule in checked.rules.of("antibiotic_right")}
    found = {}
    for finding in checked.asking:
        if finding.rule in rules and finding.line is not None:
            medicine = medicines[finding.line]
            hours = int(rules[finding.rule].parameters["paperwork_hours"])
            found[medicine] = Rescue(medicine, checked.rules.drugs[medicine].antibiotic_tier, hours)
    return tuple(found.values())


def owe(by: Actor, rx: Prescription, rows: list[Line], owed: tuple[Rescue, ...], at: datetime) -> list[str]:
    """Inside the signing act: one debt for each drug of the prescription, whatever its later versions."""
    lines = {row.medicine: row for row in rows}
    known = set(Formality.objects.filter(prescription=rx).values_list("medicine", flat=True))
    new = [each for each in owed if each.medicine not in known]
    Formality.objects.bulk_create(
        Formality(
            prescription=rx,
            line=lines[each.medicine],
            medicine=each.medicine,
            staff_id=by.staff,
            tier=each.tier,
            at=at,
            due_at=at + timedelta(hours=each.hours),
        )
        for each in new
    )
    if new:
        access.relate(rx.patient_id, kind="formality", post="doctor", until=at + LOOKED_AT)
    return [each.medicine for each in new]


def _seal(by: Actor, formality: int, agreed: bool, text: str) -> bytes:
    row = _load(formality)
    access.require_care(by, row.prescription.patient_id)
    words = text.strip()
    if not words or len(words) > MOST_WORDS:
        raise refusals.unknown("formality_words", _("请写明意见，最多 500 字。"))
    return patients.seal_for(row.prescription.patient_id, words, FIELD)


@act("formality.end", may="prescription.sign", prepare=_seal)
def end_formality(by: Actor, formality: int, agreed: bool, text: str, *, prepared: bytes = b"") -> None:
    """Confirm that the rescue was needed, or not, in words. Done once, by another doctor who holds the tier.

    Raises Refusal: not one's own, not above one's tier, not twice.
    """
    row = _load(formality)
    about("prescription", row.prescription_id, row.prescription.patient_id)
    if row.staff_id == by.staff:
        raise refusals.unknown("formality_own", _("本人开具的越级用药，须由他人确认。"), _("请有权限的医师确认。"))
    if rights(by.staff).antibiotic_tier < row.tier:
        raise refusals.unknown(
            "formality_tier", _("你没有这一级抗菌药物的处方权，不能确认。"), _("请有权限的医师确认。")
        )
    if FormalityEnd.objects.filter(formality=row).exists():
        raise refusals.unknown("formality_done", _("这一条已经补办。"), _("请刷新后查看。"))
    at = clock.now()
    FormalityEnd.objects.create(formality=row, staff_id=by.staff, at=at, agreed=agreed, words=prepared)
    evidence(formality=row.pk, agreed=agreed, late=at > row.due_at)


def _load(pk: int) -> Formality:
    row = Formality.objects.select_related("prescription").filter(pk=pk).first()
    if row is None:
        raise refusals.NotFound
    return row
