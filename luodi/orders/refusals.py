"""Every way in which this room says no, in words a person understands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luodi.advice.types import Finding
from luodi.orders.loop import LABEL, STATE, Step
from luodi.trust.refusal import Refusal


def _in_language(zh: str, en: str) -> str:
    return en if en and (get_language() or "").startswith("en") else zh


_choose = lazy(_in_language, str)


def _spoken(finding: Finding, part: str) -> Any:
    """`why` or `instead` of a finding in the language in which it is read."""
    return _choose(getattr(finding, part), getattr(finding, f"{part}_en"))


class NotFound(Refusal):
    """There is no such prescription, line or planned dose."""

    code = "order_not_found"
    message = _("没有这条处方或医嘱。")
    next = _("请从工作列表重新打开。")
    status = 404


class LoopMoved(Refusal):
    """Somebody else took a step between reading and writing."""

    code = "loop_moved"
    message = _("页面打开后，处方已被他人处理。")
    next = _("请刷新后查看当前环节，再决定是否继续。")

    def __init__(self, step: Step) -> None:
        super().__init__(
            message=format_lazy(_("页面打开后，内容已有变化，现在的环节是：{state}。"), state=STATE[step]),
            facts={"step": str(step)},
        )


class LoopSkipped(Refusal):
    """The step is not the next one: says which steps are missing, or that it lies behind."""

    code = "loop_skipped"

    def __init__(self, step: Step, current: Step, lacking: Sequence[Step], on_route: bool) -> None:
        facts = {"step": str(step), "current": str(current), "missing": [str(each) for each in lacking]}
        if not on_route:
            message = format_lazy(_("这类处方的流程中没有“{step}”这一环节。"), step=LABEL[step])
            onward: Any = _("请按处方页上的流程办理。")
        elif current in (Step.STOPPED, Step.EXPIRED):
            message = format_lazy(_("处方{state}，不能{step}。"), state=STATE[current], step=LABEL[step])
            onward = _("如仍需用药，请医师另开处方。")
        elif current in (Step.DRAFTED, Step.RETURNED) and step is not Step.SIGNED:
            message = format_lazy(_("处方{state}，不能{step}。"), state=STATE[current], step=LABEL[step])
            onward = _("请医师签名后再继续。")
        elif lacking:
            names = format_lazy(" ".join(["{}"] * len(lacking)), *(LABEL[each] for each in lacking))
            message = format_lazy(_("尚未{missing}，不能{step}。"), missing=names, step=LABEL[step])
            onward = format_lazy(_("请先完成：{missing}。"), missing=LABEL[lacking[0]])
        else:
            message = format_lazy(_("现在的环节是“{state}”，不能{step}。"), state=STATE[current], step=LABEL[step])
            onward = _("请刷新后查看当前环节。")
        super().__init__(message=message, next=onward, facts=facts)


class NoProof(Refusal):
    """The step does not carry what the loop table asks of it."""

    code = "loop_no_proof"

    def __init__(self, step: Step, lacking: Sequence[str]) -> None:
        super().__init__(
            message=format_lazy(
                _("“{step}”缺少必需的记录：{keys}。"), step=LABEL[step], keys=", ".join(sorted(lacking))
            ),
            next=_("请补全后重试。"),
            facts={"step": str(step), "proof": sorted(lacking)},
            status=422,
        )


class OwnAct(Refusal):
    """Signing, stopping and lapsing are acts of their own and never a bare step."""

    code = "loop_own_act"

    def __init__(self, step: Step) -> None:
        super().__init__(
            message=format_lazy(_("“{step}”有自己的操作，不能直接推进。"), step=LABEL[step]),
            next=_("请在处方页上办理。"),
            facts={"step": str(step)},
        )


class Lapsed(Refusal):
    """处方管理办法 art. 18: valid on the day of issue, or as long as the prescriber extended it."""

    code = "prescription_expired"

    def __init__(self, until: datetime) -> None:
        super().__init__(
            message=_("处方已过有效期，不能继续。"),
            next=_("处方当日有效：请医师在三日内写明理由延长，或另开处方。"),
            facts={"valid_until": until},
        )


class RestLapsed(Refusal):
    """The rest of a prescription that was handed over in part was not fetched in its time."""

    code = "rest_expired"

    def __init__(self, until: datetime) -> None:
        super().__init__(
            message=_("欠药已过可补发的日期，不能继续。"),
            next=_("请结清这笔欠药；患者仍需要时请医师另开处方。"),
            facts={"rest_until": until},
        )


class DoseNotDue(Refusal):
    """The prescription has not reached the bedside, or has left it."""

    code = "dose_not_ready"

    def __init__(self, current: Step, lacking: Sequence[Step]) -> None:
        if lacking:
            message = format_lazy(_("尚未{missing}，不能执行。"), missing=LABEL[lacking[0]])
        else:
            message = format_lazy(_("处方{state}，不能执行。"), state=STATE[current])
        super().__init__(message=message, next=_("请先核对处方的流程。"), facts={"current": str(current)})


class Refused(Refusal):
    """The check found what is never right. Carries the findings for the screen."""

    code = "prescription_refused"
    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        self.findings = tuple(findings)
        super().__init__(
            message=format_lazy(_("不能签名：{why}（{source}）。"), why=_spoken(first, "why"), source=first.source),
            next=_spoken(first, "instead") if first.instead else _("请修改处方后再签名。"),
            facts={"rules": sorted({finding.rule for finding in findings})},
        )


class Unanswered(Refusal):
    """A finding that asks has no answer. Carries the findings for the screen."""

    code = "finding_unanswered"
    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            message=format_lazy(
                _("还有 {n} 条提示没有写明理由：{why}。"), n=str(len(findings)), why=_spoken(findings[0], "why")
            ),
            next=_("请逐条写明理由，或修改处方。"),
            facts={"rules": sorted({finding.rule for finding in findings})},
        )


class SecondMissing(Refusal):
    """A dose beyond the label is signed a second time."""

    code = "second_signature"
    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            message=format_lazy(_("超剂量须医师再次签名：{why}。"), why=_spoken(findings[0], "why")),
            next=_("请再次输入密码签名，或修改处方。"),
            facts={"rules": sorted({finding.rule for finding in findings})},
        )


def not_editable(step: Step) -> Refusal:
    return Refusal(
        "prescription_not_editable",
        format_lazy(_("处方{state}，不能再改动。"), state=STATE[step]),
        _("如需更改，请停止这张处方后另开。"),
        facts={"step": str(step)},
    )


def not_yours() -> Refusal:
    return Refusal(
        "prescription_not_yours", _("这张处方由另一位医师开立。"), _("请由开立的医师办理，或另开处方。"), status=403
    )


def empty() -> Refusal:
    return Refusal("prescription_empty", _("处方中没有药品。"), _("请先加入药品。"), status=422)


def encounter_closed() -> Refusal:
    return Refusal("encounter_closed", _("本次就诊尚未接诊或已经结束，不能开处方。"), _("请先接诊。"))


def unknown(code: str, message: Any, onward: Any = "") -> Refusal:
    """A field that does not hold: 422."""
    return Refusal(code, message, onward or _("请检查后重新填写。"), status=422)
