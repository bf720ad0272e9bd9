"""Public writers: define a gate, weigh it, sign what was decided."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.insight import queries as insight
from luodi.trust import clock, ledger, vault
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor
from luodi.trust.refusal import Refusal

from .judgement import Judged, judge_all, overall
from .models import Bound, Criterion, Decision, FrozenReading, Gate, GateSignature, Phase, Verdict, Weighing
from .signature import signed_bytes


class GateRefused(Refusal):
    """A gate can not be defined, weighed or signed like this."""


class CriterionWish(NamedTuple):
    """What a criterion asks: `bound` ">=" or "<=", `target` in the measure's unit, no data under `minimum` cases."""

    measure: str
    bound: str
    target: Decimal
    window_days: int
    minimum: int
    part: str = ""
    reason: str = ""


@act("gate.define", may="gate.define")
def define(
    by: Actor,
    code: str,
    *,
    name: str,
    phase: str,
    criteria: Sequence[CriterionWish],
    scope: str = "",
    seen: int | None = None,
) -> int:
    """Make a gate, or the next version of it. Returns the gate's pk. Raises GateRefused, insight UnknownMeasure.

    seen: the version that the person had before them, 0 for a new gate; another one by now is refused.
    """
    _check_definition(phase, criteria)
    newest = Gate.objects.filter(code=code).order_by("-version").first()
    if seen is not None and seen != (newest.version if newest else 0):
        raise GateRefused(
            "gate_moved", _("这个代码的阶段门已有别的版本，没有保存"), _("请回到阶段门列表，看清现在的版本后再定义")
        )
    gate = Gate.objects.create(
        code=code, version=newest.version + 1 if newest else 1, name=name, phase=phase, scope=scope
    )
    for seq, wish in enumerate(criteria, start=1):
        Criterion.objects.create(gate=gate, seq=seq, **wish._asdict())
    about("gate", gate.pk)
    evidence(
        code=code,
        version=gate.version,
        criteria=[[w.measure, w.part, w.bound, w.target, w.window_days, w.minimum] for w in criteria],
    )
    return gate.pk


class Weighed(NamedTuple):
    """Readings made before the writer lock is taken."""

    at: datetime
    head: int
    judged: tuple[Judged, ...]


def _weigh_outside(by: Actor, gate: int, *, at: datetime | None = None, seen: int | None = None) -> Weighed:
    found = _gate(gate)
    moment = at or clock.now()
    if moment > clock.now():
        raise GateRefused("gate_future", _("不能用将来的时间评估阶段门"), _("请选择现在或更早的时间"))
    head = ledger.seal()
    return Weighed(moment, head, judge_all(found, moment, head))


@act("gate.weigh", may="gate.weigh", prepare=_weigh_outside)
def weigh(
    by: Actor, gate: int, *, at: datetime | None = None, seen: int | None = None, prepared: Weighed | None = None
) -> int:
    """Seal the ledger, read every criterion as of its head, and freeze readings and verdict. Returns the weighing's pk.

    `at` (aware UTC, default now) is the end of every window. `seen`: the newest weighing that the person had before
    them, 0 for none. Raises GateRefused where `at` lies ahead, or a newer weighing was made meanwhile.
    """
    if seen is not None and Weighing.objects.filter(gate_id=gate, pk__gt=seen).exists():
        raise GateRefused("gate_weighed", _("刚才已经评估过这个阶段门"), _("请在评估历史中查看最新一次；需要时再评估"))
    result = prepared or _weigh_outside(by, gate, at=at)
    weighing = Weighing.objects.create(
        gate_id=gate, at=result.at, head=result.head, verdict=overall(j.verdict for j in result.judged)
    )
    for judged in result.judged:
        FrozenReading.objects.create(weighing=weighing, **_frozen(judged))
    about("weighing", weighing.pk)
    evidence(gate=gate, head=result.head, verdict=str(weighing.verdict), readings=[_short(j) for j in result.judged])
    return weighing.pk


class Signed(NamedTuple):
    """A signature made before the writer lock is taken."""

    at: datetime
    message: bytes
    signature: Any


def _sign_outside(by: Actor, weighing: int, *, decision: str, reason: str = "") -> Signed:
    found = _weighing(weighing)
    _check_decision(found, decision, reason)
    at = clock.now()
    message = signed_bytes(found, decision, reason, at)
    return Signed(at, message, vault.sign(by, message))


@act("gate.sign", may="gate.sign", prepare=_sign_outside)
def sign(by: Actor, weighing: int, *, decision: str, reason: str = "", prepared: Signed | None = None) -> int:
    """Sign GO, HOLD or STOP on the newest weighing of a gate. Returns the signature's pk.

    Raises GateRefused: GO on a verdict other than pass, a decision without its reason, an older weighing, a second
    signature of the same person.
    """
    made = prepared or _sign_outside(by, weighing, decision=decision, reason=reason)
    found = _weighing(weighing)
    about("weighing", found.pk)
    _check_decision(found, decision, reason)
    if found.signatures.filter(staff_id=by.staff).exists():
        raise GateRefused("gate_signed", _("您已经在这次评估上签过名"), _("如需改变决定，请重新评估后再签"))
    row = GateSignature.objects.create(
        weighing=found, staff_id=by.staff, decision=decision, verdict=found.verdict, reason=reason.strip(),
        key_id=made.signature.key_id, message=made.message, value=made.signature.value, at=made.at,
    )  # fmt: skip
    evidence(gate=found.gate_id, decision=decision, verdict=found.verdict, key=made.signature.key_id)
    return row.pk


def _check_definition(phase: str, criteria: Sequence[CriterionWish]) -> None:
    if phase not in Phase.values:
        raise GateRefused("gate_phase", _("没有这个阶段"), _("请从阶段列表中选择"))
    if not criteria:
        raise GateRefused("gate_empty", _("阶段门至少要有一条标准"), _("请先添加标准"))
    for wish in criteria:
        insight.measure(wish.measure)
        if wish.bound not in Bound.values or wish.window_days < 1 or wish.minimum < 1:
            raise GateRefused(
                "criterion_bad", _("标准的比较方式、窗口天数或最小样本不对"), _("窗口和最小样本都至少是 1")
            )


def _check_decision(weighing: Weighing, decision: str, reason: str) -> None:
    if decision not in Decision.values:
        raise GateRefused("gate_decision", _("没有这个决定"), _("请选择通过、暂缓或终止"))
    if weighing.gate.weighings.filter(pk__gt=weighing.pk).exists():
        raise GateRefused("gate_older", _("这不是最近一次评估"), _("请在最近一次评估上签名"))
    if decision == Decision.GO and weighing.verdict != Verdict.PASS:
        raise GateRefused(
            "gate_not_passed",
            _("评估结论不是通过，不能签为通过"),
            _("请整改或补足数据后重新评估；也可以签暂缓并写明理由"),
        )
    if decision != Decision.GO and not reason.strip():
        raise GateRefused("gate_reason", _("暂缓或终止需要理由"), _("请写明理由"))


def _gate(pk: int) -> Gate:
    gate = Gate.objects.filter(pk=pk).first()
    if gate is None:
        raise GateRefused("gate_unknown", _("没有这个阶段门"), _("请从阶段门列表中选择"), status=404)
    if Gate.objects.filter(code=gate.code, version__gt=gate.version).exists():
        raise GateRefused("gate_superseded", _("这个阶段门已有新版本"), _("请评估新版本"))
    return gate


def _weighing(pk: int) -> Weighing:
    found = Weighing.objects.select_related("gate").filter(pk=pk).first()
    if found is None:
        raise GateRefused("weighing_unknown", _("没有这次评估"), _("请从评估历史中选择"), status=404)
    return found


def _frozen(judged: Judged) -> dict[str, Any]:
    return {
        "criterion_id": judged.criterion, "value": judged.value, "top": judged.top, "bottom": judged.bottom,
        "start": judged.window.start, "end": judged.window.end, "measure_version": judged.measure_version,
        "verdict": judged.verdict,
    }  # fmt: skip


def _short(judged: Judged) -> list[Any]:
    return [judged.criterion, judged.value, judged.top, judged.bottom, str(judged.verdict)]
