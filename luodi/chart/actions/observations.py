"""Record readings: vital signs, weight, laboratory values. Rooms above record theirs here too."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from luodi.patients import queries as patients
from luodi.patients import written
from luodi.trust import once
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.question import NUMBER, Question

from ..codes import PREGNANCY, PREGNANCY_STATUS
from ..models import Encounter, Observation
from ..queries.encounters import record_for
from ..refusals import Invalid, NoEncounter
from ..types import Obs

_WHOSE = Question(lambda pk: Encounter.objects.filter(pk=pk).values_list("patient", flat=True), NUMBER)
# What a living person can show: outside it the reading is a slip of the finger. Wider than any critical limit.
POSSIBLE = {
    "BT": (Decimal(20), Decimal(46)),
    "HR": (Decimal(0), Decimal(400)),
    "RR": (Decimal(0), Decimal(150)),
    "SBP": (Decimal(0), Decimal(350)),
    "DBP": (Decimal(0), Decimal(250)),
    "SPO2": (Decimal(0), Decimal(100)),
    "GCS": (Decimal(3), Decimal(15)),
    "PAIN": (Decimal(0), Decimal(10)),
    "WT": (Decimal("0.2"), Decimal(650)),
    "HT": (Decimal(15), Decimal(280)),
    "GLUC": (Decimal(0), Decimal(150)),
    "EGFR": (Decimal(0), Decimal(300)),
}
_CLOCKS_APART = timedelta(minutes=5)


@act("observation.record", may="observation.write")
def observe(by: Actor, patient: int, encounter: int | None, readings: Sequence[Obs], *, idempotency: str = "") -> int:
    """Record readings of one patient; returns how many. All or none. Raises NoEncounter, Invalid, Unreadable.

    They are kept with the record of the encounter, which may be another one of the same person.
    idempotency: a token of the form; what it brought once it does not bring again.
    """
    about("patient", patient, patient=patient)
    patient = record_for(patient) if encounter is None else _record_of(encounter, patient)
    if not readings:
        raise Invalid("no_readings", _("没有填写任何一项"), "readings")
    token = once.token(idempotency)
    before = _kept_by(token, patient)
    if before:
        evidence(encounter=encounter, repeated=True)
        return before
    at = now()  # one for all: what was measured together stands together
    rows = [_row(by, patient, encounter, reading, at) for reading in readings]
    for row in rows:
        row.idempotency = token
    Observation.objects.bulk_create(rows)
    evidence(encounter=encounter, codes=[row.code for row in rows])
    return len(rows)


def _record_of(encounter: int, patient: int) -> int:
    record = _WHOSE.first(encounter)
    if record is None or (record != patient and record not in patients.person(patient)):
        raise NoEncounter
    return record


def _kept_by(token: str | None, patient: int) -> int:
    """How many readings this form brought already. Raises TokenUsed where they are another patient's."""
    if token is None:
        return 0
    rows = Observation.objects.filter(idempotency=token)
    if rows.exclude(patient=patient).exists():
        raise once.TokenUsed
    return rows.count()


def _row(by: Actor, patient: int, encounter: int | None, reading: Obs, moment: datetime) -> Observation:
    text = written.body(reading.text, longest=2000, field=reading.code)
    at = reading.at or moment
    if at > moment + _CLOCKS_APART:
        raise Invalid("observation_future", _("测量时间在将来"), reading.code)
    if reading.code == PREGNANCY_STATUS and reading.coded not in PREGNANCY:
        raise Invalid("pregnancy", _("请选择妊娠哺乳状态"), reading.code)
    if reading.value is None and not reading.coded and not text:
        raise Invalid("observation_empty", _("没有填写数值"), reading.code)
    return Observation(
        patient_id=patient,
        encounter_id=encounter,
        code=reading.code[:30],
        value=_possible(reading),
        unit=reading.unit,
        coded=reading.coded,
        text=patients.seal_for(patient, text, "observation") if text else None,
        staff_id=by.staff,
        at=at,
    )


def _possible(reading: Obs) -> Decimal | None:
    if reading.value is None:
        return None
    value = Decimal(reading.value)
    low, high = POSSIBLE.get(reading.code, (Decimal(-999_999_999), Decimal(999_999_999)))
    if not value.is_finite() or not low <= value <= high:
        raise Invalid("observation_impossible", _("数值不可能：请核对后重新填写"), reading.code)
    return value
