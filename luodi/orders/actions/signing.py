"""Signing, first and again after a return.

Reading, checking, sealing and SM2 run before the lock; inside, the rev is checked again.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.advice.types import Finding
from luodi.chart import queries as chart
from luodi.orders import basis, moving, paper, reading, refusals, seconding, wording
from luodi.orders.actions import formalities
from luodi.orders.actions.tasks import split
from luodi.orders.actions.versions import author, is_signed, open_version
from luodi.orders.checking import Checked
from luodi.orders.loop import Step, route_of
from luodi.orders.models import Answer, Basis, Line, Prescription, Reply, SecondSignature, Signature
from luodi.orders.numbering import next_number
from luodi.patients import queries as patients
from luodi.trust import access, canonical, clock, vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

PHARMACY_POSTS = ("review_pharmacist", "dispenser", "check_pharmacist")
ANSWER_FIELD, REPLY_FIELD = "orders.answer", "orders.reply"
MOST_ANSWER = 500


class Prepared(NamedTuple):
    """A signature made outside the lock, with everything that it covers."""

    rev: int
    version: int
    visit_class: str
    kind: str
    issued: datetime
    valid_until: datetime
    ruleset: str
    findings: tuple[Finding, ...]
    answers: dict[str, tuple[str, bytes]]
    message: bytes
    key_id: int
    value: bytes
    basis: bytes
    rescues: tuple[formalities.Rescue, ...] = ()
    words: bytes = b""
    second: seconding.Second | None = None


def end_of_day(day: date, days: int = 1) -> datetime:
    """The first moment after `days` days counted from the day of issue, in hospital time."""
    return datetime.combine(day + timedelta(days=days), datetime.min.time(), clock.HOSPITAL_ZONE)


def _prepare_sign(
    by: Actor,
    prescription: int,
    *,
    rev: int | None = None,
    answers: Mapping[str, str] | None = None,
    second: str = "",
) -> Prepared:
    rx = _readable(by, prescription)
    if rx.step != Step.DRAFTED:
        raise refusals.LoopMoved(Step(rx.step)) if rx.signed_at else refusals.not_editable(Step(rx.step))
    held = chart.encounter(rx.encounter_id)
    if held.closed_at is not None:
        raise refusals.encounter_closed()
    return _prepare(by, rx, held.visit_class, rev, answers or {}, second)


def _prepare_reply(
    by: Actor,
    prescription: int,
    text: str,
    *,
    rev: int | None = None,
    answers: Mapping[str, str] | None = None,
    second: str = "",
) -> Prepared:
    rx = _readable(by, prescription)
    if rx.step != Step.RETURNED:
        raise refusals.LoopMoved(Step(rx.step))
    words = text.strip()
    if not words or len(words) > MOST_ANSWER:
        raise refusals.unknown("reply_missing", _("请写明答复，最多 500 字。"), _("说明改了什么，或为什么不改。"))
    ready = _prepare(by, rx, rx.visit_class, rev, answers or {}, second)
    return ready._replace(words=patients.seal_for(rx.patient_id, words, REPLY_FIELD))


def _readable(by: Actor, prescription: int) -> Prescription:
    rx = reading.load(prescription)
    access.require_care(by, rx.patient_id)
    author(by, rx)
    return rx


def _prepare(
    by: Actor, rx: Prescription, visit_class: str, rev: int | None, given: Mapping[str, str], second: str
) -> Prepared:
    """Check and sign. Raises LoopMoved, Refused, Unanswered, SecondMissing, WrongCredentials, Reauthenticate."""
    if rev is not None and rev != rx.rev:
        raise refusals.LoopMoved(Step(rx.step))
    rx.visit_class = visit_class
    rows = reading.line_rows(rx)
    if not rows:
        raise refusals.empty()
    lines = reading.line_cards([(rx.patient_id, row) for row in rows])
    checked = Checked(reading.prescription_card(rx, lines), by.staff)
    if checked.refusing:
        raise refusals.Refused(checked.refusing)
    answers = _answered(rx.patient_id, checked.asking, given)
    twice = seconding.needed(checked.asking)
    if twice and not second:
        raise refusals.SecondMissing(twice)
    issued = clock.now()
    valid_until = end_of_day(checked.on, route_of(visit_class, checked.on).valid_days)
    version = rx.version + 1 if is_signed(rx) else rx.version
    message = paper.message(
        rx,
        rows,
        version=version,
        staff=by.staff,
        kind=checked.kind,
        diagnoses=checked.diagnoses,
        issued=issued,
        valid_until=valid_until,
        ruleset=checked.rules.digest,
        findings=checked.findings,
        answers=answers,
    )
    key_id, value = vault.sign(by, message)
    return Prepared(
        rx.rev, version, visit_class, checked.kind, issued, valid_until, checked.rules.digest,
        tuple(checked.findings), answers, message, key_id, value,
        patients.seal_for(rx.patient_id, basis.text(checked.wish, checked.patient), basis.FIELD),
        formalities.rescues(checked, [row.medicine for row in rows]),
        second=seconding.signed(by, message, twice, second) if twice else None,
    )  # fmt: skip


def _answered(patient: int, asking: list[Finding], given: Mapping[str, str]) -> dict[str, tuple[str, bytes]]:
    """Finding key → (code, sealed words) for every finding that asks. Raises Unanswered."""
    texts = {finding.key: str(given.get(finding.key, "")).strip() for finding in asking}
    open_ones = [finding for finding in asking if not texts[finding.key] or len(texts[finding.key]) > MOST_ANSWER]
    if open_ones:
        raise refusals.Unanswered(open_ones)
    answers: dict[str, tuple[str, bytes]] = {}
    for key, text in texts.items():
        code = wording.code_of("answers", text)
        answers[key] = (code, b"") if code else (wording.WRITTEN, patients.seal_for(patient, text, ANSWER_FIELD))
    return answers


@act("prescription.sign", may="prescription.sign", prepare=_prepare_sign)
def sign(
    by: Actor,
    prescription: int,
    *,
    rev: int | None = None,
    answers: Mapping[str, str] | None = None,
    second: str = "",
    prepared: Any = None,
) -> str:
    """Sign a draft and return its number.

    answers: finding key → code of `answers.csv`, or words. rev: the one that the doctor saw.
    second: the password once more, where a dose beyond the label is signed a second time.
    Raises Refused (a finding that is never right), Unanswered, SecondMissing, people.WrongCredentials, LoopMoved,
    Reauthenticate (the window is closed).
    """
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    number = next_number(prepared.issued.astimezone(clock.HOSPITAL_ZONE).date(), prepared.kind, by.staff)
    _sign(by, rx, prepared, number)
    return number


@act("prescription.reply", may="prescription.sign", prepare=_prepare_reply)
def reply(
    by: Actor,
    prescription: int,
    text: str,
    *,
    rev: int | None = None,
    answers: Mapping[str, str] | None = None,
    second: str = "",
    prepared: Any = None,
) -> None:
    """Answer a return in words and sign again, with changed lines or confirming them: it is reviewed again.

    Raises as `sign`.
    """
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    changed = not is_signed(rx)
    if rx.rev == prepared.rev:
        open_version(rx)
    _sign(by, rx, prepared, rx.number)
    Reply.objects.create(
        prescription=rx,
        version=prepared.version,
        staff_id=by.staff,
        at=prepared.issued,
        changed=changed,
        words=prepared.words,
    )
    evidence(changed=changed)


def _sign(by: Actor, rx: Prescription, ready: Prepared, number: str) -> None:
    """Move the loop, keep the signature, split the doses, let the pharmacy see the patient."""
    rx.version, rx.visit_class = ready.version, ready.visit_class
    moving.move(
        by,
        rx,
        Step.SIGNED,
        {"signature": ready.key_id, "version": ready.version},
        rev=ready.rev,
        version=ready.version,
        visit_class=ready.visit_class,
        kind=ready.kind,
        number=number,
        signed_at=ready.issued,
        valid_until=ready.valid_until,
    )
    rx.kind, rx.number = ready.kind, number
    rx.signed_at, rx.valid_until = ready.issued, ready.valid_until
    _keep(by, rx, ready)
    rows = reading.line_rows(rx)
    planned = split(rx, rows)
    owed = formalities.owe(by, rx, rows, ready.rescues, ready.issued)
    _relate(rx, rows, ready.valid_until)
    evidence(
        number=number,
        version=ready.version,
        kind=ready.kind,
        lines=len(rows),
        tasks=planned,
        formalities=owed,
        ruleset=ready.ruleset,
        findings=[[finding.key, str(finding.grade)] for finding in ready.findings],
        answers={key: code for key, (code, _words) in ready.answers.items()},
        signing_key=ready.key_id,
        second=list(ready.second.findings) if ready.second else [],
    )


def _keep(by: Actor, rx: Prescription, ready: Prepared) -> None:
    signature = Signature.objects.create(
        prescription=rx,
        version=ready.version,
        staff_id=by.staff,
        at=ready.issued,
        key_id=ready.key_id,
        message=ready.message,
        value=ready.value,
        ruleset=ready.ruleset,
        findings=canonical.text([finding._asdict() for finding in ready.findings]),
    )
    Basis.objects.create(signature=signature, sealed=ready.basis)
    if ready.second:
        SecondSignature.objects.create(
            signature=signature, findings=list(ready.second.findings), key_id=ready.second.key_id,
            message=ready.second.message, value=ready.second.value, at=ready.issued,
        )  # fmt: skip
    rules = {finding.key: finding.rule for finding in ready.findings}
    Answer.objects.bulk_create(
        Answer(signature=signature, finding=key, rule=rules[key], code=code, words=words)
        for key, (code, words) in ready.answers.items()
    )


def _relate(rx: Prescription, rows: list[Line], valid_until: datetime) -> None:
    """The pharmacy's posts have to do with the patient until the last dose, and a day longer for questions."""
    days = max(row.days for row in rows)
    until = valid_until + timedelta(days=1 + float(days))
    for post in PHARMACY_POSTS:
        access.relate(rx.patient_id, kind="prescription", post=post, until=until)
