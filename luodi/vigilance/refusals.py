"""What this room says no with."""

from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal


class NotFound(Refusal):
    code = "vigilance_not_found"
    message = _("没有找到这份报告或召回。")
    next = _("请从列表重新打开。")
    status = 404


class Invalid(Refusal):
    """A field that does not hold. `field` names it for the form."""

    code = "vigilance_invalid"
    status = 422
    next = _("请改正后再保存，已填写的内容没有丢失。")

    def __init__(self, message: object, field: str) -> None:
        super().__init__(message=message, facts={"field": field})
        self.field = field


class WrongStage(Refusal):
    """The report or case does not stand where this may be done."""

    code = "vigilance_stage"
    message = _("现在不能办理这一步。")
    next = _("请刷新页面，按当前状态办理。")


class Moved(Refusal):
    """Somebody saved another version since the page was opened."""

    code = "vigilance_moved"
    message = _("这份报告刚被别人更新过，没有保存。")
    next = _("请打开最新版本核对后再保存。")


class AlreadyRecalled(Refusal):
    code = "lot_recalled_already"
    message = _("这个药品的这一批号已经在召回中。")
    next = _("请打开已有的召回办理。")
