"""What the screens of the room share: who may see a prescription, its names, its banner."""

from typing import Any

from django.utils.translation import get_language

from luodi.advice.types import Finding
from luodi.chart import queries as chart
from luodi.orders import queries
from luodi.orders.cards import PrescriptionCard
from luodi.orders.forms import KINDS
from luodi.orders.loop import STATE, Step
from luodi.trust import people

EDITABLE = (Step.DRAFTED, Step.RETURNED)
MARKS = {
    Step.DRAFTED: "",
    Step.RETURNED: "caution",
    Step.STOPPED: "critical",
    Step.EXPIRED: "critical",
    Step.OWED: "caution",
    Step.DISPENSED: "done",
    Step.RECEIVED: "done",
}


def seen(request: Any, pk: int, version: int | None = None) -> PrescriptionCard:
    """The prescription, its patient noted as shown. Raises NotFound, NoCare."""
    card = queries.prescription(pk, version)
    request.saw(card.patient)
    return card


def banner(card: PrescriptionCard) -> dict[str, Any]:
    return chart.banner(card.patient, card.encounter)


def mine(request: Any, card: PrescriptionCard) -> bool:
    """True where this person may write on it: the author, or a colleague of the unit once it is returned."""
    by = request.actor
    return by.staff == card.prescriber or (card.step is Step.RETURNED and by.unit == card.unit)


def posted_rev(request: Any) -> int:
    """The rev that the person saw, as posted with the form; 0, which no row has, where the form lacks it."""
    text = str(request.POST.get("rev", ""))
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def about(card: PrescriptionCard) -> dict[str, Any]:
    """Words for one prescription."""
    return {
        "rx": card,
        "kind": KINDS[card.kind],
        "state": STATE[card.step],
        "mark": MARKS.get(card.step, "info"),
        "prescriber": people.name(card.prescriber),
        "unit_name": people.unit_name(card.unit),
    }


def spoken(findings: list[Finding]) -> list[Finding]:
    """Findings in the language of the screen."""
    if not (get_language() or "").startswith("en"):
        return findings
    return [
        finding._replace(why=finding.why_en or finding.why, instead=finding.instead_en or finding.instead)
        for finding in findings
    ]
