"""The prescription as a document: validity, number of drugs, paper, diagnosis, countersignature."""

from collections.abc import Iterator
from datetime import timedelta

from luodi.advice.case import Case
from luodi.advice.types import Finding
from luodi.terms.rulebook import Rule


def kinds(case: Case, rule: Rule) -> Iterator[Finding]:
    """处方管理办法 art. 6(7): a limited number of drugs on one prescription, one line each."""
    most, count = rule.parameters["most"], len({line.medicine for line in case.wish.lines})
    if case.wish.visit_class in rule.parameters["visit_classes"] and count > most:
        yield case.say(
            rule,
            rule.grade,
            f"一张处方 {count} 种药品，超过 {most} 种",
            f"{count} drugs on one prescription, the limit is {most}",
            "分成两张处方",
            "Split it into two prescriptions",
            about=str(count),
        )


def usage(case: Case, rule: Rule) -> Iterator[Finding]:
    """处方管理办法 art. 6: vague usage text is no usage."""
    for n, line, drug in case.lines():
        word = next((w for w in rule.parameters["words"] if w in line.usage), None)
        if word:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}：用法“{word}”含糊",
                f"{drug.name_en}: usage “{word}” is vague",
                "写明每次剂量、途径和频次",
                "State dose, route and frequency",
                line=n,
            )


def diagnosis(case: Case, rule: Rule) -> Iterator[Finding]:
    """Annex 1: the clinical diagnosis stands on the prescription."""
    if not case.wish.diagnoses:
        yield case.say(
            rule,
            rule.grade,
            "没有临床诊断",
            "No clinical diagnosis",
            "先录入诊断",
            "Enter the diagnosis first",
        )


def validity(case: Case, rule: Rule) -> Iterator[Finding]:
    """处方管理办法 art. 18: valid on the day of issue; the prescriber may write a later day, three days at most."""
    wish, most = case.wish, rule.parameters["most_days"]
    if wish.lapses is None:
        return
    if wish.lapses < wish.on:
        yield case.say(
            rule,
            rule.grade,
            f"有效期 {wish.lapses:%Y-%m-%d} 早于开具日",
            f"Lapses on {wish.lapses}, before the day of issue",
            "重新开具",
            "Issue it anew",
            about=f"{wish.lapses}",
        )
    elif wish.lapses - wish.on > timedelta(days=most):
        yield case.say(
            rule,
            rule.grade,
            f"有效期超过 {most} 天",
            f"Valid for more than {most} days",
            f"有效期最长至 {wish.on + timedelta(days=most):%Y-%m-%d}",
            f"At the latest {wish.on + timedelta(days=most)}",
            about=f"{wish.lapses}",
        )


def separate(case: Case, rule: Rule) -> Iterator[Finding]:
    """Annex 1: narcotic and psychotropic drugs have a prescription form of their own, which carries nothing else."""
    paper = rule.parameters["paper"]
    for n, _line, drug in case.lines():
        allowed = paper.get(drug.controlled)
        if allowed and case.wish.kind not in allowed:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}须开在专用处方上",
                f"{drug.name_en} needs its own prescription form",
                "改用专用处方单独开具",
                "Issue it alone on the proper form",
                line=n,
                about=case.wish.kind,
            )
        elif not allowed and any(case.wish.kind in kinds for kinds in paper.values()):
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}不能开在麻醉、精神药品专用处方上",
                f"{drug.name_en} does not belong on a controlled-drug form",
                "另开一张普通处方",
                "Issue it on an ordinary prescription",
                line=n,
                about=case.wish.kind,
            )


def separate_herbal(case: Case, rule: Rule) -> Iterator[Finding]:
    """Herbal pieces and TCM injections stand on prescriptions of their own."""
    if case.wish.visit_class not in rule.parameters["visit_classes"]:
        return
    kinds = {drug.herbal if drug.herbal in rule.parameters["herbal"] else "" for _n, _line, drug in case.lines()}
    if len(kinds) < 2:
        return
    for n, _line, drug in case.lines():
        if drug.herbal in rule.parameters["herbal"]:
            yield case.say(
                rule,
                rule.grade,
                f"{drug.name}须单独开具处方",
                f"{drug.name_en} needs a prescription of its own",
                "从本处方移出，另开一张",
                "Move it to a prescription of its own",
                line=n,
            )


def countersign(case: Case, rule: Rule) -> Iterator[Finding]:
    """Art. 8 and 9: a physician countersigns what an assistant physician prescribes."""
    if case.wish.prescriber.assistant:
        yield case.say(
            rule,
            rule.grade,
            "执业助理医师开具，须经执业医师签名",
            "Issued by an assistant physician: a physician countersigns",
            "写明审签的执业医师",
            "Name the physician who countersigns",
        )


def formulary(case: Case, rule: Rule) -> Iterator[Finding]:
    """A drug that the formulary does not hold on that day cannot be checked, hence not signed."""
    for n, (line, drug) in enumerate(zip(case.wish.lines, case.drugs, strict=True)):
        if drug is None:
            yield case.say(
                rule,
                rule.grade,
                f"药品 {line.medicine} 不在现行药品目录内",
                f"Medicine {line.medicine} is not in the formulary in force",
                "从目录中另选",
                "Choose one from the formulary",
                line=n,
            )
