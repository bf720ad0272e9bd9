"""Every way in which this room says no."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal


class TooOften(Refusal):
    """A limit of the day, or of the minute, is reached."""

    code = "too_often"
    message = _("今天的次数已用完。")
    next = _("请明天再试，或到窗口办理。")
    status = 429


class TooSoon(Refusal):
    code = "too_soon"
    next = _("收到的上一条验证码仍然有效。")
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(message=format_lazy(_("请 {n} 秒后再获取验证码。"), n=seconds), facts={"seconds": seconds})


class WrongCode(Refusal):
    """Wrong, used, or too old: which of them is not said."""

    code = "wrong_text_code"
    message = _("验证码不正确或已失效。")
    next = _("请核对后重新输入，或重新获取。")
    status = 401


class NotMatched(Refusal):
    """The hospital knows the document, but not this name or telephone with it."""

    code = "not_matched"
    message = _("填写的信息与医院登记的不一致，不能在手机上添加。")
    next = _("请带证件到窗口办理，窗口可以为这个手机号授权。")


class NotKnownHere(Refusal):
    """Nobody with this card and this phone: which of them is wrong is not said."""

    code = "not_known_here"
    message = _("没有查到，或手机号后四位不符。")
    next = _("请核对后重试；没有建档或换了手机号，请到窗口办理。")


class TooManyPeople(Refusal):
    code = "too_many_people"
    next = _("请先移除不再需要的就诊人。")

    def __init__(self, most: int) -> None:
        super().__init__(message=format_lazy(_("一个手机账号最多 {n} 位就诊人。"), n=most), facts={"most": most})


class NoAccount(Refusal):
    code = "no_account"
    message = _("没有这个手机账号。")
    next = _("请刷新后重试。")
    status = 404


class NotVerified(Refusal):
    """The account may book for the person, but nobody has looked at a document yet."""

    code = "not_verified"
    message = _("还没有核验这位就诊人的证件，暂时不能查看病历资料。")
    next = _("请就诊时带证件到窗口核验一次，之后即可在手机上查看。")
    status = 403


class NotToBeRated(Refusal):
    code = "not_to_be_rated"
    message = _("这次就诊现在不能评价。")
    next = _("就诊结束后两周内可以评价一次。")


class NoVisit(Refusal):
    code = "no_visit"
    message = _("没有这次就诊。")
    next = _("请返回就诊列表。")
    status = 404


class CorrectionMoved(Refusal):
    code = "correction_moved"
    message = _("这条更正申请已经处理。")
    next = _("请刷新列表。")


class Invalid(Refusal):
    """Something typed is missing or of the wrong kind; `field` names it."""

    code = "invalid"
    status = 422

    def __init__(self, code: str, message: object, field: str = "") -> None:
        super().__init__(code=code, message=message)
        self.field = field
