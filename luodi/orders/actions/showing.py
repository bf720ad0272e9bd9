"""What the pad shows while a prescription is written: kept once, so that it can be told what was changed instead."""

from collections.abc import Sequence

from luodi.advice.types import Finding
from luodi.orders import reading
from luodi.orders.models import Prescription, Shown
from luodi.orders.shown import unseen
from luodi.trust import clock
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor


@act("prescription.shown", may="prescription.draft")
def note_shown(by: Actor, prescription: int, findings: Sequence[Finding]) -> None:
    """Keep that these findings were shown on the working version; what was noted before is not noted again."""
    rx: Prescription = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    fresh = unseen(rx.pk, rx.version, findings)
    for finding in fresh:
        Shown.objects.create(
            prescription=rx, version=rx.version, key=finding.key, rule=finding.rule, grade=str(finding.grade),
            at=clock.now(),
        )  # fmt: skip
    evidence(version=rx.version, findings=[[finding.key, str(finding.grade)] for finding in fresh])
