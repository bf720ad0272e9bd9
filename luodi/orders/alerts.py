"""What became of findings, as of a ledger head; and signatures whose check can be asked again of other rules."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, NamedTuple

from luodi.advice.types import Snapshot, Wish
from luodi.orders import basis
from luodi.orders.facts import Span
from luodi.orders.loop import Step
from luodi.orders.models import Answer, Basis, LoopStep, Shown, Signature
from luodi.patients import queries as patients
from luodi.trust import vault


class AlertFact(NamedTuple):
    """One finding that a prescriber saw, with its fate at the signature that followed.

    outcome: "answered" (signed over it with a reason), "changed" (gone when it was signed), "told" (needs no answer).
    returned: the pharmacist sent that version back.
    """

    prescription: int
    version: int
    key: str
    rule: str
    grade: str
    outcome: str
    code: str  # of the answer, "" where there is none
    returned: bool
    at: datetime


class Rechecked(NamedTuple):
    """A signature with what its check was asked (None where that was not kept or cannot be opened) and had found."""

    signature: int
    prescription: int
    version: int
    asked: tuple[Wish, Snapshot] | None
    found: tuple[dict[str, Any], ...]


def alerts(head: int, window: Span) -> list[AlertFact]:
    """Findings of the signatures in the window, and those shown before them, as far as the ledger head knows."""
    signed = _signed(head, window.start, window.end)
    touched = signed.values("prescription")
    answers: dict[tuple[int, str], str] = {
        (signature, finding): code
        for signature, finding, code in Answer.objects.filter(signature__in=signed.values("pk")).values_list(
            "signature", "finding", "code"
        )
    }
    steps = LoopStep.objects.as_of(head).filter(step=Step.RETURNED, prescription__in=touched)
    sent_back = set(steps.values_list("prescription", "version"))
    shown: dict[int, list[Any]] = defaultdict(list)
    for row in Shown.objects.as_of(head).filter(prescription__in=touched).order_by("pk"):
        shown[row.prescription_id].append(row)
    begun = _begun(Signature.objects.as_of(head).filter(prescription__in=touched))
    facts: list[AlertFact] = []
    for row in signed.only("prescription", "version", "at", "findings"):
        back = (row.prescription_id, row.version) in sent_back
        present = json.loads(row.findings)
        for found in present:
            code = answers.get((row.pk, found["key"]), "")
            outcome = "answered" if code else "told"
            facts.append(_fact(row, found["key"], found["rule"], found["grade"], outcome, code, back))
        kept = {found["key"] for found in present}
        for each in shown[row.prescription_id]:
            if each.key not in kept and begun[row.pk] < each.at <= row.at:
                kept.add(each.key)
                facts.append(_fact(row, each.key, each.rule, each.grade, "changed", "", back))
    return facts


def _fact(row: Any, key: str, rule: str, grade: str, outcome: str, code: str, back: bool) -> AlertFact:
    return AlertFact(row.prescription_id, row.version, key, rule, grade, outcome, code, back, row.at)


def _signed(head: int, start: datetime, end: datetime) -> Any:
    return Signature.objects.as_of(head).filter(at__gte=start, at__lt=end).order_by("pk")


def _begun(signatures: Any) -> dict[int, datetime]:
    """For a signature: the moment of the one before it on the same prescription, else the beginning of time."""
    found: dict[int, datetime] = {}
    last: dict[int, datetime] = {}
    for pk, prescription, at in signatures.order_by("version").values_list("pk", "prescription", "at"):
        found[pk] = last.get(prescription, datetime.min.replace(tzinfo=UTC))
        last[prescription] = at
    return found


def signed_count(head: int, start: datetime, end: datetime) -> int:
    """How many signatures of [start, end) the head knows."""
    return int(_signed(head, start, end).count())


def recheckable(head: int, start: datetime, end: datetime, after: int, limit: int) -> list[Rechecked]:
    """The next signatures of [start, end) after a key, with what their checks were asked. Nothing sealed leaves it."""
    rows = list(_signed(head, start, end).filter(pk__gt=after).select_related("prescription")[:limit])
    sealed = {row.signature_id: bytes(row.sealed) for row in Basis.objects.filter(signature__in=[r.pk for r in rows])}
    return [
        Rechecked(
            row.pk,
            row.prescription_id,
            row.version,
            _opened(row.prescription.patient_id, sealed.get(row.pk)),
            tuple(json.loads(row.findings)),
        )
        for row in rows
    ]


def _opened(patient: int, sealed: bytes | None) -> tuple[Wish, Snapshot] | None:
    if sealed is None:
        return None
    try:
        return basis.read(patients.open_for(patient, sealed, basis.FIELD))
    except (vault.Destroyed, ValueError):
        return None
