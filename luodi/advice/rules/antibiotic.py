"""Antibacterial tiers (抗菌药物临床应用管理办法 art. 24, 27, 28)."""

from collections.abc import Iterator

from luodi.advice.amounts import days_supply, text
from luodi.advice.case import Case
from luodi.advice.types import Finding
from luodi.terms.rulebook import Rule

TIERS = {
    0: ("无", "none"),
    1: ("非限制使用级", "non-restricted"),
    2: ("限制使用级", "restricted"),
    3: ("特殊使用级", "special"),
}


def place(case: Case, rule: Rule) -> Iterator[Finding]:
    """Art. 27: the special tier is not used in the outpatient clinic. Nothing overrides it."""
    if case.wish.visit_class not in rule.parameters["visit_classes"]:
        return
    for n, _line, drug in case.lines():
        if drug.antibiotic_tier >= rule.parameters["tier"]:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}为特殊使用级，不得在门诊使用",
                f"{drug.name_en} is special tier: not in the outpatient clinic",
                "改用非限制或限制使用级，或收入院",
                "Choose a lower tier, or admit the patient",
                line=n,
            )


def consult(case: Case, rule: Rule) -> Iterator[Finding]:
    """Art. 27: designated experts agree before a special-tier drug is used."""
    if case.wish.visit_class not in rule.parameters["visit_classes"]:
        return
    for n, _line, drug in case.lines():
        if drug.antibiotic_tier >= rule.parameters["tier"]:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}为特殊使用级，须经会诊同意",
                f"{drug.name_en} is special tier: a consultation agrees first",
                "写明会诊专家和时间",
                "Name the consultant and the time",
                line=n,
            )


def right(case: Case, rule: Rule) -> Iterator[Finding]:
    """Art. 24: the tier granted to the prescriber; art. 28: above it to save a life, a day, papers within 24 h."""
    granted, p = case.wish.prescriber.antibiotic_tier, rule.parameters
    for n, line, drug in case.lines():
        if drug.antibiotic_tier <= granted:
            continue
        zh, en = TIERS[drug.antibiotic_tier]
        if not line.over_tier_reason.strip():
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}为{zh}，超出本人抗菌药物权限({TIERS[granted][0]})",
                f"{drug.name_en} is {en} tier, above the tier granted ({TIERS[granted][1]})",
                f"请有权限的医师开具；抢救可越级 {p['rescue_days']} 日，写明指征",
                f"Ask a prescriber of that tier; to save a life {p['rescue_days']} day, with the indication",
                line=n,
                about=f"{drug.antibiotic_tier}-{granted}",
            )
            continue
        lasts = days_supply(line, drug, case.frequency(line))
        within = lasts is not None and lasts <= p["rescue_days"]
        shown, shown_en = ("未知", "unknown") if lasts is None else (text(lasts), text(lasts))
        yield case.say(
            rule,
            "ask" if within else rule.grade,
            f"{drug.name}越级使用 {shown} 日，限 {p['rescue_days']} 日",
            f"{drug.name_en} above one's tier for {shown_en} days, at most {p['rescue_days']}",
            f"{p['paperwork_hours']} 小时内补办手续" if within else f"减到 {p['rescue_days']} 日用量",
            f"Complete the formalities within {p['paperwork_hours']} h"
            if within
            else f"Reduce to {p['rescue_days']} day",
            line=n,
            about=f"rescue-{drug.antibiotic_tier}-{shown_en}",
        )
