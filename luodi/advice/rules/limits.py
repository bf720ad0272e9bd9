"""Doses for children, by body size, by kidney function, and ceilings that nobody passes: one table, four rules.

A bound holds for an age, a weight, an eGFR and a route group; it is of a dose or of a day, fixed or by kg or m2.
Where a drug has no bound for a child, where weight, height or eGFR is unknown, the rule says so.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from luodi.advice.amounts import convert, per_day, text
from luodi.advice.case import Case
from luodi.advice.types import Finding, WishLine
from luodi.terms.rulebook import DoseLimitFact, DrugFact, Rule, matches

PER = {"dose": ("单次", "a dose"), "day": ("每日", "a day")}
WHY = {
    "child": ("儿童剂量", "the dose for children"),
    "body": ("按体格或年龄的剂量", "the dose by body size or age"),
    "renal": ("按肾功能的剂量", "the dose for this kidney function"),
    "ceiling": ("剂量上限", "the ceiling"),
}


class Bound(NamedTuple):
    """One limit brought to the unit of the drug, beside what is wished."""

    fact: DoseLimitFact
    wished: Decimal
    low: Decimal | None
    high: Decimal


def limit(case: Case, rule: Rule) -> Iterator[Finding]:
    """The amount wished against every bound of this kind that holds for the patient."""
    kind = rule.parameters["of"]
    if kind == "child" and not _is_child(case, rule):
        return
    unlisted = []
    for n, line, drug in case.lines():
        facts = held(case, kind, line, drug)
        if not facts:
            if kind == "child" and case.group(line.route or drug.route) in rule.parameters["systemic"]:
                unlisted.append(drug)
            continue
        yield from _line(case, rule, facts, n, line, drug)
    if unlisted:
        yield _unlisted(case, rule, unlisted)


def held(case: Case, kind: str, line: WishLine, drug: DrugFact) -> list[DoseLimitFact]:
    """Rows of a kind about this drug by this route, whoever the patient is."""
    group = case.group(line.route or drug.route)
    return [
        fact
        for fact in case.rules.dose_limits
        if fact.kind == kind and matches(drug.atc, fact.prefixes) and (not fact.groups or group in fact.groups)
    ]


def holds(case: Case, fact: DoseLimitFact) -> bool:
    """True where age, weight and eGFR are known as far as the row asks for them, and lie in its ranges."""
    patient = case.patient
    age = None if patient.age_days is None else Decimal(patient.age_days)
    renal = patient.egfr.value if patient.egfr else None
    return (
        _within(age, fact.age_from, fact.age_to)
        and _within(patient.weight_kg, fact.weight_from, fact.weight_to)
        and _within(renal, fact.egfr_from, fact.egfr_to)
    )


def _within(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> bool:
    if low is None and high is None:
        return True
    return value is not None and (low is None or value >= low) and (high is None or value < high)


def _is_child(case: Case, rule: Rule) -> bool:
    return case.years is not None and case.years < rule.parameters["under_years"]


def _line(
    case: Case, rule: Rule, facts: list[DoseLimitFact], n: int, line: WishLine, drug: DrugFact
) -> Iterator[Finding]:
    mine = [fact for fact in facts if holds(case, fact)]
    if not mine:
        if rule.parameters["of"] == "child" and _too_young(case, facts):
            yield _young(case, rule, facts, n, drug)
        return
    bounds, unknown = [], ""
    for fact in mine:
        size = _size(case, fact)
        if size is None:
            unknown = fact.basis
            continue
        bound = _bound(case, fact, size, line, drug)
        if bound:
            bounds.append(bound)
    if unknown and not (unknown == "kg" and _told_elsewhere(case, rule, drug)):
        yield _sizeless(case, rule, unknown, n, drug)
    over = max((b for b in bounds if b.wished > b.high * _number(rule, "slack")), key=_excess, default=None)
    if over:
        yield _over(case, rule, over, n, drug)
        return
    for b in bounds:
        if b.low is not None and b.wished < b.low * _number(rule, "low_share"):
            yield _under(case, rule, b, n, drug)
            return


def _number(rule: Rule, name: str) -> Decimal:
    return Decimal(str(rule.parameters[name]))


def _excess(bound: Bound) -> Decimal:
    return bound.wished / bound.high


def _too_young(case: Case, facts: list[DoseLimitFact]) -> bool:
    return all(fact.age_from is not None and (case.patient.age_days or 0) < fact.age_from for fact in facts)


def _size(case: Case, fact: DoseLimitFact) -> Decimal | None:
    if fact.basis == "kg":
        return case.patient.weight_kg
    return case.surface if fact.basis == "m2" else Decimal(1)


def _told_elsewhere(case: Case, rule: Rule, drug: DrugFact) -> bool:
    """The rule `weight` speaks of children, and of drugs whose own note says so."""
    return rule.parameters["of"] == "child" or drug.weight_based


def _bound(case: Case, fact: DoseLimitFact, size: Decimal, line: WishLine, drug: DrugFact) -> Bound | None:
    dose = convert(line.dose, line.dose_unit, drug) if line.dose and line.dose.is_finite() and drug.dose_unit else None
    unit = convert(Decimal(1), fact.unit, drug) if drug.dose_unit else None
    if dose is None or unit is None:
        return None
    if fact.per == "day":
        rate = per_day(line, case.frequency(line))
        dose *= max(rate, Decimal(1)) if rate is not None else Decimal(1)
    tops = [value for value in (None if fact.high is None else fact.high * size, fact.most) if value is not None]
    low = None if fact.low is None else min(fact.low * size, fact.most or fact.low * size) * unit
    return Bound(fact, dose, low, min(tops) * unit)


def _over(case: Case, rule: Rule, bound: Bound, n: int, drug: DrugFact) -> Finding:
    fact, far = bound.fact, bound.wished >= bound.high * _number(rule, "far")
    (per, per_en), (why, why_en) = PER[fact.per], WHY[fact.kind]
    shown, most = f"{text(bound.wished)} {drug.dose_unit}", f"{text(bound.high)} {drug.dose_unit}"
    return case.say(
        rule,
        rule.parameters["far_grade"] if far else rule.grade,
        f"{drug.name}：{per} {shown}，超过{why}上限 {most}{_basis(fact)}" + (f"；{fact.note}" if fact.note else ""),
        f"{drug.name_en}: {shown} {per_en} is above {why_en}, at most {most}{_basis_en(fact)}"
        + (f"; {fact.note_en}" if fact.note_en else ""),
        f"减到 {most} 以内" + ("" if fact.kind == "ceiling" else "；确需如此请写明依据"),
        f"Reduce to {most}" + ("" if fact.kind == "ceiling" else "; where it is meant, say on what ground"),
        line=n,
        about=f"{fact.code}-{text(bound.wished)}-{text(bound.high)}",
        source=f"{rule.authority}；{fact.source}",
    )


def _under(case: Case, rule: Rule, bound: Bound, n: int, drug: DrugFact) -> Finding:
    fact, low = bound.fact, text(bound.low or Decimal(0))
    per, per_en = PER[fact.per]
    return case.say(
        rule,
        rule.parameters["low"],
        f"{drug.name}：{per} {text(bound.wished)} {drug.dose_unit}，低于{WHY[fact.kind][0]} {low} {drug.dose_unit}",
        f"{drug.name_en}: {text(bound.wished)} {drug.dose_unit} {per_en} is below {WHY[fact.kind][1]}, from {low}",
        "核对剂量",
        "Check the dose",
        line=n,
        about=f"low-{fact.code}-{text(bound.wished)}",
        source=f"{rule.authority}；{fact.source}",
    )


def _basis(fact: DoseLimitFact) -> str:
    unit = {"kg": "kg", "m2": "m²"}.get(fact.basis)
    return f"({text(fact.high)} {fact.unit}/{unit})" if unit and fact.high is not None else ""


def _basis_en(fact: DoseLimitFact) -> str:
    return f" {_basis(fact)}" if _basis(fact) else ""


def _sizeless(case: Case, rule: Rule, basis: str, n: int, drug: DrugFact) -> Finding:
    by, by_en = ("体重", "weight") if basis == "kg" else ("体表面积", "body surface")
    need, need_en = ("体重", "the weight") if basis == "kg" else ("身高和体重", "height and weight")
    return case.say(
        rule,
        rule.parameters["unknown"][basis],
        f"{drug.name}按{by}给药，{need}未知，剂量没有核对",
        f"{drug.name_en} is dosed by {by_en}; it is unknown, the dose was not checked",
        f"测量{need}",
        f"Measure {need_en}",
        line=n,
        about=f"unknown-{basis}",
    )


def _young(case: Case, rule: Rule, facts: list[DoseLimitFact], n: int, drug: DrugFact) -> Finding:
    least = min(fact.age_from for fact in facts if fact.age_from is not None)
    months = text(round(least / Decimal("30.4375"), 1))
    return case.say(
        rule,
        rule.parameters["age"],
        f"{drug.name}：{months} 月龄以下没有剂量资料",
        f"{drug.name_en}: no dose on file under {months} months of age",
        "换用其他药品，或写明剂量依据",
        "Choose another drug, or say what the dose rests on",
        line=n,
        about="young",
        source=f"{rule.authority}；{facts[0].source}",
    )


def _unlisted(case: Case, rule: Rule, drugs: list[DrugFact]) -> Finding:
    found = sorted({drug.code: drug for drug in drugs}.values())
    return case.say(
        rule,
        rule.parameters["unlisted"],
        f"没有儿童剂量资料，没有核对：{'、'.join(d.name for d in found)}",
        f"No dose for children on file, not checked: {', '.join(d.name_en for d in found)}",
        "按说明书核对儿童剂量",
        "Check the dose by the label",
        about=f"unlisted-{'-'.join(d.code for d in found)}",
    )
