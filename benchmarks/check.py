"""The check of one prescription: five drugs against twenty that the patient takes now, on one core.

The knowledge is the shipped one, made larger: 2,000 drugs (the formulary again under other codes) and every pair that
any source names, in the formulary or not. Prescriptions are drawn blindly from it.

The floor is what cannot be spared: looking up each of the 110 pairs of such a prescription in a table of that size.
"""

import time
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations, product
from random import Random
from statistics import quantiles
from types import MappingProxyType
from typing import Any

DRUGS, PRESCRIBED, CURRENT = 2_000, 5, 20


def main(*, quick: bool, engine: str) -> dict[str, Any]:
    """p95 of a check in ms and checks a second; 2,000 of them, quick: 300. No database is asked."""
    return measured(300 if quick else 2_000)


def measured(times: int) -> dict[str, Any]:
    """The results of so many checks; an error is one that could not check everything."""
    from luodi.advice.check import check

    rules = enlarged(_shipped())
    asked = [_asked(rules, Random(turn)) for turn in range(times)]
    untold = sum(any(each.rule == "knowledge-missing" for each in check(*one, rules)) for one in asked)
    spent = _timed(lambda one: check(*one, rules), asked)
    floor = _timed(lambda one: _looked_up(one, rules), asked)
    p95, bare = _p95(spent) * 1000, _p95(floor) * 1000
    rate, most = len(spent) / sum(spent), len(floor) / sum(floor)
    results = [
        {
            "metric": "check_ms_p95", "value": round(p95, 3), "unit": "ms", "floor": round(bare, 4),
            "ratio": round(p95 / bare, 1),
        },
        {
            "metric": "checks_per_s", "value": round(rate, 1), "unit": "checks/s", "floor": round(most, 1),
            "ratio": round(rate / most, 3),
        },
    ]  # fmt: skip
    return {"results": results, "errors": untold, "drugs": len(rules.drugs), "pairs": len(rules.interactions)}


def _shipped() -> Any:
    from luodi.terms import files, knowledge
    from luodi.trust.clock import today

    head = knowledge.Head(0, "bench", "1", "compiled", "0" * 64)
    return knowledge.assemble(head, today(), files.shipped)


def enlarged(rules: Any) -> Any:
    """The rule set with 2,000 drugs and every named pair."""
    from luodi.terms import files, stated

    drugs = dict(rules.drugs)
    for again, (code, drug) in product(range(1, DRUGS), rules.drugs.items()):
        if len(drugs) == DRUGS:
            break
        drugs[f"{code}-{again}"] = drug._replace(code=f"{code}-{again}")
    named = stated.facts(stated.statements(files.shipped), files.shipped)
    return rules._replace(drugs=MappingProxyType(drugs), interactions=named)


def _asked(rules: Any, rng: Random) -> tuple[Any, Any]:
    """A prescription and a patient, drawn blindly: doses in the usual range, everything about the patient known."""
    from luodi.advice.types import CurrentDrug, Prescriber, Snapshot, Wish, WishLine

    codes = rng.sample(sorted(rules.drugs), PRESCRIBED + CURRENT)
    lines = tuple(_line(rules.drugs[code], WishLine) for code in codes[:PRESCRIBED])
    wish = Wish(
        lines=lines, kind="ordinary", visit_class="outpatient", on=rules.on, diagnoses=("J06.9", "I10"),
        prescriber=Prescriber(antibiotic_tier=3, narcotic=True),
    )  # fmt: skip
    taken = tuple(CurrentDrug(code) for code in codes[PRESCRIBED:])
    patient = Snapshot(
        age_days=60 * 365, sex="1", weight_kg=Decimal(65), pregnant=None, allergy_state="denied", current=taken
    )
    return wish, patient


def _line(drug: Any, kind: Any) -> Any:
    return kind(drug.code, drug.dose_low, drug.dose_unit, drug.route, "bid", days=Decimal(3))


def _looked_up(one: tuple[Any, Any], rules: Any) -> int:
    wish, patient = one
    ours = [rules.drugs[line.medicine].atc for line in wish.lines]
    taken = [rules.drugs[drug.medicine].atc for drug in patient.current]
    pairs = rules.interactions
    return sum((min(pair), max(pair)) in pairs for pair in (*combinations(ours, 2), *product(ours, taken)))


def _timed(do: Callable[[Any], Any], asked: list[Any]) -> list[float]:
    spent = []
    for one in asked:
        begin = time.perf_counter()
        do(one)
        spent.append(time.perf_counter() - begin)
    return spent


def _p95(spent: list[float]) -> float:
    return quantiles(spent, n=20, method="inclusive")[-1]
