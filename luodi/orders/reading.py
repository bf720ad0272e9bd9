"""Rows into cards, with the sealed words of one page opened together."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import F

from luodi.orders.cards import LineCard, PrescriptionCard
from luodi.orders.loop import Route, Step, route_of
from luodi.orders.models import Line, Prescription
from luodi.orders.refusals import NotFound
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.terms.rulebook import Ruleset
from luodi.trust import clock
from luodi.trust.question import NUMBER, NUMBERS, Question

FIELD = "orders.line"
_PRESCRIPTION = Question(lambda pk: Prescription.objects.filter(pk=pk), NUMBER)
_LINES = Question(
    lambda prescription, version: Line.objects.filter(
        prescription=prescription, version=version, drop__isnull=True
    ).order_by("place", "seq"),
    NUMBER, NUMBER,
)  # fmt: skip
_LINES_NOW = Question(
    lambda prescriptions: Line.objects.filter(
        prescription__in=prescriptions, version=F("prescription__version"), drop__isnull=True
    ).order_by("place", "seq"),
    NUMBERS,
)


def load(pk: int) -> Prescription:
    """The row. Raises NotFound."""
    rx: Prescription | None = _PRESCRIPTION.first(pk)
    if rx is None:
        raise NotFound
    return rx


def route_for(rx: Prescription) -> Route:
    """The route in force on the day of issue; for a draft, today's."""
    on = rx.signed_at.astimezone(clock.HOSPITAL_ZONE).date() if rx.signed_at else clock.today()
    return route_of(rx.visit_class, on)


def line_rows(rx: Prescription, version: int | None = None) -> list[Line]:
    """Lines in force of one version, in the order of the sheet."""
    return _LINES.all(rx.pk, version or rx.version)


def line_cards(rows: Sequence[tuple[int, Line]]) -> list[LineCard]:
    """Cards of (patient, line) pairs, same order."""
    held = [(patient, bytes(row.words), FIELD) for patient, row in rows if row.words]
    opened = iter(patients.open_many(held) if held else ())
    rules = terms.ruleset(clock.today()) if rows else None
    return [line_card(row, json.loads(next(opened)) if row.words else {}, rules) for _, row in rows]


def line_card(row: Line, words: dict[str, str], rules: Ruleset | None = None) -> LineCard:
    """One line with its opened words."""
    rules = rules or terms.ruleset(clock.today())
    route, frequency = rules.routes.get(row.route), rules.frequencies.get(row.frequency)
    drug = rules.drugs.get(row.medicine)
    return LineCard(
        pk=row.pk,
        seq=row.seq,
        place=row.place,
        medicine=row.medicine,
        generic=row.generic,
        brand=row.brand,
        strength=row.strength,
        form=row.form,
        atc=row.atc,
        control=row.control,
        antibiotic=row.antibiotic,
        high_alert=row.high_alert,
        dose=row.dose,
        dose_unit=row.dose_unit,
        route=route.name if route else row.route,
        route_code=row.route,
        frequency=frequency.name if frequency else row.frequency,
        frequency_code=row.frequency,
        per_day=row.per_day,
        days=whole(row.days),
        quantity=row.quantity,
        pack_unit=row.pack_unit,
        prn=row.prn,
        skin_test=row.skin_test,
        skin_test_at=row.skin_test_at,
        bag=row.bag,
        rate=row.rate,
        rate_unit=row.rate_unit,
        generic_en=drug.name_en if drug else "",
        route_en=route.name_en if route else "",
        frequency_en=frequency.name_en if frequency else "",
        **words,
    )


def whole(value: Decimal) -> Decimal:
    """3.0 as 3: a number of days is read aloud."""
    return value.to_integral_value() if value == value.to_integral_value() else value


def prescription_card(rx: Prescription, lines: Iterable[LineCard]) -> PrescriptionCard:
    route = route_for(rx)
    return PrescriptionCard(
        pk=rx.pk,
        patient=rx.patient_id,
        encounter=rx.encounter_id,
        visit_class=rx.visit_class,
        unit=rx.unit_id,
        prescriber=rx.prescriber_id,
        kind=rx.kind,
        number=rx.number,
        step=Step(rx.step),
        rev=rx.rev,
        version=rx.version,
        drafted_at=rx.drafted_at,
        signed_at=rx.signed_at,
        valid_until=rx.valid_until,
        rest_until=rx.rest_until,
        route=route.steps,
        bedside=route.bedside,
        lines=tuple(lines),
    )


def card(rx: Prescription, version: int | None = None) -> PrescriptionCard:
    """The prescription with its lines, of the present version unless another is named."""
    rows = [(rx.patient_id, row) for row in line_rows(rx, version)]
    return prescription_card(rx, line_cards(rows))


def cards(prescriptions: Sequence[Prescription]) -> list[PrescriptionCard]:
    """Many at their present versions, same order, with one query for all lines."""
    held = {rx.pk: rx for rx in prescriptions}
    pairs = [(held[row.prescription_id].patient_id, row) for row in _LINES_NOW.all(list(held))]
    lines: dict[int, list[LineCard]] = {pk: [] for pk in held}
    for (_, row), one in zip(pairs, line_cards(pairs), strict=True):
        lines[row.prescription_id].append(one)
    return [prescription_card(rx, lines[rx.pk]) for rx in prescriptions]
