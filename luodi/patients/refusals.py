"""What this room says no with. None of the words holds an identifier."""

from django.utils.translation import gettext_lazy as _

from luodi.trust.refusal import Refusal


class NoPatient(Refusal):
    code = "no_patient"
    message = _("没有这位患者。")
    next = _("请重新查找；如果网址是抄来的，请核对。")
    status = 404


class Moved(Refusal):
    """Somebody corrected the identity while this form was open."""

    code = "identity_moved"
    message = _("这位患者的身份信息刚被别人更正过。")
    next = _("请重新打开，核对最新的信息后再更正。")


class IdTaken(Refusal):
    """The document is registered already: this person is known."""

    code = "id_taken"
    message = _("这个证件号已经登记过。")
    next = _("请按证件号查找并使用原有档案，不要重复建档；原档案有误请先更正。")

    def __init__(self, patient: int | None) -> None:
        super().__init__(facts={"registered": patient})
        self.patient = patient


class Invalid(Refusal):
    """A field that does not hold. `field` names it for the form."""

    status = 422
    next = _("请改正后再保存，已填写的内容没有丢失。")

    def __init__(self, code: str, message: object, field: str) -> None:
        super().__init__(code, message, facts={"field": field})
        self.field = field


class BandMoved(Refusal):
    """Another band was made while this page was open."""

    code = "band_moved"
    message = _("这条腕带刚刚已经更换过，没有再次作废。")
    next = _("请打印现在有效的腕带；确需再换，请重新打开页面。")


class NoWristband(Refusal):
    code = "no_wristband"
    message = _("这次就诊还没有腕带。")
    next = _("请先在病区或分诊处发放腕带。")
    status = 404
