"""The specimens of `/design/`: every part with hard cases: long names, unknown values, hostile text.

Invented words, nobody's data.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.trust.clock import now

LONG = "阿卜杜拉·买买提江·吐尔逊古丽·欧阳上官"


class SpecimenForm(forms.Form):
    """Each kind of field once."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    sex = forms.ChoiceField(
        label=_("性别"), choices=[("1", _("男")), ("2", _("女")), ("9", _("未说明"))], widget=forms.RadioSelect
    )
    birth = forms.DateField(label=_("出生日期"), help_text=_("年-月-日，未知可不填"), required=False)
    unit = forms.ChoiceField(label=_("科室"), choices=[("1", "普通内科门诊"), ("2", "急诊科")])
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    agree = forms.BooleanField(label=_("已当面核对证件"), required=False)


def banners() -> list[dict[str, Any]]:
    """A full banner, one where nothing is known, one with a very long name, and a new-born."""
    at = now()
    full = {
        "patient": 7,
        "name": "单建国",
        "pinyin": "shàn jiàn guó",
        "sex": "1",
        "birth_date": date(1958, 3, 12),
        "record_no": "M0000123",
        "bed": "03",
        "department": "急诊留观区",
        "visit_class": "observation",
        "allergies": {
            "state": "listed",
            "items": [
                {"label": "青霉素类", "severity": "severe", "reaction": "过敏性休克"},
                {"label": "磺胺", "severity": "mild", "reaction": "皮疹"},
            ],
        },
        "weight": {"value": Decimal("72.50"), "unit": "kg", "at": at},
        "egfr": {"value": Decimal("41"), "unit": "mL/min/1.73m²", "at": at - timedelta(days=3)},
        "isolation": "",
        "fall_risk": "高",
        "care_level": "一级护理",
        "doctor": "内科医师甲",
        "payer": "城镇职工医保",
    }
    blank = {"allergies": {"state": "not_asked"}, "pregnancy": "unknown"}
    long = {
        **full,
        "name": LONG,
        "pinyin": "",
        "sex": "2",
        "birth_date": date(1994, 11, 2),
        "pregnancy": "lactating",
        "visit_class": "inpatient",
        "department": "心血管内科与重症监护联合病区",
        "bed": "加 12",
        "allergies": {"state": "unconfirmed"},
        "isolation": "接触隔离",
    }
    child = {
        **full,
        "name": "新生儿 <b>甲</b>",
        "pinyin": "",
        "sex": "0",
        "birth_date": at.date() - timedelta(days=11),
        "visit_class": "emergency",
        "allergies": {"state": "denied"},
        "bed": "",
        "care_level": "",
        "fall_risk": "",
    }
    return [full, blank, long, child]


def drugs() -> list[dict[str, Any]]:
    """An ordinary line, two controlled, one high-alert, a restricted antibiotic with a long name, one half known."""
    line = {
        "generic": "阿莫西林胶囊",
        "brand": "",
        "strength": "0.25 g × 24 粒",
        "form": "胶囊",
        "dose": Decimal("0.50"),
        "dose_unit": "g",
        "route": "口服",
        "frequency": "每日3次",
        "days": 5,
        "quantity": Decimal("2.0"),
        "pack_unit": "盒",
    }
    return [
        line,
        {
            **line,
            "generic": "盐酸吗啡注射液",
            "strength": "10 mg/1 mL",
            "form": "注射液",
            "dose": Decimal("10"),
            "dose_unit": "mg",
            "route": "皮下注射",
            "frequency": "立即",
            "days": 1,
            "quantity": Decimal(1),
            "pack_unit": "支",
            "control": "narcotic",
            "high_alert": True,
        },
        {
            **line,
            "generic": "地西泮片",
            "strength": "2.5 mg × 20 片",
            "form": "片",
            "dose": Decimal("2.50"),
            "dose_unit": "mg",
            "frequency": "每晚1次",
            "control": "psych2",
            "prn": True,
        },
        {
            **line,
            "generic": "氯化钾注射液",
            "strength": "1 g/10 mL",
            "form": "注射液",
            "dose": Decimal("1.0"),
            "dose_unit": "g",
            "route": "静脉滴注",
            "frequency": "每日1次",
            "high_alert": True,
            "usage": "加入 0.9 % 氯化钠 500 mL 静脉滴注，每小时不超过 10 mmol；心电监护下使用",
            "note": "须稀释，终浓度不高于 0.3 %",
        },
        {
            **line,
            "generic": "注射用哌拉西林钠他唑巴坦钠（含无菌注射用水与一次性使用配药器的组合包装规格）",
            "brand": "示例品名",
            "strength": "4.5 g（哌拉西林 4 g 与他唑巴坦 0.5 g）",
            "form": "粉针剂",
            "dose": Decimal("4.500"),
            "antibiotic": "restricted",
            "route": "静脉滴注",
            "frequency": "每8小时1次",
            "note": "滴注 30 分钟以上",
        },
        {"generic": "单硝酸异山梨酯", "strength": "", "dose": None},
    ]


def findings() -> list[dict[str, str]]:
    """One of each grade, out of order on purpose: the part sorts them."""
    return [
        {"grade": "TELL", "rule": "food", "why": "与餐同服可减少胃部不适", "source": "药品说明书"},
        {
            "grade": "ASK",
            "rule": "days",
            "why": "门诊处方一般不超过 7 日用量，此处为 14 日",
            "source": "处方管理办法 第十九条",
            "instead": "7 日用量，到期复诊",
        },
        {
            "grade": "REFUSE",
            "rule": "allergy",
            "why": "患者对青霉素类有严重过敏史，阿莫西林属同一类",
            "source": "药品说明书 禁忌",
            "instead": "换用不同类的药物，例如大环内酯类",
        },
    ]


def nodes() -> list[dict[str, Any]]:
    """A loop under way."""
    at = now()
    steps = [
        ("签名", "内科医师甲", "急诊科", 52),
        ("审核", "审方药师乙", "门急诊药房", 44),
        ("核收", "护士丙", "急诊留观区", 40),
        ("调配", "调剂药师丁", "门急诊药房", 31),
    ]
    done = [
        {"label": label, "state": "done", "who": who, "where": where, "at": at - timedelta(minutes=minutes)}
        for label, who, where, minutes in steps
    ]
    return [
        *done,
        {"label": "核对", "state": "current", "where": "门急诊药房"},
        {"label": "发药", "state": "future"},
        {"label": "执行", "state": "future"},
    ]


def broken_nodes() -> list[dict[str, Any]]:
    """A loop that was returned, and one step left out with its reason."""
    at = now()
    return [
        {
            "label": "签名",
            "state": "done",
            "who": "内科医师甲",
            "where": "普通内科门诊",
            "at": at - timedelta(minutes=30),
        },
        {
            "label": "审核",
            "state": "refused",
            "who": "审方药师乙",
            "where": "门急诊药房",
            "at": at - timedelta(minutes=20),
            "note": "剂量超过说明书上限",
        },
        {"label": "扫码", "state": "skipped", "who": "护士丙", "where": "急诊留观区", "at": at, "note": "腕带破损"},
        {"label": "执行", "state": "future"},
    ]


def readings() -> list[dict[str, Any]]:
    """Reached, missed, and without data."""
    at = now()
    trend = [Decimal(n) for n in (71, 74, 73, 80, 86, 85, 91)]
    return [
        {
            "label": "闭环执行率",
            "value": Decimal("91.4"),
            "unit": "%",
            "target": Decimal(90),
            "test": ">=",
            "top": 1371,
            "bottom": 1500,
            "as_of": at,
            "trend": trend,
            "verdict": "pass",
            "url": "#readings",
            "head": 20514,
        },
        {
            "label": "挂号到接诊",
            "value": Decimal("38.50"),
            "unit": "分",
            "target": Decimal(30),
            "test": "<=",
            "top": 57750,
            "bottom": 1500,
            "as_of": at,
            "trend": [*trend[:2], None, *trend[3:]],
            "verdict": "fail",
            "head": 20514,
        },
        {
            "label": "每百张处方退回",
            "value": None,
            "unit": "张",
            "target": Decimal(3),
            "test": "<=",
            "top": 0,
            "bottom": 0,
            "as_of": at,
            "head": 20514,
        },
    ]


def queue(length: int) -> list[dict[str, Any]]:
    """Rows of a worklist, waiting ever longer."""
    at = now()
    names = ["王芳", "欧阳建国", LONG, "李明", "司马相如", "陈静"]
    return [
        {
            "pk": n,
            "pk_text": str(n),
            "pk_long": f"long-{n}",
            "name": names[n % 6],
            "level": n % 4 + 1,
            "since": at - timedelta(minutes=n % 47),
            "department": ("急诊科", "儿科门诊", "普通内科门诊")[n % 3],
        }
        for n in range(1, length + 1)
    ]
