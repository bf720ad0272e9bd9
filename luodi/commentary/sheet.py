"""A published report as people read it: the working table and what stands under it, on screen, as CSV and as PDF."""

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from luodi.commentary import tables
from luodi.commentary.queries.cases import age_words, diagnosis_name
from luodi.commentary.queries.reports import ReportCard
from luodi.paper import sheet
from luodi.trust import people

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"


def heads() -> list[str]:
    """The columns of 处方点评工作表 (annex of the norm)."""
    return [
        _("序号"), _("处方日期"), _("年龄"), _("诊断"), _("药品品种"), _("抗菌药(0/1)"), _("注射剂(0/1)"),
        _("国家基本药物品种数"), _("药品通用名数"), _("处方金额"), _("处方医师"), _("审核、调配药师"),
        _("核对、发药药师"), _("是否合理(0/1)"), _("存在问题(代码)"),
    ]  # fmt: skip


def table(card: ReportCard) -> dict[str, Any]:
    """Words and numbers of a report in the language of the screen; an unknown is None."""
    body = card.body
    return {
        "heads": heads(),
        "narrow": (2, 3),  # columns that are read in one line
        "rows": rows(card),
        "indicators": [(one, body["indicators"].get(one.code)) for one in tables.indicators()],
        "verdicts": [(tables.verdict_name(code), count) for code, count in body["verdicts"].items()],
        "codes": [(tables.item(code), count) for code, count in body["codes"].items()],
        "samples": [(tables.kinds()[one["kind"]].name, one) for one in body["samples"]],
        "shares": [(_class(code), one) for code, one in body["antibacterial"].items()],
        "agreement": body["agreement"],
        "basis": basis(body["basis"]),
        "aud": body["aud"],
        "specimen_rate": body["specimen_rate"],
    }


def basis(code: str) -> str:
    """Which prescriptions the sums and shares are of."""
    return _("按门急诊样本计算") if code == "outpatient" else _("没有门急诊样本，按全部专项样本计算")


def _class(code: str) -> str:
    return {"outpatient": _("门诊"), "emergency": _("急诊"), "inpatient": _("住院")}[code]


def rows(card: ReportCard) -> list[list[Any]]:
    """The rows of the working table: text, whole numbers, None for unknown. No patient is named."""
    body = card.body["rows"]
    hands = ("prescriber", "reviewer", "preparer", "checker", "hander")
    names = people.names({row[hand] for row in body for hand in hands if row[hand]})
    return [
        [
            row["no"], row["date"], age_words(row["age"]), "；".join(diagnosis_name(code) for code in row["diagnoses"]),
            row["drugs"], row["antibacterial"], row["injection"], row["essential"], row["generic"], row["amount"],
            _names(names, row, "prescriber"), _names(names, row, "reviewer", "preparer"),
            _names(names, row, "checker", "hander"), row["reasonable"], " ".join(row["codes"]),
        ]
        for row in body
    ]  # fmt: skip


def _names(names: dict[int, str], row: dict[str, Any], *hands: str) -> str | None:
    found = [names.get(row[hand], "") for hand in hands if row[hand]]
    return "、".join(dict.fromkeys(found)) or None


def figure(indicator: tables.Indicator, value: str | None) -> str:
    """A figure with its unit; an unknown says so."""
    return _("未知") if value is None else f"{value} {indicator.unit}"


def grid(card: ReportCard) -> tuple[list[str], list[list[Any]]]:
    """Head and rows of the CSV: the working table, then a line for each sum and share."""
    unknown = _("未知")
    body = [[unknown if cell is None else cell for cell in row] for row in rows(card)]
    under = [
        [one.letter, one.name, unknown if value is None else value, one.unit, one.source]
        for one, value in ((one, card.body["indicators"].get(one.code)) for one in tables.indicators())
    ]
    return heads(), [*body, [], *under, [], [_("账本位置"), card.row.head, card.body["digest"]]]


def pdf(card: ReportCard, hospital: str) -> bytes:
    """The report to print and sign, in Chinese, whatever the screen speaks. The same report gives the same bytes."""
    with translation.override("zh-hans"):
        return sheet.pdf(TEMPLATE, _values(card, hospital), made=card.row.at)


def _values(card: ReportCard, hospital: str) -> dict[str, Any]:
    found, body = table(card), card.body
    alike = found["agreement"]
    unknown = _("数据不足")
    return {
        "house": hospital,
        "title": _("处方点评工作表"),
        "period": f"{card.span.first:%Y-%m-%d} — {card.span.last:%Y-%m-%d}",
        "head": f"#{body['head']} · {body['digest'][:16]}",
        "heads": found["heads"],
        "rows": [[_cell(cell) for cell in row] for row in found["rows"]],
        "basis": found["basis"],
        "indicators": [
            [one.letter, one.name, figure(one, value), one.source if one.wording == "verified" else f"{one.source} *"]
            for one, value in found["indicators"]
        ],
        "verdicts": [[str(name), str(count)] for name, count in found["verdicts"]],
        "codes": [[item.code, item.name, str(count)] for item, count in found["codes"]],
        "samples": [
            [name, str(one["population"]), str(one["size"]), f"#{one['head']}", one["seed"]]
            for name, one in found["samples"]
        ],
        "shares": [
            [name, str(one["top"]), str(one["bottom"]), f"{one['share']} %" if one["share"] else unknown]
            for name, one in found["shares"]
        ],
        "agreement": [
            [_("双人点评例数"), str(alike["pairs"])],
            [_("一致例数"), str(alike["same"])],
            [_("Cohen κ"), alike["kappa"] or unknown],
            [_("抗菌药使用强度"), body["aud"] or unknown],
            [_("抗菌药使用前送检率"), body["specimen_rate"] or unknown],
        ],
    }  # fmt: skip


def _cell(cell: Any) -> str:
    return _("未知") if cell is None else str(cell)
