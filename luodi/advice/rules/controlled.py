"""Narcotic, psychotropic and toxic drugs: 处方管理办法 art. 11, 22-26; 医疗用毒性药品管理办法 art. 9."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from luodi.advice.amounts import convert, days_supply, doses_supplied, per_day, text
from luodi.advice.case import Case
from luodi.advice.types import Finding, WishLine
from luodi.terms.rulebook import DrugFact, Rule, matches

NAMES = {
    "narcotic": ("麻醉药品", "narcotic"),
    "psych1": ("第一类精神药品", "class 1 psychotropic"),
    "psych2": ("第二类精神药品", "class 2 psychotropic"),
    "toxic": ("毒性药品", "toxic drug"),
}


def limits(case: Case, rule: Rule) -> Iterator[Finding]:
    """Doses or days on one prescription, by form (injection, sustained release, other) and class of patient.

    A rule that names the drug (pethidine, methylphenidate in ADHD) stands in for the rule of its class.
    """
    for n, line, drug in case.lines():
        if _governs(case, rule, drug):
            limit = rule.parameters.get("any") or rule.parameters.get(drug.form_class)
            if limit:
                yield from _over(case, rule, limit, n, line, drug)


def place(case: Case, rule: Rule) -> Iterator[Finding]:
    """Art. 22: a narcotic injection is used inside the institution, save for patients with a pain dossier.

    Art. 26: pethidine and dihydroetorphine for everybody.
    """
    p = rule.parameters
    for n, _line, drug in case.lines():
        injected = drug.controlled in p.get("controlled", ()) and drug.form_class == p.get("form_class")
        if _named(rule, drug) or (injected and not case.wish.pain_dossier and not _inside_anyway(case, rule, drug)):
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}仅限本机构内使用，不得带离",
                f"{drug.name_en} is used inside the institution only",
                line=n,
            )


def right(case: Case, rule: Rule) -> Iterator[Finding]:
    """Art. 11: these drugs need a prescribing right granted after training and examination."""
    if case.wish.prescriber.narcotic:
        return
    for n, _line, drug in case.lines():
        if drug.controlled in rule.parameters["controlled"]:
            zh, en = NAMES[drug.controlled]
            yield case.say(
                rule,
                rule.grade,
                f"没有{zh}处方权，不能开{drug.name}",
                f"No right to prescribe a {en}: {drug.name_en}",
                "请有处方权的医师开具",
                "Ask a physician who holds the right",
                line=n,
            )


def _inside_anyway(case: Case, rule: Rule, drug: DrugFact) -> bool:
    """Another row of this kind names the drug: one thing is said once."""
    return any(_named(other, drug) for other in case.rules.of(rule.kind) if other.code != rule.code)


def oneself(case: Case, rule: Rule) -> Iterator[Finding]:
    """Art. 11: nobody prescribes these drugs for oneself. A namesake is asked whether it is the same person."""
    if not case.wish.namesake:
        return
    for n, _line, drug in case.lines():
        if drug.controlled in rule.parameters["controlled"]:
            zh, en = NAMES[drug.controlled]
            yield case.say(
                rule,
                rule.grade,
                f"患者与开方医师同名：不得为自己开{zh}({drug.name})",
                f"Patient and prescriber bear one name: nobody prescribes a {en} for oneself ({drug.name_en})",
                "如是本人，请其他医师开具；同名同姓请写明",
                "If it is yourself, another physician prescribes; if a namesake, say so",
                line=n,
            )


def _covers(case: Case, rule: Rule, drug: DrugFact) -> bool:
    """The rule is about this drug in this class of patient, whatever other rules say."""
    p = rule.parameters
    if case.wish.visit_class not in p["visit_classes"]:
        return False
    if "dossier" in p and p["dossier"] != case.wish.pain_dossier:
        return False
    if p.get("diagnoses") and not case.has(p["diagnoses"]):
        return False
    return _named(rule, drug) or drug.controlled in p.get("controlled", ())


def _named(rule: Rule, drug: DrugFact) -> bool:
    p = rule.parameters
    return matches(drug.atc, tuple(p.get("atc", ()))) or any(name in drug.substances for name in p.get("names", ()))


def _governs(case: Case, rule: Rule, drug: DrugFact) -> bool:
    if not _covers(case, rule, drug):
        return False
    if _named(rule, drug):
        return True
    return not any(_named(other, drug) and _covers(case, other, drug) for other in case.rules.of(rule.kind))


def _over(case: Case, rule: Rule, limit: dict, n: int, line: WishLine, drug: DrugFact) -> Iterator[Finding]:
    zh, en = NAMES.get(drug.controlled, ("", "drug"))
    if "doses" in limit:
        count, most, zh_unit, en_unit = _doses(case, line, drug), limit["doses"], "次常用量", "dose"
    else:
        count, most, zh_unit, en_unit = days_supply(line, drug, case.frequency(line)), limit["days"], "日用量", "days"
    if count is None:
        yield case.say(
            rule,
            rule.grade,
            f"{drug.name}({zh})：算不出用量，每张处方不超过 {most} {zh_unit}",
            f"{drug.name_en} ({en}): the amount cannot be computed, the limit is {most} {en_unit}",
            "写明数量和可用天数",
            "State quantity and days of supply",
            line=n,
            about="unknown",
        )
    elif limit.get("daily_max") and _above_maximum(line, drug, most):
        yield _too_much(case, rule, n, line, drug, most)
    elif count > most:
        excused = rule.parameters.get("chronic_reason_lifts") and line.chronic_reason.strip()
        yield case.say(
            rule,
            "tell" if excused else rule.grade,
            f"{drug.name}({zh}):{text(count)} {zh_unit}，每张处方不超过 {most} {zh_unit}"
            + ("；已写明理由" if excused else ""),
            f"{drug.name_en} ({en}): {text(count)} {en_unit}, the limit is {most}"
            + ("; a reason is written" if excused else ""),
            "" if excused else f"减到 {most} {zh_unit}",
            "" if excused else f"Reduce to {most} {en_unit}",
            line=n,
            about=f"{text(count)}{'-reason' if excused else ''}",
        )


def _supplied(line: WishLine, drug: DrugFact) -> Decimal | None:
    """The whole amount on the line, in the drug's dose unit."""
    return None if line.quantity is None else convert(line.quantity, drug.pack_unit, drug)


def _above_maximum(line: WishLine, drug: DrugFact, days: int) -> bool:
    """医疗用毒性药品管理办法 art. 9 counts in maximum doses: so many days of the daily maximum. Unknown is too much."""
    most, supplied = drug.daily_max or drug.dose_high, _supplied(line, drug)
    return most is None or (supplied is not None and supplied > most * days)


def _too_much(case: Case, rule: Rule, n: int, line: WishLine, drug: DrugFact, days: int) -> Finding:
    most, supplied = drug.daily_max or drug.dose_high, _supplied(line, drug)
    if most is None:
        return case.say(
            rule,
            "ask",
            f"{drug.name}：目录没有极量，{days} 日极量没有核对",
            f"{drug.name_en}: no maximum dose on file, {days} days of it were not checked",
            "写明极量依据",
            "Say what the maximum is and where it is written",
            line=n,
            about="maximum",
        )
    shown, limit = text(supplied or Decimal(0)), text(most * days)
    return case.say(
        rule,
        rule.grade,
        f"{drug.name}：总量 {shown} {drug.dose_unit}，超过 {days} 日极量 {limit} {drug.dose_unit}",
        f"{drug.name_en}: {shown} {drug.dose_unit} in all, above {days} days of the maximum dose, {limit}",
        f"减到 {limit} {drug.dose_unit} 以内",
        f"Reduce to {limit} {drug.dose_unit}",
        line=n,
        about=f"maximum-{shown}",
    )


def _doses(case: Case, line: WishLine, drug: DrugFact) -> Decimal | None:
    """Single doses on the line: by the quantity, or by days and times a day; the larger where both are known."""
    supplied = doses_supplied(line, drug)
    rate, frequency = per_day(line, case.frequency(line)), case.frequency(line)
    planned = None
    if frequency and frequency.once:
        planned = Decimal(1)
    elif rate is not None and line.days is not None and not line.prn:
        planned = (rate * line.days).to_integral_value(ROUND_CEILING)
    known = [count for count in (supplied, planned) if count is not None]
    return max(known) if known else None
