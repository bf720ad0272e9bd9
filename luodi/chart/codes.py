"""Codes of the chart that are its own: small closed lists with their words."""

from django.utils.translation import gettext_lazy as _

# HL7 v3 ActCode AMB, EMER, OBSENC, IMP
VISIT_CLASSES = {
    "outpatient": _("门诊"),
    "emergency": _("急诊"),
    "observation": _("留观"),
    "inpatient": _("住院"),
}
BANDED = ("emergency", "observation", "inpatient")  # patients of these wear a wristband

# parts of an outpatient or emergency record (病历书写基本规范 2010, ch. 2)
NOTE_KINDS = {
    "complaint": _("主诉"),
    "history": _("现病史"),
    "past": _("既往史"),
    "exam": _("体格检查"),
    "plan": _("处理意见"),
    "rescue": _("抢救记录"),
    "progress": _("病程记录"),
}
DESK_NOTES = ("complaint", "history", "past", "exam", "plan")
REPEATED_NOTES = ("rescue", "progress")  # any number in an encounter; the others are written once and amended

DISPOSITIONS = {
    "home": _("离院"),
    "follow_up": _("离院并预约复诊"),
    "referred": _("转往外院"),
    "left": _("未就诊离开"),
    "died": _("死亡"),
}

# How an encounter may end; a doctor chooses among DISPOSITIONS, a cancelled registration ends it by itself.
CANCELLED = "cancelled"
ENDINGS = {**DISPOSITIONS, CANCELLED: _("已退号")}

ALLERGY_STATES = {
    "not_asked": _("未询问"),
    "denied": _("否认过敏"),
    "unconfirmed": _("未确认"),
    "listed": _("有过敏史"),
}
SEVERITIES = {"": _("程度未知"), "mild": _("轻度"), "moderate": _("中度"), "severe": _("重度")}

PREGNANCY = {"pregnant": _("妊娠"), "lactating": _("哺乳"), "none": _("非妊娠哺乳")}

# Names of readings with a code of their own beside those of terms.VitalSign and terms.LabItem.
PREGNANCY_STATUS = "PREG"  # coded; value = trimester where known
WEIGHT, HEIGHT, EGFR = "WT", "HT", "EGFR"
