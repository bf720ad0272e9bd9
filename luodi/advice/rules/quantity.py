"""How many days a prescription may last: 处方管理办法 art. 19 and the limits of long-term prescriptions."""

from collections.abc import Iterator

from luodi.advice.amounts import days_supply, text
from luodi.advice.case import Case
from luodi.advice.types import Finding
from luodi.terms.rulebook import Rule, matches


def days(case: Case, rule: Rule) -> Iterator[Finding]:
    """Normally at most so many days; longer for chronic illness, old age, special situations, with a written reason."""
    p, wish = rule.parameters, case.wish
    if wish.visit_class not in p["visit_classes"] and wish.kind not in p.get("kinds", ()):
        return
    for n, line, drug in case.lines():
        lasts = days_supply(line, drug, case.frequency(line))
        if lasts is None:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：算不出可用天数，{p['days']} 日用量没有核对",
                f"{drug.name_en}: days of supply cannot be computed, the {p['days']}-day limit was not checked",
                "写明可用天数",
                "State the days of supply",
                line=n,
                about="unknown",
            )
        elif lasts > p["days"]:
            written = line.chronic_reason.strip()
            yield case.say(
                rule,
                "tell" if written else rule.grade,
                f"{drug.name}：{text(lasts)} 日用量，一般不超过 {p['days']} 日" + ("；已写明理由" if written else ""),
                f"{drug.name_en}: {text(lasts)} days, normally at most {p['days']}"
                + ("; a reason is written" if written else ""),
                "" if written else "减少数量，或写明慢性病、老年病、特殊情况的理由",
                ""
                if written
                else "Reduce the quantity, or write the reason (chronic illness, old age, special situation)",
                line=n,
                about=f"{text(lasts)}{'-reason' if written else ''}",
            )


def cap(case: Case, rule: Rule) -> Iterator[Finding]:
    """Long-term prescriptions: four weeks as a rule, twelve at most; some drugs are excluded from them."""
    p = rule.parameters
    if case.wish.visit_class not in p["visit_classes"]:
        return
    for n, line, drug in case.lines():
        lasts = days_supply(line, drug, case.frequency(line))
        if lasts is None or lasts <= p["normal"]:
            continue
        excluded = (
            drug.controlled in p["excluded_controlled"]
            or (p["antibacterials"] and drug.antibiotic_tier > 0 and not matches(drug.atc, tuple(p["except_atc"])))
            or matches(drug.atc, tuple(p["excluded_atc"]))
        )
        if excluded:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}不得开长期处方({text(lasts)} 日)",
                f"{drug.name_en} may not be prescribed long-term ({text(lasts)} days)",
                f"不超过 {p['normal']} 日",
                f"At most {p['normal']} days",
                line=n,
                about=f"excluded-{text(lasts)}",
            )
        elif lasts > p["most"]:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：{text(lasts)} 日用量，长期处方最长 {p['most']} 日",
                f"{drug.name_en}: {text(lasts)} days, the longest is {p['most']}",
                f"减到 {p['most']} 日以内",
                f"Reduce to {p['most']} days",
                line=n,
                about=text(lasts),
            )
        else:
            yield case.say(
                rule,
                "ask",
                f"{drug.name}：{text(lasts)} 日用量，超过 {p['normal']} 日须严格评估",
                f"{drug.name_en}: {text(lasts)} days, more than {p['normal']} needs strict evaluation",
                "写明评估结论，并经患者确认",
                "Write the evaluation, and have the patient confirm",
                line=n,
                about=text(lasts),
            )


def age(case: Case, rule: Rule) -> Iterator[Finding]:
    """处方管理办法 art. 6(5): the age stands on the prescription; without it no dose can be judged."""
    if case.patient.age_days is None:
        yield case.say(
            rule,
            rule.grade,
            "年龄未知，按成人剂量核对",
            "Age unknown: doses were checked as for an adult",
            "核实出生日期",
            "Establish the date of birth",
        )


def weight(case: Case, rule: Rule) -> Iterator[Finding]:
    """Weight where it is needed: children, and drugs dosed by weight."""
    if case.patient.weight_kg is not None:
        return
    if case.years is not None and case.years < rule.parameters["adult_years"] and case.known:
        yield case.say(
            rule,
            rule.grade,
            "儿童体重未知，剂量没有按体重核对",
            "A child of unknown weight: no dose was checked by weight",
            "测量体重并写明依据",
            "Weigh the child; say what the dose rests on",
        )
        return
    for n, _line, drug in case.lines():
        if drug.weight_based:
            yield case.say(
                rule,
                "tell",
                f"{drug.name}按体重给药({drug.note})，体重未知",
                f"{drug.name_en} is dosed by weight, the weight is unknown",
                "测量体重",
                "Weigh the patient",
                line=n,
            )
