"""Refusals of the room."""

from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal


class NotFound(Refusal):
    code = "committee_unknown"
    message = _("没有这一项。")
    next = _("请从列表中选择。")
    status = 404


def no_replay() -> Refusal:
    return Refusal("no_replay", _("批准前须用已签处方重放这个版本。"), _("请先开始重放，看过结果后再签名。"))


def replay_moved() -> Refusal:
    return Refusal("replay_moved", _("您打开页面之后又有新的重放结果。"), _("请看过新的结果后再签名。"))


def decided() -> Refusal:
    return Refusal("decided", _("您已经对这个版本签过名。"), _("每位委员对一个版本只签一次。"))


def rejected() -> Refusal:
    return Refusal("rejected", _("这个版本已被否决。"), _("请按否决理由修改后重新载入。"))


def reason_missing() -> Refusal:
    return Refusal("reason_missing", _("请写明理由，最多 500 字。"), _("理由会与决定一起保存。"), status=422)


def launch_pending() -> Refusal:
    return Refusal("launch_pending", _("已有一个版本安排了启用时间。"), _("请先撤销那个安排。"))


def launch_over() -> Refusal:
    return Refusal("launch_over", _("这个安排已经完成或撤销。"), _("请看版本页面的现状。"))


def ruled() -> Refusal:
    return Refusal("ruled", _("这个议题已经有决定。"), _("请在议程中查看。"))


def not_of_the_table() -> Refusal:
    return Refusal(
        "rule_unknown", _("规则表里没有这条规则的询问，不能由此修改。"), _("请修改资料文件并上传为候选版本。")
    )


def check_failed() -> Refusal:
    return Refusal("check_failed", _("重放中有处方不能完成核对，这个版本不能批准。"), _("请更正参数后重新载入并重放。"))
