"""One check in progress: the wish, the patient, the knowledge, and how a rule says something."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from luodi.advice.types import Finding, Grade, Snapshot, Wish, WishLine
from luodi.terms.rulebook import DrugFact, FrequencyFact, Rule, Ruleset


@dataclass(frozen=True)
class Case:
    wish: Wish
    patient: Snapshot
    rules: Ruleset

    @cached_property
    def drugs(self) -> tuple[DrugFact | None, ...]:
        """The drug of each line, None where the formulary does not hold it."""
        return tuple(self.rules.drugs.get(line.medicine) for line in self.wish.lines)

    @cached_property
    def current(self) -> tuple[tuple[DrugFact, str], ...]:
        """Drugs taken now that the formulary knows, each with the group of the route by which it is taken."""
        held = ((self.rules.drugs.get(c.medicine), c.route) for c in self.patient.current)
        return tuple((drug, self.group(route or drug.route)) for drug, route in held if drug)

    @cached_property
    def known(self) -> tuple[tuple[int, WishLine, DrugFact], ...]:
        pairs = zip(self.wish.lines, self.drugs, strict=True)
        return tuple((n, line, drug) for n, (line, drug) in enumerate(pairs) if drug)

    @property
    def years(self) -> int | None:
        """Completed years of age (365.25 days each)."""
        return None if self.patient.age_days is None else int(self.patient.age_days / 365.25)

    @cached_property
    def surface(self) -> Decimal | None:
        """Body surface in m2: Mosteller, N Engl J Med 317:1098 (1987): sqrt(cm x kg / 3600)."""
        kg, cm = self.patient.weight_kg, self.patient.height_cm
        return None if kg is None or cm is None else (kg * cm / 3600).sqrt()

    @cached_property
    def bags(self) -> dict[int, list[tuple[int, WishLine, DrugFact]]]:
        """Lines that are dripped together, by the number of their bag."""
        held: dict[int, list[tuple[int, WishLine, DrugFact]]] = {}
        for n, line, drug in self.known:
            if line.bag:
                held.setdefault(line.bag, []).append((n, line, drug))
        return held

    def lines(self) -> Iterator[tuple[int, WishLine, DrugFact]]:
        return iter(self.known)

    def frequency(self, line: WishLine) -> FrequencyFact | None:
        return self.rules.frequencies.get(line.frequency)

    def group(self, route: str) -> str:
        fact = self.rules.routes.get(route)
        return fact.group if fact else ""

    def has(self, prefixes: tuple[str, ...] | list[str]) -> bool:
        """True where one of the diagnoses lies under one of the ICD-10 prefixes."""
        return bool(prefixes) and any(code.startswith(tuple(prefixes)) for code in self.wish.diagnoses)

    def say(
        self,
        rule: Rule,
        grade: str,
        why: str,
        why_en: str,
        instead: str = "",
        instead_en: str = "",
        *,
        line: int | None = None,
        about: str = "",
        source: str = "",
    ) -> Finding:
        """A finding of this rule. `about` holds the facts it rests on: when they change, so does its key."""
        medicine = "" if line is None else self.wish.lines[line].medicine
        key = ".".join(part for part in (rule.code, medicine, about) if part)
        return Finding(
            rule=rule.code,
            grade=Grade(grade),
            why=why,
            source=source or rule.authority,
            instead=instead,
            line=line,
            key="".join(c if (c.isalnum() and c.isascii()) or c in "._-" else "-" for c in key),
            why_en=why_en,
            instead_en=instead_en,
        )
