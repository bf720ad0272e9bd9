"""Every way in which this room says no. None holds a patient's identifier."""

from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal


class NotFound(Refusal):
    """There is no such sample, case, report or proposal, or it is not this person's."""

    code = "commentary_not_found"
    message = _("没有找到。")
    next = _("请从列表重新打开。")
    status = 404


class BadDraw(Refusal):
    """The sample cannot be drawn like this."""

    code = "commentary_draw"
    next = _("请改期间或样本种类后再抽。")
    status = 422


class DrawnBefore(Refusal):
    """Days of the period were drawn from before."""

    code = "commentary_drawn"
    message = _("这段期间中已有同类样本，没有重新抽取。")
    next = _("样本抽出后不能重抽；请选择没有抽过的日期。")


class BadAssignment(Refusal):
    """Nobody can be given the cases."""

    code = "commentary_assignment"
    status = 422


class BadComment(Refusal):
    """The comment does not say what it must."""

    code = "commentary_incomplete"
    status = 422


class Done(Refusal):
    """Somebody did it before."""

    code = "commentary_done"
    message = _("这一条已经办理过，没有再次保存。")
    next = _("请返回列表查看。")


class Late(Refusal):
    """The days for an objection are over."""

    code = "commentary_late"
    message = _("答复期限已过。")
    next = _("如仍有异议，请直接与药学部联系。")


class NotReady(Refusal):
    """The period still has open cases."""

    code = "commentary_open"
    next = _("请先完成点评、答复与裁定；医师未答复的，等答复期限过后再发布。")
