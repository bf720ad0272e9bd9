"""From whatever a room hands over (dict, dataclass, model) to the flat dict that a part's template shows."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.terms.vocabulary import said
from luodi.trust.spoken import spoken

KINDS = {"", "info", "caution", "critical", "done"}
CONTROL_MARKS = {"narcotic": "麻", "psych1": "精一", "psych2": "精二", "toxic": "毒"}
SHEETS = {
    "": "",
    "ordinary": "",
    "narcotic": gettext_lazy("麻"),
    "psych1": gettext_lazy("精一"),
    "psych2": gettext_lazy("精二"),
    "emergency": gettext_lazy("急诊"),
    "paediatric": gettext_lazy("儿科"),
}
PREGNANCY = {
    "pregnant": gettext_lazy("妊娠"),
    "lactating": gettext_lazy("哺乳"),
    "none": gettext_lazy("未妊娠未哺乳"),
    "unknown": gettext_lazy("妊娠未知"),
}
ALLERGY_STATES = {
    "not_asked": gettext_lazy("过敏史未询问"),
    "denied": gettext_lazy("否认过敏"),
    "unconfirmed": gettext_lazy("过敏史未确认"),
    "listed": gettext_lazy("过敏"),
}
GRADES = {"REFUSE": 0, "ASK": 1, "TELL": 2}
NODE_STATES = {
    "done": gettext_lazy("已完成"),
    "current": gettext_lazy("进行中"),
    "future": gettext_lazy("未到"),
    "skipped": gettext_lazy("跳过"),
    "refused": gettext_lazy("退回或拒绝"),
}
RATES = {"gtt/min": gettext_lazy("滴/分"), "ml/h": gettext_lazy("ml/小时")}
DRUG_KEYS = [
    "generic",
    "brand",
    "strength",
    "form",
    "dose",
    "dose_unit",
    "route",
    "frequency",
    "days",
    "quantity",
    "pack_unit",
    "control",
    "high_alert",
    "antibiotic",
    "prn",
    "note",
    "usage",
    "code",
]
BANNER_KEYS = [
    "patient",
    "name",
    "pinyin",
    "sex",
    "birth_date",
    "record_no",
    "was",
    "bed",
    "department",
    "visit_class",
    "weight",
    "pregnancy",
    "egfr",
    "isolation",
    "fall_risk",
    "care_level",
    "doctor",
    "payer",
    "encounter",
]
READING_KEYS = [
    "label",
    "value",
    "unit",
    "target",
    "test",
    "top",
    "bottom",
    "as_of",
    "trend",
    "verdict",
    "url",
    "head",
    "note",
]


def get(source: Any, key: str, default: Any = None) -> Any:
    """One value of a mapping or an object."""
    if isinstance(source, Mapping):
        return source.get(key, default)
    return getattr(source, key, default)


def banner(source: Any) -> dict[str, Any]:
    """The banner's facts, allergies shaped; a fact that applies but is not there stays None and is shown as 未知."""
    facts = {key: get(source, key) for key in BANNER_KEYS}
    facts["pregnancy"] = PREGNANCY.get(facts["pregnancy"] or "", "")
    facts["allergies"] = allergies(get(source, "allergies"))
    return facts


def allergies(source: Any) -> dict[str, Any]:
    """State, its words, and the items. A state that is none of the four counts as not asked."""
    state = str(get(source, "state", "") or "not_asked")
    if state not in ALLERGY_STATES:
        state = "not_asked"
    return {"state": state, "words": ALLERGY_STATES[state], "items": _items(source)}


def drug(source: Any) -> dict[str, Any]:
    """The drug line's facts, the corner mark of a controlled medicine, and on an English screen its English words."""
    facts = {key: get(source, key) for key in DRUG_KEYS}
    facts["generic_en"] = spoken("", get(source, "generic_en", ""))
    for name in ("route", "frequency"):
        facts[name] = spoken(facts[name], get(source, f"{name}_en", ""))
    for name in ("pack_unit", "dose_unit"):
        facts[name] = said(facts[name], facts["form"])
    facts["form"] = said(facts["form"])
    facts |= {"bag": get(source, "bag", 0), "rate": get(source, "rate")}
    facts["rate_unit"] = RATES.get(get(source, "rate_unit", "") or "", "")
    facts["mark"] = CONTROL_MARKS.get(facts["control"] or "", "")
    facts["antibiotic_mark"] = {"restricted": _("限制级"), "special": _("特殊级")}.get(facts["antibiotic"] or "", "")
    return facts


def finding(source: Any, answers: Mapping[str, str]) -> dict[str, Any]:
    """Grade in capitals, its rank, and the key under which an ASK is answered."""
    grade = get(source, "grade")
    name = str(getattr(grade, "name", grade)).upper()
    key = get(source, "key") or get(source, "rule") or ""
    return {
        "grade": name if name in GRADES else "TELL",
        "rank": GRADES.get(name, 2),
        "why": get(source, "why", ""),
        "source": get(source, "source", ""),
        "instead": get(source, "instead", ""),
        "key": key,
        "answer": answers.get(key, ""),
    }


def nodes(source: Iterable[Any]) -> list[dict[str, Any]]:
    """Loop nodes with the words of their state."""
    shaped = []
    for node in source:
        state = get(node, "state", "future")
        state = state if state in NODE_STATES else "future"
        facts = {key: get(node, key, "") for key in ("label", "who", "at", "where", "note")}
        shaped.append({**facts, "state": state, "words": NODE_STATES[state]})
    return shaped


def reading(source: Any) -> dict[str, Any]:
    """A reading with its verdict's words and its trend as the points of a 96×24 line."""
    facts = {key: get(source, key) for key in READING_KEYS}
    verdicts = {"pass": _("达标"), "fail": _("未达标"), "no_data": _("数据不足")}
    if facts["value"] is None:
        facts["verdict"] = "no_data"
    facts["verdict_words"] = verdicts.get(facts["verdict"] or "", "")
    facts["points"] = sparkline(facts["trend"] or [])
    return facts


def sparkline(values: Iterable[Decimal | None], width: int = 96, height: int = 24) -> list[str]:
    """Polylines through the known values; a gap in the data is a gap in the line. Under two values draw nothing."""
    series = list(values)
    known = [value for value in series if value is not None]
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
    span = (high - low) or Decimal(1)
    step = Decimal(width - 4) / (len(series) - 1)
    lines: list[list[str]] = [[]]
    for index, value in enumerate(series):
        if value is None:
            lines.append([])
            continue
        y = Decimal(height - 3) - (value - low) / span * (height - 6)
        lines[-1].append(f"{2 + index * step:.1f},{y:.1f}")
    return [" ".join(line) for line in lines if len(line) > 1]


def _items(source: Any) -> list[Any]:
    # a dict has a method of the name `items`: look at the key, never at the attribute
    found = source.get("items") if isinstance(source, Mapping) else getattr(source, "items", None)
    return [] if found is None or callable(found) else list(found)
