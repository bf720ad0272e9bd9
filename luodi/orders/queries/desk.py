"""What a doctor has at hand while prescribing."""

from collections import Counter
from datetime import timedelta

from luodi.orders import reading
from luodi.orders.cards import LineCard, PrescriptionCard
from luodi.orders.loop import Step
from luodi.orders.models import Line, Prescription
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.terms.cards import MedicineCard
from luodi.trust import clock

RECENT = timedelta(days=180)


def favourites(staff: int, limit: int = 12) -> list[MedicineCard]:
    """Drugs that this doctor signed most often in the last half year and that the formulary holds, most used first."""
    rows = Line.objects.filter(
        prescription__prescriber=staff, prescription__signed_at__gte=clock.now() - RECENT, drop__isnull=True
    )
    used = Counter(rows.values_list("medicine", flat=True))
    held = terms.ruleset(clock.today()).drugs if used else {}
    codes = sorted((code for code in used if code in held), key=lambda code: (-used[code], code))
    found = (terms.medicine(code) for code in codes[:limit])
    return [card for card in found if card is not None]


def habit(staff: int, medicine: str) -> LineCard | None:
    """How this doctor wrote the drug the last time, None where never."""
    row = (
        Line.objects.filter(prescription__prescriber=staff, medicine=medicine, prescription__signed_at__isnull=False)
        .filter(drop__isnull=True)
        .order_by("-pk")
        .first()
    )
    return reading.line_card(row, {}) if row else None


def of_encounter(encounter: int) -> list[PrescriptionCard]:
    """Prescriptions of one encounter, the latest first."""
    return reading.cards(list(Prescription.objects.filter(encounter=encounter).order_by("-pk")))


def earlier(patient: int, *, but: int = 0, limit: int = 5) -> list[PrescriptionCard]:
    """The person's last signed prescriptions, the latest first, for copying from."""
    rows = Prescription.objects.filter(patient__in=patients.person(patient), signed_at__isnull=False).exclude(pk=but)
    rows = rows.exclude(step=Step.RETURNED).order_by("-signed_at", "-pk")
    return reading.cards(list(rows[:limit]))
