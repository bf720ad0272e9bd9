"""Stopping, extending and closing what has lapsed."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from luodi.orders import moving, reading, refusals, wording
from luodi.orders.actions.signing import end_of_day
from luodi.orders.actions.versions import author
from luodi.orders.loop import LOOP, Step
from luodi.orders.models import Extension, Prescription, Stop
from luodi.patients import queries as patients
from luodi.trust import access, clock
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.refusal import Refusal

STOP_FIELD, EXTENSION_FIELD = "orders.stop", "orders.extension"
MOST_DAYS = 3  # 处方管理办法 art. 18, the day of issue counted
MOST_TEXT = 500


def _sealed_words(by: Actor, prescription: int, text: str, field: str) -> bytes:
    rx = reading.load(prescription)
    access.require_care(by, rx.patient_id)
    words = text.strip()
    if not words or len(words) > MOST_TEXT:
        raise refusals.unknown("reason_missing", _("请写明理由，最多 500 字。"))
    return patients.seal_for(rx.patient_id, words, field)


def _stop_reason(by: Actor, prescription: int, reason: str, **given: Any) -> tuple[str, bytes]:
    code = wording.code_of("stop_reasons", reason)
    return (code, b"") if code else (wording.WRITTEN, _sealed_words(by, prescription, reason, STOP_FIELD))


@act("prescription.stop", may="prescription.stop", prepare=_stop_reason)
def stop(by: Actor, prescription: int, reason: str, *, rev: int | None = None, prepared: Any = None) -> None:
    """Stop a prescription, draft or signed; doses not yet given are never given.

    reason: code of `stop_reasons.csv`, or words. What the pharmacy has prepared it puts back by its own act.
    Raises LoopSkipped where it has ended already, LoopMoved.
    """
    code, words = prepared
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    if rx.step == Step.DRAFTED:
        author(by, rx)
    moving.move(by, rx, Step.STOPPED, {"reason": code}, rev=rev)
    Stop.objects.create(prescription=rx, staff_id=by.staff, at=clock.now(), code=code, words=words)
    evidence(reason=code, version=rx.version)


def _extension_reason(by: Actor, prescription: int, days: int, reason: str, **given: Any) -> bytes:
    return _sealed_words(by, prescription, reason, EXTENSION_FIELD)


@act("prescription.extend", may="prescription.sign", prepare=_extension_reason)
def extend(
    by: Actor, prescription: int, days: int, reason: str, *, rev: int | None = None, prepared: Any = None
) -> None:
    """Extend the validity to `days` days, the day of issue counted, at most three (处方管理办法 art. 18)."""
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id)
    author(by, rx)
    if rev is not None and rev != rx.rev:
        raise refusals.LoopMoved(Step(rx.step))
    if rx.signed_at is None or rx.valid_until is None or rx.rest_until or Step(rx.step) not in LOOP[Step.EXPIRED].after:
        raise refusals.not_editable(Step(rx.step))
    until = end_of_day(rx.signed_at.astimezone(clock.HOSPITAL_ZONE).date(), days)
    if not 1 <= days <= MOST_DAYS or until <= rx.valid_until or until <= clock.now():
        raise Refusal(
            "extension_too_long",
            _("有效期从开具当日起最多三天，并且只能延长。"),
            _("超过三天请另开处方。"),
            status=422,
        )
    if not Prescription.objects.filter(pk=rx.pk, rev=rx.rev).update(valid_until=until, rev=F("rev") + 1):
        raise refusals.LoopMoved(Step(rx.step))
    Extension.objects.create(prescription=rx, staff_id=by.staff, at=clock.now(), valid_until=until, words=prepared)
    evidence(days=days, valid_until=until)


@act("prescription.expire", may=None)
def expire(by: Actor, prescription: int, *, rev: int | None = None) -> None:
    """Close a prescription whose validity is over, so that it leaves every worklist.

    The program itself (staff 0) closes those of `queries.beyond_extension`; a person needs a permission of the table.
    """
    rx = reading.load(prescription)
    about("prescription", rx.pk, rx.patient_id, care=not is_program(by))
    moving.require_step(by, Step.EXPIRED)
    if rx.valid_until is None or clock.now() < rx.valid_until:
        raise Refusal("not_expired", _("处方仍在有效期内。"), _("不再需要时请停止处方。"))
    moving.move(by, rx, Step.EXPIRED, {"valid_until": rx.valid_until.isoformat()}, rev=rev)
    evidence(valid_until=rx.valid_until, version=rx.version)
