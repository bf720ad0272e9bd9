"""Writing a prescription before it is signed: lines are put, replaced and dropped by rows, never overwritten."""

import json
from decimal import Decimal
from typing import Any

from django.db.models import F, Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.chart import queries as chart
from luodi.orders import moving, reading, refusals
from luodi.orders.actions.versions import editable, open_version
from luodi.orders.cards import WORDS, LineWish
from luodi.orders.checking import kind_of
from luodi.orders.loop import Step
from luodi.orders.models import Drop, Line, Prescription
from luodi.orders.quantity import MOST_QUANTITY, needed
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import access, clock
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.refusal import Refusal

MOST_LINES = 50
MOST_WORDS = 500  # characters of one free text
SKIN_TESTS = ("", "pending", "negative", "positive", "exempt")


def _new_draft(by: Actor, encounter: int, kind: str = "") -> Any:
    """The encounter, and the kind of form it begins with."""
    held = chart.encounter(encounter)
    if held.opened_at is None or held.closed_at is not None:
        raise refusals.encounter_closed()
    access.require_care(by, held.patient)
    if kind not in ("", *Prescription.Kind.values):
        raise refusals.unknown("kind_unknown", _("没有这种处方类型。"))
    on = clock.today()
    patient = chart.snapshot(held.patient, encounter, on)
    return held, kind_of(patient, held.visit_class, [], terms.ruleset(on), kind)


@act("prescription.draft", may="prescription.draft", prepare=_new_draft)
def draft(by: Actor, encounter: int, kind: str = "", *, prepared: Any = None) -> int:
    """Begin a prescription in an open encounter and return its key.

    kind: "" lets patient and drugs decide; ordinary, emergency or paediatric is a choice by hand.
    """
    held, form = prepared
    rx = Prescription.objects.create(
        patient_id=held.patient,
        encounter_id=encounter,
        visit_class=held.visit_class,
        unit_id=held.unit,
        prescriber_id=by.staff,
        kind=form,
        drafted_at=clock.now(),
    )
    about("prescription", rx.pk, rx.patient_id)
    moving.begin(by, rx)
    evidence(encounter=encounter, kind=form)
    return rx.pk


def _new_line(by: Actor, prescription: int, wish: LineWish, **given: Any) -> dict[str, Any]:
    rx = reading.load(prescription)
    access.require_care(by, rx.patient_id)
    return _columns(rx, wish)


@act("prescription.line", may="prescription.draft", prepare=_new_line)
def put_line(
    by: Actor,
    prescription: int,
    wish: LineWish,
    *,
    seq: int | None = None,
    rev: int | None = None,
    prepared: Any = None,
) -> int:
    """Add a line, or replace the line `seq` of the working version, and return the new line's seq.

    On a returned prescription the first change opens a new version; the signed one stays as it was.
    """
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    editable(by, rx, rev)
    open_version(rx)
    old = _line(rx, seq) if seq is not None else None
    new = _add(rx, prepared, old)
    _rewritten(rx)
    evidence(version=rx.version, seq=new.seq, replaces=seq, medicine=new.medicine)
    return new.seq


@act("prescription.line.drop", may="prescription.draft")
def drop_line(by: Actor, prescription: int, seq: int, *, rev: int | None = None) -> None:
    """Take a line off the working version."""
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    editable(by, rx, rev)
    open_version(rx)
    Drop.objects.create(line=_line(rx, seq))
    _rewritten(rx)
    evidence(version=rx.version, seq=seq)


def _copied(by: Actor, prescription: int, source: int, **given: Any) -> list[dict[str, Any]]:
    rx, other = reading.load(prescription), reading.load(source)
    access.require_care(by, rx.patient_id)
    if other.patient_id != rx.patient_id:
        raise refusals.NotFound
    return [_columns(rx, _again(line)) for line in reading.card(other).lines]


@act("prescription.copy", may="prescription.draft", prepare=_copied)
def copy_lines(by: Actor, prescription: int, source: int, *, rev: int | None = None, prepared: Any = None) -> list[int]:
    """Copy the lines of an earlier prescription of the same patient onto a draft; its reasons are given anew."""
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    editable(by, rx, rev)
    open_version(rx)
    seqs = [_add(rx, columns, None).seq for columns in prepared]
    _rewritten(rx)
    evidence(source=source, version=rx.version, seqs=seqs)
    return seqs


def _again(line: Any) -> LineWish:
    return LineWish(
        medicine=line.medicine,
        dose=line.dose,
        dose_unit=line.dose_unit,
        route=line.route_code,
        frequency=line.frequency_code,
        days=line.days,
        quantity=line.quantity,
        prn=line.prn,
        usage=line.usage,
    )


def _line(rx: Prescription, seq: int) -> Line:
    row = Line.objects.filter(prescription=rx, version=rx.version, seq=seq, drop__isnull=True).first()
    if row is None:
        raise refusals.NotFound
    return row


def _add(rx: Prescription, columns: dict[str, Any], old: Line | None) -> Line:
    counted = Line.objects.filter(prescription=rx, version=rx.version).aggregate(seq=Max("seq"), place=Max("place"))
    seq = (counted["seq"] or 0) + 1
    if seq > 20 * MOST_LINES or len(reading.line_rows(rx)) >= MOST_LINES:
        raise refusals.unknown("too_many_lines", _("这张处方的药品太多。"), _("请另开一张处方。"))
    place = old.place if old else (counted["place"] or 0) + 1
    line = Line.objects.create(prescription=rx, version=rx.version, seq=seq, place=place, **columns)
    if old is not None:
        Drop.objects.create(line=old, by_line=line)
    return line


def _rewritten(rx: Prescription) -> None:
    """The draft moves on by one rev, under the form that its drugs call for."""
    on = clock.today()
    patient = chart.snapshot(rx.patient_id, rx.encounter_id, on)
    medicines = [row.medicine for row in reading.line_rows(rx)]
    kind = kind_of(patient, rx.visit_class, medicines, terms.ruleset(on), rx.kind)
    held = Prescription.objects.filter(pk=rx.pk, rev=rx.rev, step=rx.step)
    if not held.update(rev=F("rev") + 1, version=rx.version, kind=kind):
        raise refusals.LoopMoved(Step(rx.step))


def _columns(rx: Prescription, wish: LineWish) -> dict[str, Any]:
    """Columns of a line, with the facts of the formulary as they are now and its words sealed. Raises Refusal."""
    drug = terms.medicine(wish.medicine)
    if drug is None or wish.medicine not in terms.ruleset(clock.today()).drugs:
        raise refusals.unknown("medicine_unknown", _("药品目录中没有这个药品，或已停用。"), _("请重新搜索药品。"))
    frequency = terms.frequency(wish.frequency)
    if frequency is None or terms.route(wish.route) is None:
        raise refusals.unknown("usage_unknown", _("给药途径或频次不在字典中。"))
    if wish.skin_test not in SKIN_TESTS:
        raise refusals.unknown("skin_test_unknown", _("皮试结果填写有误。"))
    prn = wish.prn or frequency.code in ("prn", "sos")
    return {
        "medicine": drug.code,
        "generic": drug.generic,
        "brand": drug.brand,
        "strength": drug.strength,
        "form": drug.form,
        "atc": drug.atc,
        "control": drug.control,
        "antibiotic": drug.antibiotic,
        "high_alert": drug.high_alert,
        "dose": _amount(wish.dose, 4, _("单次剂量")),
        "dose_unit": _unit(wish.dose_unit, drug),
        "route": wish.route,
        "frequency": frequency.code,
        "per_day": None if frequency.per_day is None else round(frequency.per_day, 5),
        "days": _amount(wish.days, 1, _("天数"), Decimal(366)),
        "quantity": _quantity(wish, prn),
        "pack_unit": drug.pack_unit,
        "prn": prn,
        "skin_test": wish.skin_test,
        "words": _sealed(rx.patient_id, wish),
    }


def _amount(value: Decimal | None, places: int, name: Any, most: Decimal = Decimal(1_000_000_000)) -> Decimal:
    if value is None or not value.is_finite() or value <= 0 or value > most or round(value, places) != value:
        raise refusals.unknown(
            "amount_absurd",
            format_lazy(
                _("{name}填写有误：应大于 0，不超过 {most}，最多 {places} 位小数。"),
                name=name,
                most=str(most),
                places=str(places),
            ),
        )
    return value


def _unit(unit: str, drug: Any) -> str:
    if not unit or len(unit) > 20 or not unit.isprintable():
        raise refusals.unknown("dose_unit_missing", _("没有填写剂量单位。"))
    return unit


def _quantity(wish: LineWish, prn: bool) -> Decimal:
    if wish.quantity is not None:
        return _amount(wish.quantity, 3, _("总量"), MOST_QUANTITY)
    rules = terms.ruleset(clock.today())
    frequency = rules.frequencies[wish.frequency]
    amount = None if prn else needed(rules.drugs[wish.medicine], wish.dose, wish.dose_unit, frequency, wish.days)
    if amount is None:
        raise refusals.unknown("quantity_missing", _("算不出总量。"), _("请按包装单位填写总量。"))
    return _amount(amount, 3, _("总量"), MOST_QUANTITY)


def _sealed(patient: int, wish: LineWish) -> bytes:
    texts = {name: getattr(wish, name).strip() for name in WORDS}
    if any(len(text) > MOST_WORDS for text in texts.values()):
        raise Refusal(
            "text_too_long",
            format_lazy(_("文字太长，每项最多 {n} 字。"), n=str(MOST_WORDS)),
            _("请精简后保存。"),
            status=422,
        )
    texts = {name: text for name, text in texts.items() if text}
    if not texts:
        return b""
    return patients.seal_for(patient, json.dumps(texts, ensure_ascii=False), reading.FIELD)
