"""Drugs in lactation: a table of its own, since what harms an unborn child and what reaches milk are two questions."""

from collections.abc import Iterator

from luodi.advice.case import Case
from luodi.advice.types import Finding
from luodi.terms.rulebook import DrugFact, LactationFact, Rule, matches

WORDS = {
    "contraindicated": ("禁用或须停止哺乳", "is contraindicated, or feeding stops"),
    "avoid": ("避免使用", "is to be avoided"),
    "caution": ("慎用", "needs caution"),
}


def lactation(case: Case, rule: Rule) -> Iterator[Finding]:
    """What the table says of each systemic drug; what it does not know is named once for the prescription."""
    p = rule.parameters
    systemic = [(n, drug) for n, line, drug in case.lines() if case.group(line.route or drug.route) in p["systemic"]]
    if case.patient.lactating:
        unknown = []
        for n, drug in systemic:
            fact = _fact(case, drug)
            if fact is None:
                unknown.append(drug)
            elif fact.level in p["grades"]:
                yield _said(case, rule, fact, n, drug)
        if unknown:
            yield _unlisted(case, rule, unknown)
    elif case.patient.lactating is None and case.patient.pregnant is not True and _may_nurse(case, rule):
        drugs = [drug for _n, drug in systemic if (fact := _fact(case, drug)) and fact.level == "contraindicated"]
        if drugs:
            yield _unknown(case, rule, drugs)


def _fact(case: Case, drug: DrugFact) -> LactationFact | None:
    """The row with the longest prefix of the drug's code."""
    found = [
        (max(len(prefix) for prefix in fact.prefixes if drug.atc.startswith(prefix)), fact.code, fact)
        for fact in case.rules.lactation
        if matches(drug.atc, fact.prefixes)
    ]
    return max(found)[2] if found else None


def _may_nurse(case: Case, rule: Rule) -> bool:
    years = case.years
    low, high = rule.parameters["from_age_years"], rule.parameters["to_age_years"]
    return case.patient.sex == "2" and years is not None and low <= years <= high


def _said(case: Case, rule: Rule, fact: LactationFact, n: int, drug: DrugFact) -> Finding:
    grade, (zh, en) = rule.parameters["grades"][fact.level], WORDS[fact.level]
    asks = grade != "tell"
    return case.say(
        rule,
        grade,
        f"{drug.name}：哺乳期{zh}" + (f"，{fact.reason}" if fact.reason else ""),
        f"{drug.name_en} {en} in lactation" + (f": {fact.reason_en}" if fact.reason_en else ""),
        "换药，或停止哺乳并写明" if asks else "告知患者并观察婴儿",
        "Choose another drug, or feeding stops: say so" if asks else "Tell the mother, watch the child",
        line=n,
        about=fact.code,
        source=f"{rule.authority}；{fact.source}",
    )


def _unlisted(case: Case, rule: Rule, drugs: list[DrugFact]) -> Finding:
    found = sorted({drug.code: drug for drug in drugs}.values())
    return case.say(
        rule,
        "tell",
        f"没有哺乳期资料，没有核对：{'、'.join(d.name for d in found)}",
        f"No lactation datum, not checked: {', '.join(d.name_en for d in found)}",
        "按说明书核对",
        "Check the label",
        about=f"unlisted-{'-'.join(d.code for d in found)}",
    )


def _unknown(case: Case, rule: Rule, drugs: list[DrugFact]) -> Finding:
    found = sorted({drug.code: drug for drug in drugs}.values())
    return case.say(
        rule,
        rule.parameters["unknown"],
        f"是否哺乳未知：{'、'.join(d.name for d in found)}哺乳期禁用",
        f"Lactation unknown: {', '.join(d.name_en for d in found)} contraindicated in lactation",
        "询问是否哺乳并记录",
        "Ask whether she nurses, record it",
        about=f"unknown-{'-'.join(d.code for d in found)}",
    )
