"""What this room says no with."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.trust import people
from luodi.trust.refusal import Refusal


class NoEncounter(Refusal):
    code = "no_encounter"
    message = _("没有这次就诊。")
    next = _("请从队列或病历中重新打开。")
    status = 404


class AlreadyOpened(Refusal):
    code = "already_opened"
    message = _("这次就诊已由医师接诊。")
    next = _("请刷新队列；需要会诊或转科请与接诊医师联系。")


class NotOpened(Refusal):
    code = "not_opened"
    message = _("这次就诊还没有接诊。")
    next = _("请先接诊，再书写病历。")


class EncounterClosed(Refusal):
    code = "encounter_closed"
    message = _("这次就诊已经结束。")
    next = _("已写的内容可以修订并注明原因；新的内容请写在新的就诊里。")


class NoDelivery(Refusal):
    """A baby wears a band, so its mother's visit is one of those that do."""

    code = "no_delivery"
    message = _("门诊就诊不能登记新生儿。")
    next = _("请先为母亲办理急诊、留观或住院，再登记新生儿。")


class AlreadyInBed(Refusal):
    code = "already_in_bed"
    message = _("这位患者已在床位上。")
    next = _("请先办理离床，再安排新的床位。")


class InBed(Refusal):
    """A closed encounter never keeps a bed: the bed is left first."""

    code = "encounter_in_bed"
    next = _("请病区护士先在床位图办理离床，再结束就诊。")

    def __init__(self, unit: int, bed: str) -> None:
        super().__init__(
            message=format_lazy(_("患者还在{unit} {bed} 床，不能结束就诊。"), unit=people.unit_name(unit), bed=bed),
            facts={"unit": unit, "bed": bed},
        )


class NoDiagnosis(Refusal):
    code = "no_diagnosis"
    message = _("还没有主要诊断，不能结束就诊。")
    next = _("请先下诊断；未就诊离开的患者请选“未就诊离开”。")


class Superseded(Refusal):
    """Somebody amended the same version first, or began the same part of the record."""

    code = "superseded"
    message = _("这份记录刚被修订过。")
    next = _("请打开最新版本，比较后再修订。您写的内容还在页面上。")


class AllergyMoved(Refusal):
    code = "allergy_moved"
    message = _("过敏信息刚被别人更新过。")
    next = _("请核对最新的过敏信息后再保存。")


class DiagnosisHeld(Refusal):
    code = "diagnosis_held"
    message = _("这个诊断已经下过。")
    next = _("如要改主要诊断，请先撤回再重新下诊断。")


class Withdrawn(Refusal):
    code = "diagnosis_withdrawn"
    message = _("这个诊断已经撤回。")
    next = _("请刷新页面。")


class Invalid(Refusal):
    """A field that does not hold. `field` names it for the form."""

    status = 422
    next = _("请改正后再保存，已填写的内容没有丢失。")

    def __init__(self, code: str, message: object, field: str) -> None:
        super().__init__(code, message, facts={"field": field})
        self.field = field
