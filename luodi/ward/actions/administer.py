"""The bedside act: a planned dose is given, refused, held or not done."""

from typing import Any, NamedTuple, cast

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.orders import actions as orders
from luodi.orders.loop import Step
from luodi.pharmacy import queries as pharmacy
from luodi.trust import access, people
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.write import write

from .. import bedside, reasons, refusals
from ..bedside import Bedside
from ..models import Administration, Outcome

STEP = {
    Outcome.GIVEN: Step.ADMINISTERED,
    Outcome.REFUSED: Step.REFUSED,
    Outcome.HELD: Step.HELD,
    Outcome.MISSED: Step.MISSED,
}


class Prepared(NamedTuple):
    """What is read and proven before any lock is taken: the dose with its scans, and the second person."""

    seen: Bedside
    witness: int | None


def _prepare(by: Actor, task: int, *, outcome: str, wristband: str = "", package: str = "", **more: str) -> Prepared:
    seen = bedside.look(task, wristband, package)
    access.require_care(by, seen.task.patient)
    names = ("witness_login", "witness_password")
    return Prepared(seen, _witness(by, outcome, *(more.get(name, "") for name in names)))


def _witness(by: Actor, outcome: str, witness_login: str, witness_password: str) -> int | None:
    """The second person's staff id; None where nobody was named."""
    if outcome != Outcome.GIVEN or not witness_login.strip():
        return None
    try:
        staff = people.credentials(witness_login, witness_password)
    except people.WrongCredentials as wrong:
        # a status of the bedside, not of the session: the nurse's own login stands and the form keeps its scans
        raise refusals.no(refusals.WITNESS_CREDENTIALS) from wrong
    if staff == by.staff:
        raise refusals.no(refusals.WITNESS_SAME)
    if not people.holds(staff, "medication.witness", by.unit):
        raise refusals.no(refusals.WITNESS_POST)
    return staff


@act("medication.administer", may="medication.administer", prepare=_prepare)
def administer(
    by: Actor,
    task: int,
    *,
    outcome: str,
    wristband: str = "",
    package: str = "",
    witness_login: str = "",
    witness_password: str = "",
    reason: str = "",
    unscanned_reason: str = "",
    timing_reason: str = "",
    prepared: Prepared | None = None,
) -> int:
    """Record what became of a planned dose. Returns the administration's pk.

    outcome: given, refused, held or missed. `wristband` and `package` are the scanned codes; a dose given without one
    of them needs `unscanned_reason`, out of its window `timing_reason`, a high-alert drug the witness's own login and
    password. Any other outcome needs `reason`. All are codes of reasons.py.
    Raises BedsideRefused in words for everything that must not happen, and orders' refusals.
    """
    seen, witness = cast(Prepared, prepared)
    about("task", task, patient=seen.task.patient)
    bedside.check_state(seen)
    if outcome == Outcome.GIVEN:
        row = _give(by, seen, witness, unscanned_reason, timing_reason)
    else:
        row = _leave(by, seen, outcome, reason)
    _step(by, seen, row)
    evidence(
        outcome=str(row.outcome), package=row.package_id, scanned=[row.wristband_scanned, row.package_scanned],
        unscanned=row.unscanned_reason, timing=row.timing_reason, reason=row.reason, witness=row.witness_id,
    )  # fmt: skip
    return row.pk


def _give(by: Actor, seen: Bedside, witness: int | None, unscanned_reason: str, timing_reason: str) -> Administration:
    bedside.check_rights(seen, unscanned_reason=unscanned_reason, timing_reason=timing_reason)
    if seen.line.high_alert and witness is None:
        raise refusals.no(refusals.WITNESS_MISSING)
    both = seen.wristband_scanned and seen.package_scanned
    return _keep(
        by, seen, Outcome.GIVEN,
        package_id=seen.package.pk, witness_id=witness, dose=seen.line.dose, dose_unit=seen.line.dose_unit,
        wristband_scanned=seen.wristband_scanned, package_scanned=seen.package_scanned,
        unscanned_reason="" if both else unscanned_reason,
        timing_reason="" if seen.timing == "due" else timing_reason,
    )  # fmt: skip


def _leave(by: Actor, seen: Bedside, outcome: str, reason: str) -> Administration:
    if outcome not in STEP or not reasons.known(outcome, reason):
        raise refusals.no(refusals.REASON_MISSING)
    return _keep(by, seen, Outcome(outcome), reason=reason, wristband_scanned=seen.wristband_scanned)


def _keep(by: Actor, seen: Bedside, outcome: Outcome, **facts: Any) -> Administration:
    """Write the row. Where another nurse was faster, say who and when: the database's constraint is the judge."""
    try:
        with write():
            return Administration.objects.create(
                task_id=seen.task.pk, patient_id=seen.task.patient, unit_id=by.unit, outcome=outcome,
                staff_id=by.staff, at=seen.now, **facts,
            )  # fmt: skip
    except IntegrityError:
        bedside.tell_settled(seen.task.pk)
        bedside.tell_settled(seen.task.pk, outcome)
        if facts.get("package_id"):
            bedside.tell_package_given(facts["package_id"])
        raise


def _step(by: Actor, seen: Bedside, row: Administration) -> None:
    proof = {"outcome": str(row.outcome), "administration": row.pk}
    if row.outcome == Outcome.GIVEN:
        both = row.wristband_scanned and row.package_scanned
        proof |= {"identity": "scanned" if both else row.unscanned_reason, "package": row.package_id}
        if row.witness_id:
            proof["witness"] = row.witness_id
    else:
        proof["reason"] = row.reason
    orders.advance_task(by, seen.task.pk, STEP[Outcome(row.outcome)], proof, rev=seen.task.rev)
    if row.package_id and pharmacy.is_returned(row.package_id):  # given back after the scan, before the dose
        raise refusals.package_blocked(_("已退药"))
