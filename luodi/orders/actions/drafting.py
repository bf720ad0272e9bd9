"""Writing a prescription before it is signed: lines are put, replaced and dropped by rows, never overwritten."""

from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from luodi.chart import queries as chart
from luodi.orders import lines, moving, reading, refusals
from luodi.orders.actions.versions import editable, open_version
from luodi.orders.cards import LineCard, LineWish
from luodi.orders.checking import kind_of
from luodi.orders.loop import Step
from luodi.orders.models import Drop, Line, Prescription
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust import access, clock, once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.question import NUMBER, TEXT, Change, Question

MOST_LINES = 50
_LAST = Question(
    lambda rx, version: Line.objects.filter(prescription=rx, version=version)
    .values("prescription")
    .values_list(Max("seq"), Max("place")),
    NUMBER, NUMBER,
)  # fmt: skip
_REWRITE = Change(
    lambda pk, rev, step, version, kind: (
        Prescription.objects.filter(pk=pk, rev=rev, step=step),
        {"rev": F("rev") + 1, "version": version, "kind": kind},
    ),
    NUMBER, NUMBER, TEXT, NUMBER, TEXT,
)  # fmt: skip


def _new_draft(by: Actor, encounter: int, kind: str = "", **given: Any) -> Any:
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
def draft(by: Actor, encounter: int, kind: str = "", *, idempotency: str = "", prepared: Any = None) -> int:
    """Begin a prescription in an open encounter and return its key.

    kind: "" lets patient and drugs decide; ordinary, emergency or paediatric is a choice by hand.
    idempotency: a token of the form; the same token begins one prescription.
    """
    held, form = prepared
    rx, new = _begun(
        once.token(idempotency),
        patient_id=held.patient,
        encounter_id=encounter,
        visit_class=held.visit_class,
        unit_id=held.unit,
        prescriber_id=by.staff,
        kind=form,
        drafted_at=clock.now(),
    )
    about("prescription", rx.pk, rx.patient_id)
    if not new:
        evidence(repeated=True)
        return rx.pk
    moving.begin(by, rx)
    evidence(encounter=encounter, kind=form)
    return rx.pk


def _begun(token: str | None, **columns: Any) -> tuple[Prescription, bool]:
    """The new row, or what this token began before. Raises TokenUsed where that was something else."""
    if token is None:
        return Prescription.objects.create(**columns), True
    rx, new = Prescription.objects.get_or_create(idempotency=token, defaults=columns)
    if (rx.encounter_id, rx.prescriber_id) != (columns["encounter_id"], columns["prescriber_id"]):
        raise once.TokenUsed
    return rx, new


def _new_line(by: Actor, prescription: int, wish: LineWish, **given: Any) -> list[dict[str, Any]]:
    rx = reading.load(prescription)
    access.require_care(by, rx.patient_id)
    wishes = lines.with_solvent(wish, lines.next_bag(row.bag for row in reading.line_rows(rx)))
    return [lines.sealed_columns(rx.patient_id, each) for each in wishes]


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

    A wish with a solvent adds a line of that solvent to the same bag.
    On a returned prescription the first change opens a new version; the signed one stays as it was.
    """
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    editable(by, rx, rev)
    open_version(rx)
    old = _line(rx, seq) if seq is not None else None
    first, *more = prepared
    new = _add(rx, first, old)
    solvents = [_add(rx, columns, None).medicine for columns in more]
    _rewritten(rx)
    evidence(version=rx.version, seq=new.seq, replaces=seq, medicine=new.medicine, solvents=solvents)
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
    if other.patient_id not in patients.person(rx.patient_id):
        raise refusals.NotFound
    first = lines.next_bag(row.bag for row in reading.line_rows(rx)) - 1
    return [lines.sealed_columns(rx.patient_id, again(line, first)) for line in reading.card(other).lines]


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


def again(line: LineCard, bags: int = 0) -> LineWish:
    """The wish that a kept line was written from, without its reasons; its bag comes after `bags` others."""
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
        bag=line.bag + bags if line.bag else 0,
        rate=line.rate,
        rate_unit=line.rate_unit,
    )


def _line(rx: Prescription, seq: int) -> Line:
    row = Line.objects.filter(prescription=rx, version=rx.version, seq=seq, drop__isnull=True).first()
    if row is None:
        raise refusals.NotFound
    return row


def _add(rx: Prescription, columns: dict[str, Any], old: Line | None) -> Line:
    last_seq, last_place = _LAST.first(rx.pk, rx.version) or (0, 0)
    seq = last_seq + 1
    if seq > 20 * MOST_LINES or len(reading.line_rows(rx)) >= MOST_LINES:
        raise refusals.unknown("too_many_lines", _("这张处方的药品太多。"), _("请另开一张处方。"))
    place = old.place if old else last_place + 1
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
    if not _REWRITE.make(rx.pk, rx.rev, rx.step, rx.version, kind):
        raise refusals.LoopMoved(Step(rx.step))
