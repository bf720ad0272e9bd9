"""Every way in which the ward says no: what is wrong, and what to do next."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.patients import codes
from luodi.stock import gs1
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.trust.refusal import Refusal


class WardRefused(Refusal):
    """A bed, a receipt or a verification that can not be done like this."""


class BedTaken(WardRefused):
    code = "bed_taken"
    message = _("这张床已有患者")
    next = _("请选择空床，或先为原患者办理离床")


class AlreadyPlaced(WardRefused):
    code = "already_placed"
    message = _("这位患者已在床位上")
    next = _("请先办理离床，再安排新的床位")


class AlreadyReleased(WardRefused):
    code = "already_released"
    message = _("这张床已经离床")
    next = _("请刷新床位图")


class BedsideRefused(Refusal):
    """A dose that must not be given like this."""


def settled(state: Any, who: str, at: datetime) -> BedsideRefused:
    """The dose has come to its end: by whom and when."""
    return BedsideRefused(
        "already_settled",
        _("这次用药%(state)s：%(who)s，%(at)s") % {"state": state, "who": who, "at": local(at)},
        _("请不要重复给药；如有疑问先与记录人核对"),
    )


def package_given(who: str, at: datetime) -> BedsideRefused:
    """The package was used up: by whom and when."""
    return BedsideRefused(
        "package_given",
        _("这个药包已经给过：%(who)s，%(at)s") % {"who": who, "at": local(at)},
        _("请不要再次给药；请扫描本次用药的药包"),
    )


def not_ready(state: Any) -> BedsideRefused:
    """The prescription has not reached the ward."""
    return BedsideRefused(
        "not_received",
        _("药品还没有由病区接收，目前：%(state)s") % {"state": state},
        _("请先在“病区接收”扫描全部药包"),
    )


STOPPED = BedsideRefused, "prescription_stopped", _("处方已停止，不能给药"), _("请把药包退回药房；如有疑问请联系医师")
UNKNOWN_WRISTBAND = (
    BedsideRefused,
    "unknown_wristband",
    _("不认识这个腕带码"),
    _("请重新扫描；仍不认识时核对姓名和出生日期并重打腕带"),
)
WRONG_PATIENT = (
    BedsideRefused,
    "wrong_patient",
    _("患者不对：腕带不是这次用药的患者"),
    _("请停止给药，回到执行单重新扫描腕带"),
)
PACKAGE_OF_ANOTHER = (
    BedsideRefused,
    "package_of_another",
    _("药包不对：这是另一位患者的药"),
    _("请停止给药，把药包放回，并扫描这位患者的药包"),
)
WRONG_DRUG = BedsideRefused, "wrong_drug", _("药品不对：药包里不是这条医嘱的药"), _("请扫描这次用药的药包")
WRONG_ORDER = BedsideRefused, "wrong_order", _("剂量或途径不对：药包属于另一条医嘱"), _("请扫描这次用药的药包")
OTHER_DOSE = (
    BedsideRefused,
    "other_dose",
    _("时间不对：这是另一个时间的药包"),
    _("请按药包标签上的时间给药，并扫描这次用药的药包"),
)
SCAN_MISSING = (
    BedsideRefused,
    "scan_missing",
    _("腕带或药包没有扫描"),
    _("请扫描；确实无法扫描时选择原因，并人工核对五项"),
)
WITNESS_MISSING = BedsideRefused, "witness_missing", _("高警示药品需要第二人核对"), _("请另一位护士输入工号和密码")
WITNESS_CREDENTIALS = (
    BedsideRefused,
    "witness_credentials",
    _("核对人的工号或密码不正确"),
    _("请核对人重新输入；多次失败账号会暂时锁定"),
)
WITNESS_SAME = BedsideRefused, "witness_same", _("核对人不能是您自己"), _("请另一位护士核对")
WITNESS_POST = BedsideRefused, "witness_post", _("核对人没有用药核对的权限"), _("请有核对权限的护士核对")
NO_DOSE = BedsideRefused, "no_dose", _("这个药包是必要时用药，现在没有待给的一次"), _("请先在患者页登记按需给药")
NOT_IN_BED = BedsideRefused, "not_in_bed", _("这位患者不在床位上"), _("请先在病区安排床位")
REASON_MISSING = BedsideRefused, "reason_missing", _("没有给药必须说明原因"), _("请从列表中选择原因")
NO_PACKAGE = BedsideRefused, "no_package", _("这次用药没有对应的药包"), _("请联系药房")


def unknown_package(code: str) -> BedsideRefused:
    """No package label of this pharmacy: says what it is instead, where that can be told."""
    message: Any = _("不认识这个药包条码")
    following: Any = _("请重新扫描；仍不认识时不要给药，联系药房")
    if codes.is_wristband(code):
        message, following = _("这是腕带，不是药包"), _("请扫描药包标签上的条码")
    elif codes.is_record_no(code):
        message, following = _("这是病案号，不是药包"), _("请扫描药包标签上的条码")
    elif gs1.is_box(code):
        message, following = (
            _("这是药盒上的商品条码，不是药包标签"),
            _("请扫描药房贴的标签；没有标签的药不要给，联系药房"),
        )
    return BedsideRefused("unknown_package", message, following)


def foreign_package() -> BedsideRefused:
    """At the receipt: the package of another prescription."""
    return BedsideRefused("receipt_foreign", _("这个药包不属于这张处方"), _("请把它放到一边，接收它自己的处方时再扫描"))


def package_blocked(why: Any) -> BedsideRefused:
    """A lot in the package has expired, or was quarantined or recalled since it was packed."""
    return BedsideRefused(
        "package_blocked", _("这个药包不能用：%(why)s") % {"why": why}, _("请不要给药，把药包退回药房换药")
    )


def no(kind: tuple[type[Refusal], str, Any, Any], **facts: Any) -> Refusal:
    """The refusal of a row above, with facts for the ledger."""
    refusal, code, message, following = kind
    return refusal(code, message, following, facts=facts)


def too_early(opens: datetime) -> BedsideRefused:
    return BedsideRefused(
        "too_early",
        _("时间不对：还没到给药时间，%(at)s 起可以给药") % {"at": local(opens)},
        _("请到时间再给；医师同意提前时选择原因"),
    )


def too_late(closes: datetime) -> BedsideRefused:
    return BedsideRefused(
        "too_late",
        _("时间不对：已超过给药时间，应在 %(at)s 前给药") % {"at": local(closes)},
        _("请选择延后的原因再给，或记为未执行并联系医师"),
    )


def too_near(opens: datetime, last: datetime) -> BedsideRefused:
    return BedsideRefused(
        "too_near",
        _("离上一次给药（%(last)s）太近，%(at)s 起可以给药") % {"last": local(last), "at": local(opens)},
        _("请等到该时间，或联系医师调整"),
    )


def local(moment: datetime) -> str:
    """hh:mm in the hospital's time, with the day before it where that is not today."""
    there = moment.astimezone(HOSPITAL_ZONE)
    return there.strftime("%H:%M" if there.date() == today() else "%m-%d %H:%M")
