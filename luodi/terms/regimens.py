"""How much, how fast, in what: dose limits, lactation, infusions, bags and herbs, from the files to pure values."""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.db.models import Model

from luodi.terms import models, reading, rulebook
from luodi.terms.sheets import held, number, rows

TABLES = (models.DoseLimit, models.Lactation, models.Infusion, models.BagPair, models.Carrier, models.HerbPair)
AGE = re.compile(r"(\d+)([ymd])")
DAYS = {"y": Decimal("365.25"), "m": Decimal("30.4375"), "d": Decimal(1)}


def age_days(text: str) -> Decimal | None:
    """ "6m" -> 182.625 days, "" -> None. Raises ValueError for anything else."""
    if not text:
        return None
    found = AGE.fullmatch(text)
    if found is None:
        raise ValueError(f"no age: {text}")
    return int(found[1]) * DAYS[found[2]]


def dose_limits(folder: Path, status: str) -> Iterator[models.DoseLimit]:
    measured = ("low", "high", "most", "weight_from", "weight_to", "egfr_from", "egfr_to")
    copied = ("code", "kind", "route_groups", "per", "basis", "unit", "note_zh", "note_en")
    for row in rows(folder, "dose_limits"):
        yield models.DoseLimit(
            prefixes=row["atc_prefixes"],
            age_from=age_days(row["age_from"]),
            age_to=age_days(row["age_to"]),
            **{name: row[name] for name in copied},
            **{name: number(row[name]) for name in measured},
            **held(row, status),
        )


def lactation(folder: Path, status: str) -> Iterator[models.Lactation]:
    for row in rows(folder, "lactation"):
        copied = {name: row[name] for name in ("code", "level", "reason_zh", "reason_en")}
        yield models.Lactation(prefixes=row["atc_prefixes"], **copied, **held(row, status))


def infusions(folder: Path, status: str) -> Iterator[models.Infusion]:
    for row in rows(folder, "infusions"):
        copied = {name: row[name] for name in ("code", "solvents", "never", "unit", "reason_zh", "reason_en")}
        yield models.Infusion(
            prefixes=row["atc_prefixes"],
            dilute=row["dilute"] == "1",
            **copied,
            **{name: number(row[name]) for name in ("concentration", "speed", "minutes")},
            **held(row, status),
        )


def bag_pairs(folder: Path, status: str) -> Iterator[models.BagPair]:
    for row in rows(folder, "bag_pairs"):
        copied = {name: row[name] for name in ("code", "level", "reason_zh", "reason_en")}
        yield models.BagPair(
            a_prefixes=row["a_atc_prefixes"],
            b_prefixes=row["b_atc_prefixes"],
            **copied,
            **held(row, status),
        )


def carriers(folder: Path, status: str) -> Iterator[models.Carrier]:
    for row in rows(folder, "carriers"):
        yield models.Carrier(medicine=row["medicine"], kind=row["kind"], **held(row, status))


def herb_pairs(folder: Path, status: str) -> Iterator[models.HerbPair]:
    for row in rows(folder, "herb_pairs"):
        copied = {name: row[name] for name in ("code", "kind", "a_names", "b_names")}
        yield models.HerbPair(**copied, **held(row, status))


def facts(take: Callable[[type[Model]], Iterable[Any]]) -> dict[str, Any]:
    """The members of a Ruleset that this module owns."""
    return {
        "dose_limits": tuple(_limit(r) for r in take(models.DoseLimit)),
        "lactation": tuple(
            rulebook.LactationFact(r.code, reading.codes(r.prefixes), r.level, r.reason_zh, r.reason_en, _source(r))
            for r in take(models.Lactation)
        ),
        "infusions": tuple(_infusion(r) for r in take(models.Infusion)),
        "bag_pairs": tuple(
            rulebook.BagPairFact(
                r.code,
                reading.codes(r.a_prefixes),
                reading.codes(r.b_prefixes),
                r.level,
                r.reason_zh,
                r.reason_en,
                _source(r),
            )
            for r in take(models.BagPair)
        ),
        "carriers": MappingProxyType({r.medicine: r.kind for r in take(models.Carrier)}),
        "herb_pairs": tuple(
            rulebook.HerbPairFact(r.code, r.kind, reading.codes(r.a_names), reading.codes(r.b_names), _source(r))
            for r in take(models.HerbPair)
        ),
    }


def _limit(row: models.DoseLimit) -> rulebook.DoseLimitFact:
    same = (
        "code", "kind", "per", "basis", "low", "high", "unit", "most", "age_from", "age_to",
        "weight_from", "weight_to", "egfr_from", "egfr_to", "note_en",
    )  # fmt: skip
    return rulebook.DoseLimitFact(
        prefixes=reading.codes(row.prefixes),
        groups=reading.codes(row.route_groups),
        note=row.note_zh,
        source=_source(row),
        **{name: getattr(row, name) for name in same},
    )


def _infusion(row: models.Infusion) -> rulebook.InfusionFact:
    same = ("code", "dilute", "concentration", "speed", "unit", "minutes", "reason_en")
    return rulebook.InfusionFact(
        prefixes=reading.codes(row.prefixes),
        solvents=reading.codes(row.solvents),
        never=reading.codes(row.never),
        reason=row.reason_zh,
        source=_source(row),
        **{name: getattr(row, name) for name in same},
    )


def _source(row: Any) -> str:
    return f"{row.source} {row.code}({row.get_status_display()})"
