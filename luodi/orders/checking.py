"""The wish and the patient put before the rules: the same check for the live findings and for the signature."""

from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db.models import F
from django.utils import translation

from luodi.advice.check import check
from luodi.advice.kind import kind_for
from luodi.advice.types import CurrentDrug, Finding, Grade, Prescriber, Snapshot, Wish, WishLine
from luodi.chart import queries as chart
from luodi.orders.cards import LineCard, PrescriptionCard
from luodi.orders.dossiers import has_dossier
from luodi.orders.loop import Step
from luodi.orders.models import Line, PrescribingRight
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.terms.rulebook import Ruleset
from luodi.trust import clock, people
from luodi.trust.question import DAY, MOMENT, NUMBER, NUMBERS, Question

CONTROLLED = ("narcotic", "psych1", "psych2")
# A drug counts as taken from the signature on; a draft, a returned, stopped or lapsed prescription is not taken.
TAKEN = [
    Step.SIGNED,
    Step.REVIEWED,
    Step.PAID,
    Step.VERIFIED,
    Step.PREPARED,
    Step.CHECKED,
    Step.OWED,
    Step.DISPENSED,
    Step.RECEIVED,
]

_RIGHTS = Question(
    lambda staff, day: PrescribingRight.objects.filter(staff=staff, valid_to__gte=day).order_by("-since", "-pk")[:1],
    NUMBER, DAY,
)  # fmt: skip
_TAKEN = Question(
    lambda patients, since, but: Line.objects.filter(
        prescription__patient__in=patients, prescription__step__in=TAKEN, prescription__signed_at__gte=since,
        version=F("prescription__version"), drop__isnull=True,
    )
    .exclude(prescription=but)
    .select_related("prescription"),
    NUMBERS, MOMENT, NUMBER,
)  # fmt: skip


def rights(staff: int) -> Prescriber:
    """What this hospital lets the person prescribe today: the latest grant that has not run out, else nothing."""
    row = _RIGHTS.first(staff, clock.today())
    return Prescriber(row.antibiotic_tier, row.narcotic, row.assistant) if row else Prescriber()


def current_drugs(
    patient: int, on: date, *, but: int = 0, whole: patients.Person | None = None
) -> tuple[CurrentDrug, ...]:
    """Drugs signed for the person whose days of supply cover `on`, except those of one prescription."""
    taken = {}
    records = (whole or patients.whole(patient)).records
    for row in _TAKEN.all(records, clock.now() - timedelta(days=120), but):
        rx = row.prescription
        assert rx.signed_at is not None
        first = rx.signed_at.astimezone(clock.HOSPITAL_ZONE).date()
        days = int(row.days.to_integral_value(ROUND_CEILING))
        lapsed = (
            rx.valid_until is not None
            and rx.valid_until <= clock.now()
            and rx.rest_until is None  # a part of it is taken already
            and rx.step not in (Step.DISPENSED, Step.RECEIVED)
        )
        if first <= on < first + timedelta(days=days) and not lapsed:
            taken[(row.medicine, row.route)] = CurrentDrug(row.medicine, row.route)
    return tuple(taken.values())


def snapshot(card: PrescriptionCard, on: date) -> Snapshot:
    """The chart's snapshot with the drugs of the person's other prescriptions."""
    whole = patients.whole(card.patient)
    held = chart.snapshot(card.patient, card.encounter, on, whole)
    return held._replace(current=current_drugs(card.patient, on, but=card.pk, whole=whole))


def wish_line(line: LineCard) -> WishLine:
    return WishLine(
        medicine=line.medicine,
        dose=line.dose,
        dose_unit=line.dose_unit,
        route=line.route_code,
        frequency=line.frequency_code,
        per_day=line.per_day,
        days=line.days,
        quantity=line.quantity,
        prn=line.prn,
        usage=line.usage,
        reason=line.reason,
        chronic_reason=line.chronic_reason,
        over_tier_reason=line.over_tier_reason,
        skin_test=line.skin_test,
        skin_test_hours=_hours(line.skin_test_at),
        bag=line.bag,
        rate=line.rate,
        rate_unit=line.rate_unit,
    )


def _hours(at: datetime | None) -> Decimal | None:
    """Since that moment; None where it is not known, and for a moment that has not come."""
    passed = None if at is None else (clock.now() - at).total_seconds()
    return None if passed is None or passed < 0 else (Decimal(passed) / 3600).quantize(Decimal("0.1"))


def namesake(card: PrescriptionCard, staff: int) -> bool:
    """Whether the prescriber bears the patient's name, where a line is a drug that nobody prescribes for oneself."""
    if not any(line.control in ("narcotic", "psych1") for line in card.lines):
        return False
    with translation.override("zh-hans"):
        return people.name(staff).strip() == patients.card(card.patient).name.strip()


def kind_of(patient: Snapshot, visit_class: str, medicines: list[str], rules: Ruleset, chosen: str) -> str:
    """The form that the drugs call for; among the uncontrolled ones the form chosen by hand stays."""
    drugs = [rules.drugs[code] for code in medicines if code in rules.drugs]
    derived = kind_for(visit_class, patient.age_days, drugs)
    return derived if derived in CONTROLLED or chosen in ("", *CONTROLLED) else chosen


class Checked:
    """One check: the rules it used, the form it found, and its findings."""

    def __init__(self, card: PrescriptionCard, staff: int) -> None:
        self.on = clock.today()
        self.rules = terms.ruleset(self.on)
        self.patient = snapshot(card, self.on)
        medicines = [line.medicine for line in card.lines]
        self.kind = kind_of(self.patient, card.visit_class, medicines, self.rules, card.kind)
        self.diagnoses = tuple(row.code for row in chart.diagnoses(card.encounter))
        self.findings = self._find(card, staff)

    def _find(self, card: PrescriptionCard, staff: int) -> list[Finding]:
        self.wish = Wish(
            kind=self.kind,
            visit_class=card.visit_class,
            prescriber=rights(staff),
            lines=tuple(wish_line(line) for line in card.lines),
            diagnoses=self.diagnoses,
            on=self.on,
            namesake=namesake(card, staff),
            pain_dossier=has_dossier(card.patient),
        )
        return check(self.wish, self.patient, self.rules)

    @property
    def refusing(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.grade is Grade.REFUSE]

    @property
    def asking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.grade is Grade.ASK]
