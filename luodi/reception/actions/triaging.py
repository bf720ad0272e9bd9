"""Emergency triage: vital signs go to the chart, the level stands beside the suggestion, the queue follows it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from luodi.advice.triage import Suggestion
from luodi.chart import actions as chart
from luodi.chart import queries as encounters
from luodi.patients import queries as patients
from luodi.patients import written
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.write import write

from .. import moving
from .. import vitals as signs
from ..models import Ticket, Triage
from ..refusals import Invalid, NotEmergency, TriageMoved

CHART = "GB-ED-2018/MEWS-Subbe-2001"
OPEN = (Ticket.State.WAITING, Ticket.State.CALLED, Ticket.State.MISSED, Ticket.State.SERVING)


@act("triage.assess", may="triage.assess")
def triage(
    by: Actor,
    encounter: int,
    level: int,
    vitals: Mapping[str, Decimal | int | str | None],
    complaint: str = "",
    reason: str = "",
    *,
    complaint_code: str = "",
    version: int | None = None,
) -> int:
    """Record one assessment; returns its version.

    vitals: by key of `vitals.SIGNS` (pulse, systolic, …); absent is unknown. level 1-4 is what the nurse confirms;
    a level below the suggested one needs a reason. version: the last one that the person saw (0: none yet).
    Raises NotEmergency, TriageMoved, Invalid, chart's refusals.
    """
    card = encounters.encounter(encounter)
    about("encounter", encounter, card.patient)
    if card.visit_class != "emergency" or card.closed_at:
        raise NotEmergency
    readings = signs.checked(vitals)
    words = written.body(complaint, longest=500, field="complaint")
    suggestion = signs.suggested(readings, complaint_code)
    why = _justified(level, suggestion, reason, words, complaint_code)
    number = _next_version(encounter, version)
    made = _write(by, card.patient, encounter, number, level, suggestion, complaint_code, words, why)
    if readings:
        chart.observe(by, card.patient, encounter, signs.observations(readings))
    _rank(by, encounter, level)
    about("triage", made.pk, card.patient)
    evidence(
        encounter=encounter, version=number, level=level, suggested=suggestion.level, overridden=bool(why),
        because=[list(pair) for pair in suggestion.reasons], missing=list(suggestion.missing),
    )  # fmt: skip
    return number


def _justified(level: int, suggestion: Suggestion, reason: str, words: str, complaint_code: str) -> str:
    if level not in (1, 2, 3, 4):
        raise Invalid("level", _("请选择分诊级别。"), "level")
    if not words and not complaint_code:
        raise Invalid("complaint", _("请填写主诉。"), "complaint")
    why = written.line(reason, longest=200, field="reason")
    if suggestion.level is not None and level > suggestion.level and not why:
        raise Invalid("reason", _("级别低于建议，请填写理由。"), "reason")
    return why


def _next_version(encounter: int, seen: int | None) -> int:
    last = (
        Triage.objects.filter(encounter=encounter).order_by("-version").values_list("version", flat=True).first() or 0
    )
    if seen is not None and seen != last:
        raise TriageMoved
    return last + 1


def _write(
    by: Actor,
    patient: int,
    encounter: int,
    version: int,
    level: int,
    suggestion: Suggestion,
    code: str,
    words: str,
    why: str,
) -> Triage:
    def sealed(text: str, field: str) -> bytes | None:
        return patients.seal_for(patient, text, field) if text else None

    columns: dict[str, Any] = {
        "because": " ".join(f"{name}:{found}" for name, found in suggestion.reasons),
        "missing": " ".join(suggestion.missing),
        "complaint": sealed(words, "complaint"),
        "reason": sealed(why, "reason"),
    }
    try:
        with write():
            return Triage.objects.create(
                encounter_id=encounter, patient_id=patient, version=version, level=level, suggested=suggestion.level,
                chart=CHART, complaint_code=code, at=now(), nurse_id=by.staff, **columns,
            )  # fmt: skip
    except IntegrityError as taken:
        raise TriageMoved from taken


def _rank(by: Actor, encounter: int, level: int) -> None:
    """The ticket takes the place of its level; a patient with a doctor already keeps the ticket as it is."""
    row = Ticket.objects.select_related("registration").filter(registration__encounter=encounter).first()
    if row is not None and row.state in OPEN and row.level_rank != level:
        moving.rank(by, row, level)
