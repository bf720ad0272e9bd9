"""Allergy, by substance and by class. The worst reach of any recorded allergy counts."""

import re
from collections.abc import Iterator

from luodi.advice.case import Case
from luodi.advice.types import Allergy, Finding, Grade
from luodi.terms.rulebook import DrugFact, Rule, matches

ATC = re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d")
LEVELS = ("none", "low", "moderate", "high", "same_class", "substance")
WORDS = {
    "substance": ("对本品过敏", "allergic to this substance"),
    "same_class": ("同类过敏，禁用", "allergic to its class"),
    "high": ("交叉过敏可能性高", "cross-reaction is likely"),
    "moderate": ("可能交叉过敏", "cross-reaction is possible"),
    "low": ("交叉过敏少见", "cross-reaction is rare"),
}


def state(case: Case, rule: Rule) -> Iterator[Finding]:
    """Four states of the allergy history: only a denial and a list are answers."""
    grade = rule.parameters.get(case.patient.allergy_state)
    if grade:
        asked = case.patient.allergy_state == "unconfirmed"
        yield case.say(
            rule,
            grade,
            "过敏史未确认" if asked else "过敏史未询问",
            "Allergies are not confirmed" if asked else "Allergies were not asked about",
            "询问患者或家属，并记入过敏史",
            "Ask the patient or the family, and record it",
            about=case.patient.allergy_state,
        )


def allergy(case: Case, rule: Rule) -> Iterator[Finding]:
    """The substance, its class, and what cross-reacts; a severe delayed reaction weighs heaviest."""
    for place, known in enumerate(case.patient.allergies):
        names, classes = _meaning(case, known)
        if not names and not classes:
            yield case.say(
                rule,
                Grade.TELL,
                f"过敏原“{known.label or known.code}”没有编码，未能自动核对",
                f"Allergen “{known.label or known.code}” is not coded and was not checked",
                "请人工核对",
                "Check it by hand",
                about=f"uncoded-{known.code or place}",
            )
            continue
        reached = _reached(case, classes)
        for n, _line, drug in case.lines():
            level, source = _worst(drug, names, reached)
            delayed = _delayed(rule, known)
            grade = _grade(rule, level, known.severity, delayed)
            if grade:
                zh, en = WORDS[level]
                if delayed:
                    zh, en = (
                        f"{zh}；严重迟发反应史，不皮试，不使用",
                        f"{en}; a severe delayed reaction: no test, no drug",
                    )
                yield case.say(
                    rule,
                    grade,
                    f"{drug.name}：{known.label or known.code}过敏，{zh}",
                    f"{drug.name_en}: allergy to {known.label or known.code}, {en}",
                    "换用无交叉过敏的药品" if grade != "tell" else "用药后观察",
                    "Choose a drug without cross-reaction" if grade != "tell" else "Observe after the dose",
                    line=n,
                    about=f"{known.code}-{level}-{known.severity}{'-delayed' if delayed else ''}",
                    source=f"{rule.authority};{source}" if source else "",
                )


def _delayed(rule: Rule, known: Allergy) -> bool:
    """SJS, TEN, DRESS and their like, by the words of the reaction."""
    return any(word.lower() in known.reaction.lower() for word in rule.parameters["delayed_words"])


def _grade(rule: Rule, level: str, severity: str, delayed: bool) -> str:
    if delayed and level in rule.parameters["delayed"]:
        return rule.parameters["delayed"][level]
    if severity == "severe" and level in rule.parameters["severe"]:
        return rule.parameters["severe"][level]
    return rule.parameters.get(level, "")


def _meaning(case: Case, known: Allergy) -> tuple[frozenset[str], frozenset[str]]:
    """What the recorded code stands for: substances (ATC codes and English names), and allergy classes."""
    code, facts = known.code.strip(), case.rules.allergy_classes
    if any(code in (fact.code, fact.crosses) for fact in facts):
        return frozenset(), frozenset({code})
    meant = case.rules.drugs.get(code)
    wanted = {code.lower(), *(meant.substances if meant else ())}
    names: set[str] = set()
    codes = {code} if ATC.fullmatch(code) else set()
    for drug in case.rules.drugs.values():
        if (drug.atc and drug.atc == code) or (len(drug.substances) == 1 and drug.substances[0] in wanted):
            names.update(drug.substances)
            codes.add(drug.atc)
    codes.discard("")
    classes = {fact.code for fact in facts if any(matches(atc, fact.prefixes) for atc in codes)}
    return frozenset(names | codes), frozenset(classes)


def _reached(case: Case, classes: frozenset[str]) -> list[tuple[tuple[str, ...], str, str]]:
    """ATC prefixes that an allergy to these classes reaches, with level and source. A cross-reaction runs both ways."""
    facts = case.rules.allergy_classes
    out = [(fact.prefixes, fact.level, fact.source) for fact in facts if fact.crosses in classes]
    out += [
        (other.prefixes, fact.level, fact.source)
        for fact in facts
        if fact.code in classes and fact.crosses != fact.code
        for other in facts
        if other.code == fact.crosses
    ]
    return out


def _worst(drug: DrugFact, names: frozenset[str], reached: list[tuple[tuple[str, ...], str, str]]) -> tuple[str, str]:
    """The worst level at which the allergy reaches the drug, and the source that says so."""
    if names & {drug.atc, *drug.substances} - {""}:
        return "substance", ""
    hits = [(level, source) for prefixes, level, source in reached if matches(drug.atc, prefixes)]
    return max(hits, key=lambda hit: LEVELS.index(hit[0]), default=("none", ""))
