"""What is dripped: solvent, concentration, speed, and what goes into one bag (审核规范: 溶媒、浓度、滴速、配伍).

Lines of one `bag` are dripped together; its solvent is the line whose drug is a carrier. The volume is that of the
carriers, or of the drug itself where it comes ready made.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from luodi.advice.amounts import convert, in_units, text
from luodi.advice.case import Case
from luodi.advice.types import Finding, WishLine
from luodi.terms.rulebook import DrugFact, InfusionFact, Rule, matches

SOLVENTS = {
    "NS": ("0.9%氯化钠", "0.9 % sodium chloride"),
    "GS5": ("5%葡萄糖", "5 % glucose"),
    "GS10": ("10%葡萄糖", "10 % glucose"),
    "GNS": ("葡萄糖氯化钠", "glucose with sodium chloride"),
    "RL": ("乳酸钠林格", "Ringer's lactate"),
}
Member = tuple[int, WishLine, DrugFact]


def solvent(case: Case, rule: Rule) -> Iterator[Finding]:
    """A drug that must be diluted has a solvent, and one that it bears."""
    for n, line, drug, fact in _dripped(case, rule):
        kinds = sorted({d.carrier for _n, _line, d in _members(case, line) if d.carrier})
        if not kinds and fact.dilute and not _ready(rule, drug):
            yield case.say(
                rule,
                rule.parameters["undiluted"]["high_alert" if drug.high_alert else "other"],
                f"{drug.name}须稀释后滴注，没有写明溶媒；{fact.reason}",
                f"{drug.name_en} is diluted before it is dripped, no solvent is written; {fact.reason_en}",
                f"加入溶媒：{_names(fact.solvents, 0)}",
                f"Add a solvent: {_names(fact.solvents, 1)}",
                line=n,
                about="none",
                source=f"{rule.authority}；{fact.source}",
            )
        for kind in kinds:
            never = kind in fact.never
            if never or (fact.solvents and kind not in fact.solvents):
                yield case.say(
                    rule,
                    rule.parameters["never"] if never else rule.grade,
                    f"{drug.name}{'不得' if never else '不宜'}用{SOLVENTS[kind][0]}：{fact.reason}",
                    f"{drug.name_en} {'must' if never else 'should'} not meet {SOLVENTS[kind][1]}: {fact.reason_en}",
                    f"改用{_names(fact.solvents, 0)}",
                    f"Use {_names(fact.solvents, 1)}",
                    line=n,
                    about=kind,
                    source=f"{rule.authority}；{fact.source}",
                )


def concentration(case: Case, rule: Rule) -> Iterator[Finding]:
    """Amount of the drug in its solvent, against the most that the label allows."""
    for n, line, drug, fact in _dripped(case, rule):
        held = _concentration(case, rule, line, drug, fact)
        if fact.concentration is None or held is None or held <= fact.concentration:
            continue
        far = held >= fact.concentration * Decimal(str(rule.parameters["far"]))
        yield case.say(
            rule,
            rule.parameters["far_grade"] if far else rule.grade,
            f"{drug.name}：浓度 {text(held)} {fact.unit}/ml，超过 {text(fact.concentration)}；{fact.reason}",
            f"{drug.name_en}: {text(held)} {fact.unit}/ml, above {text(fact.concentration)}; {fact.reason_en}",
            "增加溶媒或减少药量" + ("" if far else "；中心静脉给药请写明"),
            "More solvent or less drug" + ("" if far else "; by a central vein: say so"),
            line=n,
            about=text(held),
            source=f"{rule.authority}；{fact.source}",
        )


def speed(case: Case, rule: Rule) -> Iterator[Finding]:
    """Amount an hour at most, minutes at least; a speed that is not written is told."""
    for n, line, drug, fact in _dripped(case, rule):
        if fact.speed is None and fact.minutes is None:
            continue
        flow, volume = _flow(case, rule, line), _volume(case, rule, line, drug)
        if flow is None or not volume:
            yield case.say(
                rule,
                rule.parameters["unknown"],
                f"{drug.name}：没有写明滴速，{fact.reason}",
                f"{drug.name_en}: no speed is written; {fact.reason_en}",
                "写明滴速",
                "Write the speed",
                line=n,
                about="unknown",
                source=f"{rule.authority}；{fact.source}",
            )
            continue
        yield from _fast(case, rule, fact, n, line, drug, flow, volume)


def _fast(
    case: Case, rule: Rule, fact: InfusionFact, n: int, line: WishLine, drug: DrugFact, flow: Decimal, volume: Decimal
) -> Iterator[Finding]:
    held, minutes = _concentration(case, rule, line, drug, fact), volume / flow * 60
    hourly = None if held is None else held * flow
    if fact.speed is not None and hourly is not None and hourly > fact.speed:
        far = hourly > fact.speed * Decimal(str(rule.parameters["far"]))
        grade = rule.parameters["far_grade"] if far else rule.grade
        shown = f"{text(hourly)} {fact.unit}/h"
        why, why_en = f"每小时 {shown}，超过 {text(fact.speed)}", f"{shown}, above {text(fact.speed)}"
    elif fact.minutes is not None and minutes < fact.minutes:
        grade, shown = rule.grade, f"{text(round(minutes, 1))} min"
        why, why_en = f"{shown} 滴完，至少 {text(fact.minutes)} 分钟", f"over in {shown}, {text(fact.minutes)} at least"
    else:
        return
    yield case.say(
        rule,
        grade,
        f"{drug.name}：{why}；{fact.reason}",
        f"{drug.name_en}: {why_en}; {fact.reason_en}",
        "减慢滴速",
        "Slow it down",
        line=n,
        about=shown,
        source=f"{rule.authority}；{fact.source}",
    )


def pairs(case: Case, rule: Rule) -> Iterator[Finding]:
    """Drugs of one bag that must not meet; of pairs that no source knows, the bag is told once."""
    for members in case.bags.values():
        drugs = sorted({d.code: (d, n) for n, _line, d in members if not d.carrier}.values())
        clashes = [clash for (one, _n), (two, n) in combinations(drugs, 2) for clash in _clash(case, rule, one, two, n)]
        yield from clashes
        if len(drugs) > 1 and not clashes:
            names, names_en = "、".join(d.name for d, _n in drugs), ", ".join(d.name_en for d, _n in drugs)
            yield case.say(
                rule,
                rule.parameters["unknown"],
                f"同瓶配伍没有资料，没有核对：{names}",
                f"Not known whether they go into one bag: {names_en}",
                "按说明书核对，或分瓶",
                "Check the labels, or use bags of their own",
                about=f"unknown-{'-'.join(d.code for d, _n in drugs)}",
            )


def _clash(case: Case, rule: Rule, one: DrugFact, two: DrugFact, n: int) -> Iterator[Finding]:
    for fact in case.rules.bag_pairs:
        if (matches(one.atc, fact.a) and matches(two.atc, fact.b)) or (
            matches(one.atc, fact.b) and matches(two.atc, fact.a)
        ):
            yield case.say(
                rule,
                rule.parameters[fact.level],
                f"{one.name}与{two.name}不能同瓶：{fact.reason}",
                f"{one.name_en} and {two.name_en} do not go into one bag: {fact.reason_en}",
                "分瓶滴注，中间冲管",
                "Use bags of their own, flush between them",
                line=n,
                about=f"{fact.code}-{one.code}",
                source=f"{rule.authority}；{fact.source}",
            )
            return


def alone(case: Case, rule: Rule) -> Iterator[Finding]:
    """A TCM injection is not mixed with any other drug."""
    for members in case.bags.values():
        others = [drug for _n, _line, drug in members if not drug.carrier]
        for n, _line, drug in members:
            if drug.herbal == "tcm_injection" and len({other.code for other in others}) > 1:
                yield case.say(
                    rule,
                    rule.grade,
                    f"{drug.name}须单独使用，不得与其他药品同瓶",
                    f"{drug.name_en} is given alone, in no bag with another drug",
                    "分瓶滴注，中间冲管",
                    "Use a bag of its own, flush between them",
                    line=n,
                )


def whole(case: Case, rule: Rule) -> Iterator[Finding]:
    """What stands in one bag is given by one route, at one time, at one speed."""
    for number, members in sorted(case.bags.items()):
        lines = [line for _n, line, _drug in members]
        rates = {(line.rate, line.rate_unit) for line in lines if line.rate is not None}
        same = len({(line.route, line.frequency, line.days) for line in lines}) == 1 and len(rates) <= 1
        if not same:
            names = sorted({d.code: d for _n, _line, d in members}.values())
            yield case.say(
                rule,
                rule.grade,
                f"第 {number} 组的途径、频次、天数或滴速不一致：{'、'.join(d.name for d in names)}",
                f"Bag {number}: route, frequency, days or speed differ: {', '.join(d.name_en for d in names)}",
                "改成一致，或分组",
                "Make them agree, or use bags of their own",
                about=f"{number}-{'-'.join(d.code for d in names)}",
            )


def _dripped(case: Case, rule: Rule) -> Iterator[tuple[int, WishLine, DrugFact, InfusionFact]]:
    """Lines given as a drip of which the table knows how."""
    for n, line, drug in case.lines():
        if line.route in rule.parameters["routes"] and not drug.carrier:
            found = [fact for fact in case.rules.infusions if matches(drug.atc, fact.prefixes)]
            if found:
                yield n, line, drug, max(found, key=lambda fact: max(map(len, fact.prefixes)))


def _members(case: Case, line: WishLine) -> list[Member]:
    return case.bags.get(line.bag, []) if line.bag else []


def _ready(rule: Rule, drug: DrugFact) -> bool:
    """Comes as an infusion, and needs no solvent."""
    return drug.volume_ml is not None and drug.volume_ml >= rule.parameters["ready_ml"]


def _volume(case: Case, rule: Rule, line: WishLine, drug: DrugFact) -> Decimal | None:
    held = [_millilitres(one, d) for _n, one, d in _members(case, line) if d.carrier]
    if held:
        return None if None in held else sum((ml for ml in held if ml is not None), Decimal(0))
    return _millilitres(line, drug) if _ready(rule, drug) else None


def _millilitres(line: WishLine, drug: DrugFact) -> Decimal | None:
    if line.dose is None or not line.dose.is_finite():
        return None
    if line.dose_unit.lower() == "ml":
        return line.dose
    units = in_units(line.dose, line.dose_unit, drug)
    return units * drug.volume_ml if units is not None and drug.volume_ml is not None else None


def _concentration(case: Case, rule: Rule, line: WishLine, drug: DrugFact, fact: InfusionFact) -> Decimal | None:
    volume = _volume(case, rule, line, drug)
    if not volume or line.dose is None or not line.dose.is_finite():
        return None
    dose, unit = convert(line.dose, line.dose_unit, drug), convert(Decimal(1), fact.unit, drug)
    return dose / unit / volume if dose is not None and unit else None


def _flow(case: Case, rule: Rule, line: WishLine) -> Decimal | None:
    """Millilitres an hour; the speed of a bag is written on any of its lines."""
    lines = [line, *(one for _n, one, _drug in _members(case, line))]
    given = next((one for one in lines if one.rate is not None and one.rate > 0), None)
    if given is None or given.rate is None:
        return None
    drops = Decimal(str(rule.parameters["drops_per_ml"]))
    return {"ml/h": given.rate, "gtt/min": given.rate * 60 / drops}.get(given.rate_unit)


def _names(kinds: tuple[str, ...], language: int) -> str:
    return ("、", ", ")[language].join(SOLVENTS[kind][language] for kind in kinds) or ("按说明书", "as the label says")[
        language
    ]
