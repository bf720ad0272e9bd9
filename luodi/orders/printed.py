"""处方笺 as PDF: the fields of annex 1 of 处方管理办法 on the colour of its kind (`data/papers.csv`)."""

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.advice.amounts import text
from luodi.chart import queries as chart
from luodi.chart.codes import VISIT_CLASSES
from luodi.orders import queries
from luodi.orders.cards import LineCard, PrescriptionCard
from luodi.orders.forms import KINDS
from luodi.orders.loop import STATE, Step
from luodi.paper import codes, sheet
from luodi.patients import queries as patients
from luodi.patients import said
from luodi.trust import people
from luodi.trust.clock import HOSPITAL_ZONE, now
from luodi.trust.tables import in_force

TEMPLATE = Path(__file__).parent / "typst" / "prescription.typ"
_PAPERS = Path(__file__).parent / "data" / "papers.csv"
# 后记: the four signatures of annex 1 of 处方管理办法; a part handed over was handed over.
SIGNERS = (
    (gettext_lazy("审核"), (Step.REVIEWED,)),
    (gettext_lazy("调配"), (Step.PREPARED,)),
    (gettext_lazy("核对"), (Step.CHECKED,)),
    (gettext_lazy("发药"), (Step.DISPENSED, Step.OWED)),
)
CONTROLLED = ("narcotic", "psych1")
MARKS = {"narcotic": "麻", "psych1": "精一", "psych2": "精二", "toxic": "毒"}
SPEEDS = {"gtt/min": "滴/分", "ml/h": "ml/h"}


class Printer(NamedTuple):
    """Who prints it, and for which hospital."""

    house: str
    name: str


def pdf(card: PrescriptionCard, by: Printer) -> bytes:
    """The sheet as PDF/A, in Chinese, whatever the screen speaks."""
    with translation.override("zh-hans"):
        return sheet.pdf(TEMPLATE, values(card, by), made=now())


def pictures(card: PrescriptionCard, by: Printer) -> list[bytes]:
    """Its pages as PNG."""
    with translation.override("zh-hans"):
        return sheet.picture(TEMPLATE, values(card, by), made=now())


def paper(kind: str) -> dict[str, str]:
    """The row of `papers.csv` in force for a kind of prescription; an unknown kind is printed on white."""
    found = next((row for row in in_force(_PAPERS) if row["kind"] == kind), None)
    return dict(found) if found else {"corner": "", "fill": "#ffffff"}


def values(card: PrescriptionCard, by: Printer) -> dict[str, Any]:
    """What stands on the sheet."""
    who, signatures = patients.card(card.patient), queries.signatures(card.pk)
    last, look = signatures[-1] if signatures else None, paper(card.kind)
    name, age = who.name or _("未知"), said.age(who.birth_date)
    return {
        "house": by.house,
        "title": _("用药医嘱单") if card.bedside else _("处方笺"),
        "corner": look["corner"],
        "fill": look["fill"],
        "who": f"{name}　{said.sex(who.sex)}　{age}　{who.record_no}",
        "number": card.number,
        "qr": codes.qr(f"LUODI-ENTRY-{last.entry}") if last else "",
        "fields": _fields(card, who, name, age),
        "diagnosis": "；".join(row.name for row in chart.diagnoses(card.encounter)) or _("未知"),
        "byhand": [_("患者身份证明编号"), _("代办人姓名"), _("代办人身份证明编号")] if card.kind in CONTROLLED else [],
        "lines": [_line(number, line) for number, line in enumerate(card.lines, 1)],
        "warnings": _warnings(card, last),
        "signers": _signers(card),
        "proof": _proof(card, last),
        "foot": _("打印 %(who)s %(at)s") % {"who": by.name, "at": _moment(now())},
    }


def _fields(card: PrescriptionCard, who: Any, name: str, age: str) -> list[list[str]]:
    banner = chart.banner(card.patient, card.encounter)
    weight = banner["weight"]
    found = [
        [_("姓名"), name],
        [_("性别"), said.sex(who.sex)],
        [_("年龄"), age],
        [_("病历号"), who.record_no],
        [_("科室"), f"{people.unit_name(card.unit)} {banner['bed']}".strip()],
        [_("费别"), str(banner["payer"] or _("未知"))],
        [_("类别"), f"{VISIT_CLASSES.get(card.visit_class, card.visit_class)} {KINDS[card.kind]}"],
        [_("开具"), _moment(card.signed_at)],
        [_("有效至"), _moment(card.valid_through)],
    ]
    if card.kind == "paediatric":
        found.append([_("体重"), f"{text(weight['value'])} {weight['unit']}" if weight else _("未知")])
    return found


def _line(number: int, line: LineCard) -> dict[str, Any]:
    marks = [MARKS[line.control]] if line.control in MARKS else []
    return {
        "number": str(number),
        "name": f"{line.generic}（{line.brand}）" if line.brand else line.generic,
        "strength": line.strength,
        "form": line.form,
        "quantity": f"{text(line.quantity)} {line.pack_unit}",
        "marks": [*marks, _("高警示")] if line.high_alert else marks,
        "usage": _("用法：") + "　".join(_usage(line)),
        "notes": _notes(line),
    }


def _usage(line: LineCard) -> list[str]:
    found = [
        _("每次 %(dose)s") % {"dose": f"{text(line.dose)} {line.dose_unit}"},
        line.frequency,
        line.route,
        _("%(days)s 天") % {"days": text(line.days)},
    ]
    if line.bag:
        found.append(_("第 %(bag)s 组同瓶") % {"bag": line.bag})
    if line.rate is not None:
        found.append(f"{text(line.rate)} {SPEEDS.get(line.rate_unit, line.rate_unit)}")
    if line.prn:
        found.append(_("必要时"))
    return [*found, line.usage] if line.usage else found


def _notes(line: LineCard) -> list[str]:
    pairs = (
        (_("延长用量的理由"), line.chronic_reason),
        (_("越级使用理由"), line.over_tier_reason),
        (_("备注"), line.note),
    )
    return [f"{label}：{words}" for label, words in pairs if words]


def _proof(card: PrescriptionCard, last: Any) -> str:
    if last is None:
        return _("尚未签名")
    said = f"SM2 …{last.value.hex()[-16:].upper()}　{_('账本记录')} {last.entry}"
    second = queries.second_signature(card.pk)
    return f"{said}　{_('超剂量，医师再次签名')} {_moment(second.at)}" if second and second.valid else said


def _warnings(card: PrescriptionCard, last: Any) -> list[str]:
    found = [str(STATE[card.step])] if card.step in (Step.STOPPED, Step.EXPIRED) else []
    if last is not None and not (last.valid and last.matches):
        found.append(_("签名验证未通过，不得据此调配。"))
    return found


def _signers(card: PrescriptionCard) -> list[list[Any]]:
    """[what, who, when] of the prescriber and of each of the four steps; None, drawn as a dash, where nobody has."""
    took = {step.step: (step.who, step.at) for step in queries.steps_taken(card.pk)}
    found: list[list[Any]] = [[_("医师"), people.name(card.prescriber), _moment(card.signed_at)]]
    for label, steps in SIGNERS:
        taken = max((took[step] for step in steps if step in took), key=lambda each: each[1], default=None)
        found.append([str(label), taken[0], _moment(taken[1])] if taken else [str(label), None, None])
    return [*found, [_("药品金额"), None, None]]


def _moment(at: datetime | None) -> str:
    return at.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M") if at else _("未知")
