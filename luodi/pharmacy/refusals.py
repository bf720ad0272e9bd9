"""Every way in which the pharmacy says no, in words a person understands. None holds a patient's identifier."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.stock.refusals import joined
from luodi.trust.refusal import Refusal


class NotFound(Refusal):
    """There is no such package or preparation."""

    code = "pharmacy_not_found"
    message = _("没有找到。")
    next = _("请从工作列表重新打开。")
    status = 404


class BadReview(Refusal):
    """The review does not say what a review must say."""

    code = "review_incomplete"
    status = 422


class OwnWork(Refusal):
    """One person may not do two steps that must check each other."""

    code = "same_person"


class StillRefused(Refusal):
    """The check finds, now, what no pharmacist may pass."""

    code = "review_refused_by_rule"
    next = _("请退回医师修改；医师改正后会再次送审。")

    def __init__(self, rules: Iterable[str], why: Iterable[str]) -> None:
        super().__init__(
            message=format_lazy(_("按现在的资料检查，这张处方不能通过：{why}"), why="；".join(why)),
            facts={"rules": sorted(rules)},
        )


class NotSeconded(Refusal):
    """A dose beyond the label that the prescriber has not signed a second time (处方管理办法 art. 6(9))."""

    code = "review_not_seconded"
    next = _("请退回医师修改，或再次签名；电话确认不能代替签名。")

    def __init__(self, rules: Iterable[str], why: Iterable[str]) -> None:
        super().__init__(
            message=format_lazy(_("超剂量没有医师再次签名，不能通过：{why}"), why="；".join(why)),
            facts={"rules": sorted(rules)},
        )


class WrongScan(Refusal):
    """A scanned code is not one of this prescription's packages."""

    code = "wrong_package"
    status = 422


class NotAllScanned(Refusal):
    """The second check scans every package."""

    code = "packages_unscanned"
    status = 422
    next = _("请逐个扫描余下的包装。")

    def __init__(self, missing: list[str], total: int) -> None:
        super().__init__(
            message=format_lazy(
                _("{total} 个包装中还有 {count} 个没有扫描：{list}。"),
                total=total, count=len(missing), list="、".join(missing),
            ),
            facts={"missing": len(missing), "total": total},
        )  # fmt: skip


class LotBlocked(Refusal):
    """A package holds a lot that has since expired, been quarantined or been recalled."""

    code = "lot_blocked"
    next = _("请退回调配，放回的药品留在原批次，再用可用的批次重新调配。")

    def __init__(self, blocked: list[tuple[str, str, Any]]) -> None:
        words = [
            format_lazy(_("{drug} 批号 {lot}：{why}"), drug=drug, lot=lot_no, why=why) for drug, lot_no, why in blocked
        ]
        super().__init__(
            message=format_lazy(_("包装中有不能发出的批次。{list}。"), list=joined(words)),
            facts={"blocked": len(blocked)},
        )


class BadPart(Refusal):
    """A hand-over of a part, or the end of a debt, that may not be."""

    code = "bad_part"
    status = 422


class BadReturn(Refusal):
    """Goods that may not be taken back, or not judged, like this."""

    code = "bad_return"
    status = 422


class BadTrace(Refusal):
    """A traceability code that may not be noted."""

    code = "bad_trace"
    status = 422


class TraceMissing(Refusal):
    """The policy asks for a code on each package, or for the reason why it has none."""

    code = "trace_missing"
    status = 422
    next = _("请扫描追溯码，或选择没有追溯码的原因。")

    def __init__(self, missing: int) -> None:
        super().__init__(
            message=format_lazy(_("还有 {count} 个包装没有登记追溯码。"), count=missing), facts={"missing": missing}
        )


class AskTwo(Refusal):
    """Handing to a patient takes two identifiers, asked aloud."""

    code = "two_identifiers"
    message = _("发药前须核对患者的两项身份信息。")
    next = _("请询问并核对后，勾选至少两项。床号不算身份信息。")
    status = 422


class NotInBatch(Refusal):
    """A package that belongs to nothing that the batch has to check."""

    code = "not_in_batch"
    message = _("这个包装不在这批待核的药里。")
    next = _("请单独放开，在“配发药”扫描它，查看属于哪张处方。")
