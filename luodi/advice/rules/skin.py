"""Skin tests (β内酰胺类抗菌药物皮肤试验指导原则): the test, how long its result holds, and what blunts it."""

from collections.abc import Iterator
from decimal import Decimal

from luodi.advice.amounts import text
from luodi.advice.case import Case
from luodi.advice.types import Finding, WishLine
from luodi.terms.rulebook import DrugFact, Rule, matches

ATC_GROUP = 5  # letters of an ATC code that name the chemical group


def tested(case: Case, rule: Rule) -> Iterator[Finding]:
    """Drugs that need it are tested first; a positive test forbids the drug; a negative one holds for some hours."""
    p = rule.parameters
    for n, line, drug in case.lines():
        if line.skin_test == "positive":
            yield case.say(
                rule,
                p["positive"],
                f"{drug.name}：皮试阳性",
                f"{drug.name_en}: the skin test is positive",
                "停用并记入过敏史，换用其他药品",
                "Stop it, record the allergy, choose another drug",
                line=n,
                about="positive",
            )
        elif drug.skin_test and line.skin_test not in p["accepted"]:
            yield _untested(case, rule, n, line, drug)
        elif drug.skin_test and line.skin_test == "negative":
            yield from _held(case, rule, n, line, drug)
        elif drug.skin_test and line.skin_test == "continuing" and not _taken(case, drug):
            yield case.say(
                rule,
                "tell",
                f"{drug.name}写作续用，在用药品中没有同类药",
                f"{drug.name_en} is written as continued, no drug of its group is on record",
                f"核实停药未满 {p['hours']} 小时，否则重做皮试",
                f"Make sure that it stopped less than {p['hours']} h ago, else test again",
                line=n,
                about="continuing",
            )


def _untested(case: Case, rule: Rule, n: int, line: WishLine, drug: DrugFact) -> Finding:
    hours, pending = rule.parameters["hours"], line.skin_test == "pending"
    return case.say(
        rule,
        rule.grade,
        f"{drug.name}须先皮试，{'结果未出' if pending else '没有皮试结果'}",
        f"{drug.name_en} needs a skin test: {'result pending' if pending else 'no result'}",
        f"写明皮试结果，或免试依据({hours} 小时内续用)",
        f"Write the result, or why none is needed (continued within {hours} h)",
        line=n,
        about=line.skin_test or "none",
    )


def _held(case: Case, rule: Rule, n: int, line: WishLine, drug: DrugFact) -> Iterator[Finding]:
    """A negative result of known age; unknown is said, too old is asked about."""
    hours = rule.parameters["hours"]
    if line.skin_test_hours is None:
        yield case.say(
            rule,
            "tell",
            f"{drug.name}：皮试时间没有写明，结果 {hours} 小时内有效",
            f"{drug.name_en}: the hour of the skin test is not written; a result holds for {hours} h",
            "写明皮试时间",
            "Write when it was read",
            line=n,
            about="when",
        )
    elif line.skin_test_hours > Decimal(str(hours)):
        shown = text(round(line.skin_test_hours, 0))
        yield case.say(
            rule,
            rule.grade,
            f"{drug.name}：皮试已过 {shown} 小时，超过 {hours} 小时",
            f"{drug.name_en}: the skin test is {shown} h old, more than {hours} h",
            "重做皮试",
            "Test again",
            line=n,
            about="old",
        )


def _taken(case: Case, drug: DrugFact) -> bool:
    return any(other.atc[:ATC_GROUP] == drug.atc[:ATC_GROUP] for other, _group in case.current if drug.atc)


def blunted(case: Case, rule: Rule) -> Iterator[Finding]:
    """Drugs under which a skin test may be falsely negative, while one is still to be done."""
    waiting = [drug for _n, line, drug in case.lines() if drug.skin_test and line.skin_test in ("", "pending")]
    if not waiting:
        return
    prefixes, groups = tuple(rule.parameters["atc"]), rule.parameters["systemic"]
    ours = [drug for _n, line, drug in case.lines() if case.group(line.route or drug.route) in groups]
    taken = [drug for drug, group in case.current if group in groups]
    for drug in sorted({d.code: d for d in ours + taken if matches(d.atc, prefixes)}.values()):
        yield case.say(
            rule,
            rule.grade,
            f"{drug.name}可使皮试假阴性",
            f"{drug.name_en} may make a skin test falsely negative",
            "记录末次用药时间，必要时推迟皮试",
            "Record its last dose; put the test off where needed",
            about=drug.code,
        )
