"""The fields of the official form 药品不良反应/事件报告表 (annex 1 of order 81), for paper and for a file."""

from typing import Any

from django.utils.translation import gettext as _

from luodi.chart import queries as charts
from luodi.chart.codes import ALLERGY_STATES
from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import HOSPITAL_ZONE
from luodi.vigilance import codes
from luodi.vigilance.shown import shown
from luodi.vigilance.types import Drug, ReactionCard


def _moment(moment: Any) -> str:
    return moment.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M") if moment else ""


def fields(card: ReactionCard) -> list[tuple[str, str]]:
    """(name of the field, what stands in it) in the order of the form."""
    view, form, who = shown(card), card.form, patients.card(card.patient)
    judged = card.assessed
    stated = charts.allergies(card.patient)
    weight = charts.latest(card.patient, "WT")
    return [
        (_("报告类型"), view.kind),
        (_("患者姓名"), who.name),
        (_("性别"), {"1": _("男"), "2": _("女")}.get(who.sex, _("不详"))),
        (_("出生日期"), who.birth_date.isoformat() if who.birth_date else _("不详")),
        (_("体重（kg）"), f"{weight.value.normalize():f}" if weight and weight.value is not None else _("不详")),
        (_("病历号"), who.record_no),
        (_("原患疾病"), "、".join(each.name for each in charts.problems(card.patient, 5))),
        (
            _("既往药品不良反应/事件"),
            "、".join(item.label for item in stated.items) or str(ALLERGY_STATES[stated.state]),
        ),
        (_("不良反应/事件名称"), view.terms),
        (_("不良反应/事件发生时间"), _moment(form.onset)),
        (_("获知时间"), _moment(form.known_at)),
        (_("不良反应/事件过程描述"), form.words),
        (_("严重的依据"), view.seriousness or _("无")),
        (_("对怀疑药品的处理"), view.action),
        (_("不良反应/事件的结果"), view.outcome),
        (_("停药或减量后，反应是否消失或减轻"), view.dechallenge),
        (_("再次使用可疑药品后是否再次出现同样反应"), view.rechallenge),
        (_("对原患疾病的影响"), view.impact),
        (_("关联性评价（报告人）"), view.causality),
        (_("关联性评价（报告单位）"), view.judged or _("待评价")),
        (_("Naranjo 评分"), "" if judged is None or judged.score is None else str(judged.score)),
        (_("报告人"), people.name(card.reporter)),
        (_("报告科室"), people.unit_name(card.unit)),
        (_("报告时间"), _moment(card.reported_at)),
    ]


def drugs(card: ReactionCard) -> list[dict[str, str]]:
    """The drugs of the form: suspect ones first."""
    return [_drug(each) for each in card.drugs]


def _drug(each: Drug) -> dict[str, str]:
    line = each.pack.drug
    return {
        "role": codes.name("role", each.role),
        "generic": line.generic,
        "brand": line.brand,
        "strength": line.strength,
        "form": line.form,
        "lot_no": each.pack.lot_no,
        "usage": f"{line.dose.normalize():f} {line.dose_unit} {line.said_route} {line.frequency}",
        "given_at": _moment(each.at),
        "where": _("床旁给药") if each.bedside else _("发药"),
        "indication": line.reason,
    }


def whole(card: ReactionCard) -> dict[str, Any]:
    """The whole form for a file: names of the fields as on paper, and the codes beside them."""
    form = card.form
    return {
        "form": "药品不良反应/事件报告表",
        "report": card.pk,
        "version": card.version,
        "fields": dict(fields(card)),
        "drugs": drugs(card),
        "codes": {
            "seriousness": list(form.seriousness), "new": form.new, "terms": list(form.terms),
            "outcome": form.outcome, "action": form.action, "dechallenge": form.dechallenge,
            "rechallenge": form.rechallenge, "impact": form.impact, "causality_reporter": form.causality,
            "causality_hospital": card.assessed.causality if card.assessed else "",
        },
    }  # fmt: skip
