"""The one question: may this be prescribed for this patient, by these rules?"""

from luodi.advice.case import Case
from luodi.advice.rules import TABLE
from luodi.advice.types import Finding, Grade, Snapshot, Wish
from luodi.terms.rulebook import Ruleset

NAMES = {
    "drugs": ("药品目录", "formulary"),
    "allergy_classes": ("过敏分类", "allergy classes"),
    "duplicates": ("重复用药分类", "duplicate therapy classes"),
    "interactions": ("相互作用资料", "interaction knowledge"),
    "contraindications": ("禁忌证资料", "contraindication knowledge"),
    "frequencies": ("用药频次表", "frequency table"),
    "routes": ("给药途径表", "route table"),
    "dose_limits": ("剂量限度表", "table of dose limits"),
    "lactation": ("哺乳期用药资料", "lactation knowledge"),
    "infusions": ("输液资料", "infusion knowledge"),
    "bag_pairs": ("输液配伍资料", "knowledge of what goes into one bag"),
    "carriers": ("溶媒表", "table of solvents"),
    "herb_pairs": ("十八反、十九畏", "herbs that must not meet"),
}


def check(wish: Wish, patient: Snapshot, rules: Ruleset) -> list[Finding]:
    """All findings, worst first; the order of lines changes nothing but `Finding.line`.

    Every kind of rule in TABLE runs. Where the rule set lacks a kind or a knowledge table, the answer says so
    with an ASK of its own: a check is never skipped in silence.
    """
    case = Case(wish, patient, rules)
    found = list(_absent(rules))
    for kind, judge in TABLE.items():
        for rule in rules.of(kind):
            found.extend(judge(case, rule))
    return _ordered(found)


def _absent(rules: Ruleset) -> list[Finding]:
    tables = [(name, *NAMES[name]) for name in rules.absent()]
    kinds = [(kind, f"规则 {kind}", f"rule kind {kind}") for kind in TABLE if not rules.of(kind)]
    return [
        Finding(
            rule="knowledge-missing",
            grade=Grade.ASK,
            why=f"{zh}没有载入，这一项没有核对",
            source=f"{rules.code} {rules.version}",
            instead="请人工核对并写明依据；通知信息科载入规则",
            key=f"knowledge-missing.{name}",
            why_en=f"{en} is not loaded: this was not checked",
            instead_en="Check by hand and say on what ground; ask the information department to load it",
        )
        for name, zh, en in tables + kinds
    ]


def _ordered(found: list[Finding]) -> list[Finding]:
    """Worst first; the same fact said twice of equal lines is said once."""
    once: dict[str, Finding] = {}
    for finding in sorted(found, key=lambda f: (f.grade.rank, f.key, -1 if f.line is None else f.line)):
        once.setdefault(finding.key, finding)
    return list(once.values())
