"""Dose, frequency, route and quantity of a line."""

from collections.abc import Iterator
from decimal import Decimal

from luodi.advice.amounts import convert, doses_supplied, per_day, text
from luodi.advice.case import Case
from luodi.advice.types import Finding, WishLine
from luodi.terms.rulebook import DrugFact, Rule, matches


def stated(case: Case, rule: Rule) -> Iterator[Finding]:
    """点评规范 item 1-7: dose, unit and usage must be clear enough to be checked."""
    for n, line, drug in case.lines():
        if drug.dose_unit and (line.dose is None or not line.dose.is_finite() or line.dose <= 0):
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：没有写明剂量",
                f"{drug.name_en}: no dose",
                "写明每次剂量",
                "State the dose",
                line=n,
                about="dose",
            )
        elif line.dose is not None and drug.dose_unit and convert(line.dose, line.dose_unit, drug) is None:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：剂量单位“{line.dose_unit}”无法换算",
                f"{drug.name_en}: dose unit “{line.dose_unit}” cannot be converted",
                f"用 {drug.dose_unit} 表示剂量",
                f"Give the dose in {drug.dose_unit}",
                line=n,
                about=f"unit-{line.dose_unit}",
            )
        if not line.frequency and line.per_day is None and not line.prn:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：没有写明频次",
                f"{drug.name_en}: no frequency",
                "选择频次",
                "Choose a frequency",
                line=n,
                about="frequency",
            )
        if not line.route:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：没有写明途径",
                f"{drug.name_en}: no route",
                "选择给药途径",
                "Choose a route",
                line=n,
                about="route",
            )


def single(case: Case, rule: Rule) -> Iterator[Finding]:
    """Single dose against the usual adult range of the label; ten times as much is taken for a slip of the point."""
    absurd = Decimal(rule.parameters["absurd"])
    for n, line, drug in case.lines():
        dose = _dose(line, drug)
        if dose is None or (drug.carrier and drug.dose_high is None):
            continue
        if drug.dose_high is None:
            yield case.say(
                rule,
                "tell",
                f"{drug.name}：目录没有剂量范围，单次剂量没有核对",
                f"{drug.name_en}: no dose range on file, the dose was not checked",
                line=n,
                about="range",
            )
            continue
        low, high = drug.dose_low or drug.dose_high, drug.dose_high
        usual = f"{text(low)}–{text(high)} {drug.dose_unit}" if low != high else f"{text(high)} {drug.dose_unit}"
        shown = f"{text(dose)} {drug.dose_unit}"
        if dose >= high * absurd:
            grade, zh, en = (
                "refuse",
                f"是常用上限的 {text(dose / high)} 倍",
                f"is {text(dose / high)} times the usual upper limit",
            )
        elif dose > high:
            grade, zh, en = rule.grade, "超过常用剂量", "is above the usual dose"
        elif _child(case, rule):
            continue
        elif dose * absurd <= low:
            grade, zh, en = (
                rule.parameters["low_absurd"],
                "不到常用下限的十分之一",
                "is a tenth of the usual lower limit or less",
            )
        elif dose < low:
            grade, zh, en = rule.parameters["low"], "低于常用剂量", "is below the usual dose"
        else:
            continue
        yield case.say(
            rule,
            grade,
            f"{drug.name}：单次 {shown},{zh}(成人 {usual})",
            f"{drug.name_en}: {shown} {en} (adult {usual})",
            "核对剂量；确需如此请写明原因",
            "Check the dose; where it is meant, say why",
            line=n,
            about=shown,
        )


def daily(case: Case, rule: Rule) -> Iterator[Finding]:
    """Dose a day against the adult maximum of the label (药品管理法 art. 73: overdose is refused until re-signed)."""
    absurd = Decimal(rule.parameters["absurd"])
    for n, line, drug in case.lines():
        dose = _dose(line, drug)
        if dose is None or drug.daily_max is None:
            continue
        rate = per_day(line, case.frequency(line))
        if rate is None:
            if dose > drug.daily_max:
                rate = Decimal(1)
            else:
                yield case.say(
                    rule,
                    "tell",
                    f"{drug.name}：必要时用药，日最大量 {text(drug.daily_max)} {drug.dose_unit} 没有核对",
                    f"{drug.name_en}: as needed, the {text(drug.daily_max)} {drug.dose_unit} a day were not checked",
                    "告知患者每日最多次数",
                    "Tell the patient the most doses a day",
                    line=n,
                    about="prn",
                )
                continue
        total = dose * max(rate, Decimal(1))
        if total <= drug.daily_max:
            continue
        shown = f"{text(total)} {drug.dose_unit}"
        yield case.say(
            rule,
            "refuse" if total >= drug.daily_max * absurd else rule.grade,
            f"{drug.name}：每日 {shown}，超过日最大量 {text(drug.daily_max)} {drug.dose_unit}",
            f"{drug.name_en}: {shown} a day, above the maximum of {text(drug.daily_max)} {drug.dose_unit}",
            "减少剂量或频次；确需如此请写明原因",
            "Lower dose or frequency; where it is meant, say why",
            line=n,
            about=shown,
        )


def interval(case: Case, rule: Rule) -> Iterator[Finding]:
    """Drugs given once a week or more rarely: a daily frequency is a known fatal slip (oral methotrexate)."""
    for n, line, drug in case.lines():
        frequency = case.frequency(line)
        rate = per_day(line, frequency)
        if drug.interval_days is None or rate is None or (frequency and frequency.once):
            continue
        if rate * drug.interval_days <= Decimal("1.001"):
            continue
        strict = matches(drug.atc, tuple(rule.parameters["refuse_atc"])) and not case.has(
            rule.parameters["unless_diagnoses"]
        )
        every = text(drug.interval_days)
        yield case.say(
            rule,
            "refuse" if strict else rule.grade,
            f"{drug.name}：应每 {every} 天 1 次，写成每日 {text(rate)} 次",
            f"{drug.name_en}: once in {every} days, written as {text(rate)} a day",
            "改为固定间隔给药",
            "Give it at its fixed interval",
            line=n,
            about=text(rate),
        )


def frequency(case: Case, rule: Rule) -> Iterator[Finding]:
    """The frequency is one of the table, and the doses a day are those that it means. q8h is not tid."""
    for n, line, drug in case.lines():
        fact = case.frequency(line)
        if line.frequency and fact is None:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：频次“{line.frequency}”不在频次表内",
                f"{drug.name_en}: frequency “{line.frequency}” is not in the table",
                "从频次表中选择",
                "Choose one from the table",
                line=n,
                about=line.frequency,
            )
        elif (
            fact
            and fact.per_day is not None
            and line.per_day is not None
            and abs(line.per_day - fact.per_day) > Decimal("0.005")
        ):
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：每日 {text(line.per_day)} 次与频次 {fact.code}({fact.name})不符",
                f"{drug.name_en}: {text(line.per_day)} a day does not agree with {fact.code}",
                "改正频次",
                "Correct the frequency",
                line=n,
                about=f"{fact.code}-{text(line.per_day)}",
            )


def route(case: Case, rule: Rule) -> Iterator[Finding]:
    """审核规范: form and route belong together."""
    p = rule.parameters
    for n, line, drug in case.lines():
        group = case.group(line.route)
        if line.route in p["push_routes"] and matches(drug.atc, tuple(p["push_forbidden_atc"])):
            yield case.say(
                rule,
                "refuse",
                f"{drug.name}：禁止静脉推注",
                f"{drug.name_en}: never by intravenous push",
                "稀释后静脉滴注(ivgtt)或泵入",
                "Dilute it and give it as a drip or by pump",
                line=n,
                about=f"push-{line.route}",
            )
        elif line.route and not group:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：给药途径“{line.route}”不在途径表内",
                f"{drug.name_en}: route “{line.route}” is not in the table",
                "从途径表中选择",
                "Choose one from the table",
                line=n,
                about=line.route,
            )
        elif group and drug.routes and group not in drug.routes:
            never = group in p["refuse_to"] or any(g in p["refuse_from"] for g in drug.routes)
            name = case.rules.routes[line.route].name
            yield case.say(
                rule,
                "refuse" if never else rule.grade,
                f"{drug.name}({drug.form})不能{name}",
                f"{drug.name_en}: this form is not given by route {line.route}",
                "改用相应剂型或改正途径",
                "Use the proper form, or correct the route",
                line=n,
                about=line.route,
            )


def quantity(case: Case, rule: Rule) -> Iterator[Finding]:
    """Quantity and stated days should say the same."""
    for n, line, drug in case.lines():
        doses, rate = doses_supplied(line, drug), per_day(line, case.frequency(line))
        if line.quantity is not None and line.quantity <= 0:
            yield case.say(
                rule,
                "refuse",
                f"{drug.name}：数量须大于零",
                f"{drug.name_en}: the quantity must be above zero",
                "写明数量",
                "State the quantity",
                line=n,
                about="zero",
            )
            continue
        if doses is None or not rate or line.prn or line.days is None:
            continue
        lasts = round(doses / rate, 1)
        if abs(lasts - line.days) >= 1 + rule.parameters["slack_days"]:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：数量可用 {text(lasts)} 天，疗程写 {text(line.days)} 天",
                f"{drug.name_en}: the quantity lasts {text(lasts)} days, the line says {text(line.days)}",
                "核对数量",
                "Check the quantity",
                line=n,
                about=f"{text(lasts)}-{text(line.days)}",
            )


def _dose(line: WishLine, drug: DrugFact) -> Decimal | None:
    return convert(line.dose, line.dose_unit, drug) if line.dose and line.dose.is_finite() and drug.dose_unit else None


def _child(case: Case, rule: Rule) -> bool:
    return case.years is not None and case.years < rule.parameters["adult_years"]
