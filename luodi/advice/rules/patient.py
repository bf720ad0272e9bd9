"""The drug in this patient: contraindications, pregnancy, kidney function, high-alert drugs."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from luodi.advice.amounts import text
from luodi.advice.case import Case
from luodi.advice.rules.limits import held, holds
from luodi.advice.types import Finding, WishLine
from luodi.terms.rulebook import ContraindicationFact, DrugFact, Rule, matches

DAYS = {"y": Decimal("365.25"), "m": Decimal("30.4375"), "d": Decimal(1)}
AGE = re.compile(r"(<|>=)(\d+)([ymd])\s*(.*)")
EGFR = re.compile(r"<(\d+)|(\d+)-(\d+)")


def contraindication(case: Case, rule: Rule) -> Iterator[Finding]:
    """Conditions of the contraindication table. What the patient data cannot answer is named, not passed over."""
    for n, _line, drug in case.lines():
        unanswered = []
        for fact in case.rules.contraindications:
            if not matches(drug.atc, fact.prefixes) or _in_formulary(drug, fact, case):
                continue
            holds, qualified = _holds(case, fact)
            if holds is None:
                unanswered.append(fact)
            elif holds:
                yield _forbidden(case, rule, fact, _grade(rule, fact, qualified), n)
        if unanswered:
            yield _unanswered(case, rule, unanswered, n)


def _forbidden(case: Case, rule: Rule, fact: ContraindicationFact, grade: str, n: int) -> Finding:
    drug = case.rules.drugs[case.wish.lines[n].medicine]
    never = grade == "refuse"
    return case.say(
        rule,
        grade,
        f"{drug.name}：{fact.reason}",
        f"{drug.name_en}: {fact.severity} ({fact.kind} {fact.value})",
        "换用其他药品" if never else "换药，或写明用药理由",
        "Choose another drug" if never else "Choose another drug, or say why",
        line=n,
        about=fact.code,
        source=f"{fact.source} {fact.code}",
    )


def _unanswered(case: Case, rule: Rule, facts: list[ContraindicationFact], n: int) -> Finding:
    drug = case.rules.drugs[case.wish.lines[n].medicine]
    values = "；".join(f"{fact.reason}({fact.value})" for fact in facts)
    return case.say(
        rule,
        "tell",
        f"{drug.name}：以下禁忌没有资料，未能核对：{values}",
        f"{drug.name_en}: not checked for want of data: {', '.join(f'{f.kind} {f.value}' for f in facts)}",
        "请人工核对",
        "Check by hand",
        line=n,
        about=f"unanswered-{'-'.join(fact.code for fact in facts)}",
        source="；".join(sorted({fact.source for fact in facts})),
    )


def _in_formulary(drug: DrugFact, fact: ContraindicationFact, case: Case) -> bool:
    """The formulary's own column says as much about this drug, so that one thing is asked once."""
    if fact.kind == "pregnancy":
        return drug.pregnancy == "contraindicated"
    return fact.kind == "eGFR" and case.patient.egfr is None and drug.renal_below is not None


def _grade(rule: Rule, fact: ContraindicationFact, qualified: bool) -> str:
    grade = rule.parameters[fact.kind][fact.severity]
    return rule.parameters["qualified"] if qualified and grade == "refuse" else grade


def _holds(case: Case, fact: ContraindicationFact) -> tuple[bool | None, bool]:
    """Whether the condition holds (None: unknown), and whether words qualify it that no data can answer."""
    if fact.kind == "disease":
        parts = [part.strip() for part in fact.value.split(";")]
        hit = next((part for part in parts if case.has((part.split()[0],))), "")
        return bool(hit), " " in hit
    if fact.kind == "eGFR":
        return _egfr_holds(case, fact.value), False
    if fact.kind == "age":
        return _age_holds(case, fact.value)
    if fact.kind == "pregnancy":
        return _pregnancy_holds(case, fact.value), False
    if fact.kind == "sex":
        return _sex_holds(case, fact.value), False
    return None, False


def _sex_holds(case: Case, value: str) -> bool | None:
    """GB/T 2261.1; unknown and not stated answer nothing."""
    return {"1": value == "male", "2": value == "female"}.get(case.patient.sex)


def _egfr_holds(case: Case, value: str) -> bool | None:
    if case.patient.egfr is None:
        return None
    found = EGFR.fullmatch(value)
    if not found:
        return None
    below, low, high = found.groups()
    measured = case.patient.egfr.value
    return measured < Decimal(below) if below else Decimal(low) <= measured < Decimal(high)


def _age_holds(case: Case, value: str) -> tuple[bool | None, bool]:
    days = case.patient.age_days
    if value.startswith("neonate"):
        return (None if days is None else days < 28), value != "neonate"
    found = AGE.fullmatch(value)
    if days is None or not found:
        return None, False
    sign, number, unit, words = found.groups()
    limit = Decimal(number) * DAYS[unit]
    return (days < limit if sign == "<" else days >= limit), bool(words)


def _pregnancy_holds(case: Case, value: str) -> bool | None:
    pregnant, trimester = case.patient.pregnant, case.patient.trimester
    if not pregnant:
        return False if pregnant is False or not _may_be_pregnant(case, 10, 55) else None
    if value == "any":
        return True
    return None if trimester is None else value == f"trimester{trimester}"


def _may_be_pregnant(case: Case, low: int, high: int) -> bool:
    return case.patient.sex != "1" and (case.years is None or low <= case.years <= high)


def pregnancy(case: Case, rule: Rule) -> Iterator[Finding]:
    """Pregnancy column of the formulary. Unknown is asked once for the prescription, in women who may be pregnant."""
    p = rule.parameters
    if case.patient.pregnant:
        yield from _bearing(case, rule, p)
    elif case.patient.pregnant is None and _may_be_pregnant(case, p["from_age_years"], p["to_age_years"]):
        for level, grade in p["unknown"].items():
            drugs = sorted({drug.code: drug for _n, _line, drug in case.lines() if drug.pregnancy == level}.values())
            if drugs:
                yield case.say(
                    rule,
                    grade,
                    f"妊娠状态未知：{'、'.join(d.name for d in drugs)}妊娠期{WORDS[level][0]}",
                    f"Pregnancy unknown: {', '.join(d.name_en for d in drugs)} {WORDS[level][1]}",
                    "询问末次月经，必要时查 HCG，并记录",
                    "Ask for the last period, test where needed, record it",
                    about=f"unknown-{level}-{'-'.join(d.code for d in drugs)}",
                )


WORDS = {
    "contraindicated": ("禁用", "is contraindicated"),
    "avoid": ("避免使用", "is to be avoided"),
    "caution": ("慎用", "needs caution"),
}


def _bearing(case: Case, rule: Rule, policy: Mapping[str, Any]) -> Iterator[Finding]:
    for n, _line, drug in case.lines():
        grade = policy.get(drug.pregnancy) if drug.pregnancy else None
        if not grade:
            continue
        if grade == "refuse" and matches(drug.atc, tuple(policy["ask_atc"])):
            grade = "ask"
        word = WORDS[drug.pregnancy]
        yield case.say(
            rule,
            grade,
            f"{drug.name}：妊娠期{word[0]}",
            f"{drug.name_en} {word[1]} in pregnancy",
            "换用其他药品" if grade == "refuse" else "权衡利弊，写明理由" if grade == "ask" else "",
            "Choose another drug" if grade == "refuse" else "Weigh it, and say why" if grade == "ask" else "",
            line=n,
            about=f"pregnancy-{drug.pregnancy}",
        )


def renal(case: Case, rule: Rule) -> Iterator[Finding]:
    """Renal column of the formulary against the latest eGFR."""
    p, egfr = rule.parameters, case.patient.egfr
    bound = [(n, line, drug) for n, line, drug in case.lines() if _by_kidney(case, line, drug)]
    if egfr is None:
        drugs = sorted({drug.code: drug for _n, _line, drug in bound}.values())
        if drugs:
            yield case.say(
                rule,
                p["unknown"],
                f"肾功能未知：{'、'.join(d.name for d in drugs)}须按 eGFR 用药",
                f"Kidney function unknown: {', '.join(d.name_en for d in drugs)} depend on it",
                "查肌酐",
                "Measure creatinine",
                about=f"unknown-{'-'.join(d.code for d in drugs)}",
            )
        return
    for n, line, drug in bound:
        if egfr.value >= (drug.renal_below or 0) or _forbidden_by_egfr(case, drug):
            continue
        # Where the table of limits has a number for this eGFR, the dose is judged by it.
        if drug.renal_action != "reduce" or not any(holds(case, fact) for fact in held(case, "renal", line, drug)):
            yield _reduced(case, rule, n, drug)


def _by_kidney(case: Case, line: WishLine, drug: DrugFact) -> bool:
    return drug.renal_below is not None or bool(held(case, "renal", line, drug))


def _forbidden_by_egfr(case: Case, drug: DrugFact) -> bool:
    """The contraindication table already speaks about this eGFR."""
    facts = (fact for fact in case.rules.contraindications if fact.kind == "eGFR" and matches(drug.atc, fact.prefixes))
    return any(_egfr_holds(case, fact.value) for fact in facts)


def _reduced(case: Case, rule: Rule, n: int, drug: DrugFact) -> Finding:
    avoid = drug.renal_action == "avoid"
    below, measured = text(drug.renal_below or Decimal(0)), text(case.patient.egfr.value)  # type: ignore[union-attr]
    return case.say(
        rule,
        rule.parameters[drug.renal_action],
        f"{drug.name}:eGFR {measured}，低于 {below} {'避免使用' if avoid else '须减量'}",
        f"{drug.name_en}: eGFR {measured}, below {below} {'avoid' if avoid else 'reduce the dose'}",
        "换用其他药品，或写明理由" if avoid else "按说明书减量",
        "Choose another drug, or say why" if avoid else "Reduce the dose as the label says",
        line=n,
        about=f"{drug.renal_action}-{measured}",
    )


def renal_stale(case: Case, rule: Rule) -> Iterator[Finding]:
    """An old eGFR under a drug that depends on it."""
    egfr, most = case.patient.egfr, rule.parameters["most_days"]
    needed = any(_by_kidney(case, line, drug) for _n, line, drug in case.lines())
    if needed and egfr and (case.wish.on - egfr.on).days > most:
        yield case.say(
            rule,
            rule.grade,
            f"eGFR 是 {(case.wish.on - egfr.on).days} 天前的结果",
            f"The eGFR is {(case.wish.on - egfr.on).days} days old",
            "复查肌酐",
            "Measure creatinine again",
            about=f"{egfr.on}",
        )


def high_alert(case: Case, rule: Rule) -> Iterator[Finding]:
    """High-alert drugs are named on every screen and checked by two people."""
    for n, _line, drug in case.lines():
        if drug.high_alert:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}是高警示药品",
                f"{drug.name_en} is a high-alert drug",
                "调配和床旁双人核对",
                "Double check at dispensing and at the bedside",
                line=n,
            )
