"""Each rule of the first rule set at its boundary: what it says, how hard, and on whose authority.

A case is (name, lines, changes to the wish, changes to the patient, rule, expected grade or None for silence).
Medicines are those of the shipped formulary.
Long because it is one table: every rule stands beside its neighbours, and a test asks that none is missing.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from luodi.advice.check import check
from luodi.advice.types import Allergy, CurrentDrug, Egfr, Prescriber

from .conftest import ADULT, ON, line, wish

AMOXICILLIN, IBUPROFEN, OMEPRAZOLE, PARACETAMOL = "M0288", "M0424", "M0001", "M0472"
MORPHINE_INJ, MORPHINE_SR, CODEINE, PETHIDINE, RITALIN = "M0457", "M0458", "M0466", "M0460", "M0535"
DIAZEPAM, MEROPENEM, CEFEPIME, ARSENIC, KCL_INJ, METHOTREXATE = "M0509", "M0315", "M0312", "M0604", "M0089", "M0383"
MOXIFLOXACIN, DANHONG = "M0335", "M0619"

OME = {"days": "7", "quantity": "7"}


def ome(**more):
    return line(OMEPRAZOLE, "20", **{**OME, **more})


def amox(**more):
    return line(
        AMOXICILLIN,
        "500",
        frequency="tid",
        **{"days": "7", "quantity": "42", "skin_test": "negative", "skin_test_hours": Decimal(2), **more},
    )


def allergic(code, severity=""):
    return {"allergy_state": "listed", "allergies": (Allergy(code, code, severity),)}


def egfr(value, on=ON):
    return {"egfr": Egfr(Decimal(value), on)}


FIVE = ("M0001", "M0055", "M0080", "M0082", "M0263")
WOMAN = {"sex": "2", "age_days": 30 * 365}
TIERED = Prescriber(antibiotic_tier=1, narcotic=False)
NO_RIGHTS = Prescriber()

CASES = [
    # 处方管理办法 art. 6(7)
    ("five drugs", [line(m, "1") for m in FIVE], {}, {}, "five", None),
    ("six drugs", [line(m, "1") for m in (*FIVE, "M0437")], {}, {}, "five", "refuse"),
    (
        "six drugs for an inpatient",
        [line(m, "1") for m in (*FIVE, "M0437")],
        {"visit_class": "inpatient"},
        {},
        "five",
        None,
    ),
    ("clear usage", [ome(usage="餐前")], {}, {}, "vague-usage", None),
    ("as the doctor says", [ome(usage="遵医嘱")], {}, {}, "vague-usage", "refuse"),
    ("for oneself", [ome(usage="自用")], {}, {}, "vague-usage", "refuse"),
    ("no diagnosis", [ome()], {"diagnoses": ()}, {}, "diagnosis-missing", "ask"),
    ("diagnosis", [ome()], {}, {}, "diagnosis-missing", None),
    # art. 18
    ("valid today", [ome()], {"lapses": ON}, {}, "validity", None),
    ("valid three days", [ome()], {"lapses": ON + timedelta(days=3)}, {}, "validity", None),
    ("valid four days", [ome()], {"lapses": ON + timedelta(days=4)}, {}, "validity", "refuse"),
    ("lapsed before issue", [ome()], {"lapses": ON - timedelta(days=1)}, {}, "validity", "refuse"),
    # art. 19
    ("seven days", [ome()], {}, {}, "days-ordinary", None),
    ("eight days", [ome(days="8", quantity="8")], {}, {}, "days-ordinary", "ask"),
    ("eight days by quantity", [ome(days="7", quantity="8")], {}, {}, "days-ordinary", "ask"),
    (
        "eight days with a reason",
        [ome(days="8", quantity="8", chronic_reason="慢性胃炎")],
        {},
        {},
        "days-ordinary",
        "tell",
    ),
    ("a blank reason", [ome(days="8", quantity="8", chronic_reason="  ")], {}, {}, "days-ordinary", "ask"),
    ("days unknown", [line(OMEPRAZOLE, "20")], {}, {}, "days-ordinary", "ask"),
    ("as needed lasts its stated days", [ome(prn=True, frequency="prn", days="5")], {}, {}, "days-ordinary", None),
    (
        "ward orders have no day limit",
        [ome(days="30", quantity="30")],
        {"visit_class": "inpatient"},
        {},
        "days-ordinary",
        None,
    ),
    (
        "emergency three days",
        [ome(days="3", quantity="3")],
        {"visit_class": "emergency", "kind": "emergency"},
        {},
        "days-emergency",
        None,
    ),
    (
        "emergency four days",
        [ome(days="4", quantity="4")],
        {"visit_class": "emergency", "kind": "emergency"},
        {},
        "days-emergency",
        "ask",
    ),
    ("emergency form in the clinic", [ome(days="4", quantity="4")], {"kind": "emergency"}, {}, "days-emergency", "ask"),
    # 长期处方管理规范
    ("28 days", [ome(days="28", quantity="28", chronic_reason="慢病")], {}, {}, "days-long", None),
    ("29 days", [ome(days="29", quantity="29", chronic_reason="慢病")], {}, {}, "days-long", "ask"),
    ("84 days", [ome(days="84", quantity="84", chronic_reason="慢病")], {}, {}, "days-long", "ask"),
    ("85 days", [ome(days="85", quantity="85", chronic_reason="慢病")], {}, {}, "days-long", "refuse"),
    ("antibacterial 29 days", [amox(days="29", quantity="174", chronic_reason="慢病")], {}, {}, "days-long", "refuse"),
    (
        "diazepam 29 days",
        [line(DIAZEPAM, "5", days="29", quantity="58")],
        {"kind": "psych2"},
        {},
        "days-long",
        "refuse",
    ),
    # art. 23-26
    (
        "morphine injection, one dose",
        [line(MORPHINE_INJ, "10", route="sc", frequency="st", quantity="1")],
        {"kind": "narcotic"},
        {},
        "controlled-first",
        None,
    ),
    (
        "morphine injection, two doses",
        [line(MORPHINE_INJ, "10", route="sc", frequency="st", quantity="2")],
        {"kind": "narcotic"},
        {},
        "controlled-first",
        "refuse",
    ),
    (
        "half an ampoule is a dose",
        [line(MORPHINE_INJ, "5", route="sc", frequency="st", quantity="1")],
        {"kind": "narcotic"},
        {},
        "controlled-first",
        None,
    ),
    (
        "morphine injection, amount unknown",
        [line(MORPHINE_INJ, "10", route="sc", frequency="prn", prn=True)],
        {"kind": "narcotic"},
        {},
        "controlled-first",
        "refuse",
    ),
    (
        "sustained 7 days",
        [line(MORPHINE_SR, "30", frequency="q12h", quantity="14")],
        {"kind": "narcotic"},
        {},
        "controlled-first",
        None,
    ),
    (
        "sustained 8 days",
        [line(MORPHINE_SR, "30", frequency="q12h", quantity="15")],
        {"kind": "narcotic"},
        {},
        "controlled-first",
        "refuse",
    ),
    (
        "codeine tablets 3 days",
        [line(CODEINE, "30", frequency="tid", quantity="9")],
        {"kind": "narcotic"},
        {},
        "controlled-first",
        None,
    ),
    (
        "codeine tablets 4 days",
        [line(CODEINE, "30", frequency="tid", quantity="10")],
        {"kind": "narcotic"},
        {},
        "controlled-first",
        "refuse",
    ),
    (
        "observation counts as ED",
        [line(CODEINE, "30", frequency="tid", quantity="10")],
        {"kind": "narcotic", "visit_class": "observation"},
        {},
        "controlled-first",
        "refuse",
    ),
    (
        "methylphenidate 15 days in ADHD",
        [line(RITALIN, "18", quantity="15")],
        {"kind": "psych1", "diagnoses": ("F90.0",)},
        {},
        "controlled-adhd",
        None,
    ),
    (
        "methylphenidate 16 days in ADHD",
        [line(RITALIN, "18", quantity="16")],
        {"kind": "psych1", "diagnoses": ("F90.0",)},
        {},
        "controlled-adhd",
        "refuse",
    ),
    (
        "the ADHD rule stands in for the class",
        [line(RITALIN, "18", quantity="15")],
        {"kind": "psych1", "diagnoses": ("F90.0",)},
        {},
        "controlled-first",
        None,
    ),
    (
        "methylphenidate otherwise 7 days",
        [line(RITALIN, "18", quantity="8")],
        {"kind": "psych1"},
        {},
        "controlled-first",
        "refuse",
    ),
    (
        "pain dossier: injection 3 days",
        [line(MORPHINE_INJ, "10", route="sc", frequency="tid", quantity="9")],
        {"kind": "narcotic", "pain_dossier": True},
        {},
        "controlled-pain",
        None,
    ),
    (
        "pain dossier: injection 4 days",
        [line(MORPHINE_INJ, "10", route="sc", frequency="tid", quantity="12")],
        {"kind": "narcotic", "pain_dossier": True},
        {},
        "controlled-pain",
        "refuse",
    ),
    (
        "pain dossier: sustained 15 days",
        [line(MORPHINE_SR, "30", frequency="q12h", quantity="30")],
        {"kind": "narcotic", "pain_dossier": True},
        {},
        "controlled-pain",
        None,
    ),
    (
        "pain dossier: sustained 16 days",
        [line(MORPHINE_SR, "30", frequency="q12h", quantity="32")],
        {"kind": "narcotic", "pain_dossier": True},
        {},
        "controlled-pain",
        "refuse",
    ),
    (
        "pain dossier: tablets 7 days",
        [line(CODEINE, "30", frequency="tid", quantity="21")],
        {"kind": "narcotic", "pain_dossier": True},
        {},
        "controlled-pain",
        None,
    ),
    (
        "pain dossier: tablets 8 days",
        [line(CODEINE, "30", frequency="tid", quantity="24")],
        {"kind": "narcotic", "pain_dossier": True},
        {},
        "controlled-pain",
        "refuse",
    ),
    (
        "inpatient 1 day",
        [line(MORPHINE_SR, "30", frequency="q12h", quantity="2")],
        {"kind": "narcotic", "visit_class": "inpatient"},
        {},
        "controlled-inpatient",
        None,
    ),
    (
        "inpatient 2 days",
        [line(MORPHINE_SR, "30", frequency="q12h", quantity="4")],
        {"kind": "narcotic", "visit_class": "inpatient"},
        {},
        "controlled-inpatient",
        "refuse",
    ),
    (
        "pethidine one dose",
        [line(PETHIDINE, "50", route="im", frequency="st", quantity="1")],
        {"kind": "narcotic"},
        {},
        "controlled-one-dose",
        None,
    ),
    (
        "pethidine two doses",
        [line(PETHIDINE, "50", route="im", frequency="bid", quantity="2")],
        {"kind": "narcotic", "pain_dossier": True},
        {},
        "controlled-one-dose",
        "refuse",
    ),
    ("diazepam 7 days", [line(DIAZEPAM, "5", quantity="14")], {"kind": "psych2"}, {}, "controlled-psych2", None),
    ("diazepam 8 days", [line(DIAZEPAM, "5", quantity="16")], {"kind": "psych2"}, {}, "controlled-psych2", "ask"),
    (
        "diazepam 8 days with a reason",
        [line(DIAZEPAM, "5", quantity="16", chronic_reason="焦虑障碍")],
        {"kind": "psych2"},
        {},
        "controlled-psych2",
        "tell",
    ),
    ("toxic 2 days", [line(ARSENIC, "10", route="ivgtt", quantity="2")], {}, {}, "toxic-two-days", None),
    ("toxic 3 days", [line(ARSENIC, "10", route="ivgtt", quantity="3")], {}, {}, "toxic-two-days", "refuse"),
    (
        "used inside only",
        [line(MORPHINE_INJ, "10", route="sc", frequency="st", quantity="1")],
        {"kind": "narcotic"},
        {},
        "controlled-inside",
        "tell",
    ),
    (
        "no narcotic right",
        [line(CODEINE, "30", quantity="1")],
        {"kind": "narcotic", "prescriber": NO_RIGHTS},
        {},
        "controlled-right",
        "refuse",
    ),
    ("narcotic right", [line(CODEINE, "30", quantity="1")], {"kind": "narcotic"}, {}, "controlled-right", None),
    (
        "class 2 needs no right",
        [line(DIAZEPAM, "5", quantity="1")],
        {"kind": "psych2", "prescriber": NO_RIGHTS},
        {},
        "controlled-right",
        None,
    ),
    ("narcotic on white paper", [line(CODEINE, "30", quantity="1")], {}, {}, "controlled-form", "refuse"),
    ("ordinary drug on narcotic paper", [ome()], {"kind": "narcotic"}, {}, "controlled-form", "refuse"),
    ("class 2 on its paper", [line(DIAZEPAM, "5", quantity="1")], {"kind": "psych2"}, {}, "controlled-form", None),
    (
        "TCM injection with a western drug",
        [line(DANHONG, "20", "ml", "ivgtt", quantity="2"), ome()],
        {},
        {},
        "separate-herbal",
        "refuse",
    ),
    ("TCM injection alone", [line(DANHONG, "20", "ml", "ivgtt", quantity="2")], {}, {}, "separate-herbal", None),
    ("assistant physician", [ome()], {"prescriber": Prescriber(assistant=True)}, {}, "assistant", "ask"),
    # 抗菌药物临床应用管理办法
    (
        "special tier in the clinic",
        [line(MEROPENEM, "1", "g", "ivgtt", "q8h", days="1")],
        {},
        {},
        "tier-outpatient",
        "refuse",
    ),
    (
        "special tier, rescue reason changes nothing in the clinic",
        [line(MEROPENEM, "1", "g", "ivgtt", "q8h", days="1", over_tier_reason="抢救")],
        {},
        {},
        "tier-outpatient",
        "refuse",
    ),
    (
        "special tier in the ward",
        [line(MEROPENEM, "1", "g", "ivgtt", "q8h", days="1")],
        {"visit_class": "inpatient"},
        {},
        "tier-outpatient",
        None,
    ),
    (
        "special tier needs a consultation",
        [line(CEFEPIME, "1", "g", "ivgtt", "q12h", days="1")],
        {"visit_class": "inpatient"},
        {},
        "tier-consult",
        "ask",
    ),
    ("within one's tier", [amox()], {"prescriber": TIERED}, {}, "tier-right", None),
    (
        "above one's tier",
        [line(MOXIFLOXACIN, "400", days="3", quantity="3")],
        {"prescriber": TIERED},
        {},
        "tier-right",
        "refuse",
    ),
    (
        "above one's tier, rescue 1 day",
        [line(MOXIFLOXACIN, "400", days="1", quantity="1", over_tier_reason="脓毒症")],
        {"prescriber": TIERED},
        {},
        "tier-right",
        "ask",
    ),
    (
        "above one's tier, rescue 2 days",
        [line(MOXIFLOXACIN, "400", days="2", quantity="2", over_tier_reason="脓毒症")],
        {"prescriber": TIERED},
        {},
        "tier-right",
        "refuse",
    ),
    (
        "rescue of unknown length",
        [line(MOXIFLOXACIN, "400", over_tier_reason="脓毒症")],
        {"prescriber": TIERED},
        {},
        "tier-right",
        "refuse",
    ),
    # 皮试
    ("oral penicillin untested", [amox(skin_test="")], {}, {}, "skin-test", "ask"),
    ("skin test pending", [amox(skin_test="pending")], {}, {}, "skin-test", "ask"),
    ("skin test negative", [amox()], {}, {}, "skin-test", None),
    ("continued within 72 h", [amox(skin_test="exempt")], {}, {}, "skin-test", None),
    ("skin test positive", [amox(skin_test="positive")], {}, {}, "skin-test", "refuse"),
    ("positive test of a drug that needs none", [ome(skin_test="positive")], {}, {}, "skin-test", "refuse"),
    # allergy
    ("not asked", [ome()], {}, {"allergy_state": "not_asked"}, "allergy-state", "ask"),
    ("unconfirmed", [ome()], {}, {"allergy_state": "unconfirmed"}, "allergy-state", "ask"),
    ("denied", [ome()], {}, {"allergy_state": "denied"}, "allergy-state", None),
    ("substance by ATC", [amox()], {}, allergic("J01CA04"), "allergy", "refuse"),
    ("substance by name", [amox()], {}, allergic("amoxicillin"), "allergy", "refuse"),
    ("substance by medicine code", [amox()], {}, allergic("M0288"), "allergy", "refuse"),
    ("substance inside a combination", [line("M0292", "375")], {}, allergic("amoxicillin"), "allergy", "refuse"),
    ("class", [amox()], {}, allergic("PENICILLIN"), "allergy", "refuse"),
    ("another of the class", [amox()], {}, allergic("J01CE01"), "allergy", "refuse"),
    ("low cross-reaction", [line(CEFEPIME, "1", "g", "ivgtt")], {}, allergic("PENICILLIN"), "allergy", "tell"),
    (
        "low cross-reaction after a severe one",
        [line(CEFEPIME, "1", "g", "ivgtt")],
        {},
        allergic("PENICILLIN", "severe"),
        "allergy",
        "ask",
    ),
    ("cross-reaction runs both ways", [amox()], {}, allergic("CEPHALOSPORIN"), "allergy", "tell"),
    ("NSAID cross-reaction", [line(IBUPROFEN, "300")], {}, allergic("B01AC06"), "allergy", "ask"),
    (
        "NSAID cross-reaction after a severe one",
        [line(IBUPROFEN, "300")],
        {},
        allergic("B01AC06", "severe"),
        "allergy",
        "refuse",
    ),
    ("unrelated", [ome()], {}, allergic("PENICILLIN"), "allergy", None),
    ("uncoded allergen", [ome()], {}, allergic("花生"), "allergy", "tell"),
    (
        "unconfirmed allergies count too",
        [amox()],
        {},
        {**allergic("PENICILLIN"), "allergy_state": "unconfirmed"},
        "allergy",
        "refuse",
    ),
    # duplicates
    ("same substance twice", [line(IBUPROFEN, "300"), line("M0425", "400", route="ivgtt")], {}, {}, "duplicate", "ask"),
    ("same substance as now", [line(IBUPROFEN, "300")], {}, {"current": (CurrentDrug(IBUPROFEN),)}, "duplicate", "ask"),
    ("two of a class", [line(OMEPRAZOLE, "20"), line("M0003", "15")], {}, {}, "duplicate", "ask"),
    (
        "class against a current drug",
        [line("M0003", "15")],
        {},
        {"current": (CurrentDrug(OMEPRAZOLE),)},
        "duplicate",
        "ask",
    ),
    (
        "current drugs among themselves are silent",
        [line("M0055", "100")],
        {},
        {"current": (CurrentDrug(OMEPRAZOLE), CurrentDrug("M0003"))},
        "duplicate",
        None,
    ),
    (
        "paracetamol inside a combination",
        [line(PARACETAMOL, "500"), line("M0474", "1", "片")],
        {},
        {},
        "duplicate",
        "ask",
    ),
    (
        "fluids are no duplicates",
        [line("M0095", "250", "ml", "ivgtt"), line("M0095", "100", "ml", "ivgtt")],
        {},
        {},
        "duplicate",
        None,
    ),
    # interactions
    ("warfarin and an NSAID", [line("M0102", "3"), line(IBUPROFEN, "300")], {}, {}, "interaction", "ask"),
    (
        "contraindicated by one source",
        [line("M0484", "400", route="ivgtt"), line(MEROPENEM, "1", "g", "ivgtt")],
        {},
        {},
        "interaction",
        "ask",
    ),
    (
        "contraindicated, corroborated",
        [line("M0524", "20")],
        {},
        {"current": (CurrentDrug("M0494"),)},
        "interaction",
        "refuse",
    ),
    # contraindications
    ("quinolone at 17", [line(MOXIFLOXACIN, "400")], {}, {"age_days": 17 * 365}, "contraindication", "refuse"),
    ("quinolone at 18", [line(MOXIFLOXACIN, "400")], {}, {"age_days": int(18 * 365.25) + 1}, "contraindication", None),
    ("metformin at eGFR 29", [line("M0043", "500")], {}, egfr("29"), "contraindication", "ask"),
    ("metformin at eGFR 30", [line("M0043", "500")], {}, egfr("30"), "contraindication", "tell"),
    ("metformin at eGFR 45", [line("M0043", "500")], {}, egfr("45"), "contraindication", None),
    ("NSAID with a gastric ulcer", [line(IBUPROFEN, "300")], {"diagnoses": ("K25.9",)}, {}, "contraindication", "ask"),
    ("NSAID with a cold", [line(IBUPROFEN, "300")], {}, {}, "contraindication", None),
    ("carbamazepine: genotype is not known", [line("M0481", "100")], {}, {}, "contraindication", "tell"),
    # pregnancy
    (
        "contraindicated in pregnancy",
        [line(MOXIFLOXACIN, "400")],
        {},
        {**WOMAN, "pregnant": True},
        "pregnancy",
        "refuse",
    ),
    ("avoid in pregnancy", [line(IBUPROFEN, "300")], {}, {**WOMAN, "pregnant": True}, "pregnancy", "ask"),
    ("caution in pregnancy", [ome()], {}, {**WOMAN, "pregnant": True}, "pregnancy", "tell"),
    (
        "obstetric drug in pregnancy is asked",
        [line("M0015", "0.2")],
        {},
        {**WOMAN, "pregnant": True},
        "pregnancy",
        "ask",
    ),
    ("pregnancy unknown", [line(MOXIFLOXACIN, "400")], {}, WOMAN, "pregnancy", "ask"),
    ("pregnancy unknown, avoid", [line(IBUPROFEN, "300")], {}, WOMAN, "pregnancy", "tell"),
    ("pregnancy unknown at 60", [line(MOXIFLOXACIN, "400")], {}, {**WOMAN, "age_days": 60 * 365}, "pregnancy", None),
    ("pregnancy unknown, sex unknown", [line(MOXIFLOXACIN, "400")], {}, {"sex": "0"}, "pregnancy", "ask"),
    ("not pregnant", [line(MOXIFLOXACIN, "400")], {}, {**WOMAN, "pregnant": False}, "pregnancy", None),
    ("lactating", [line(MOXIFLOXACIN, "400")], {}, {**WOMAN, "pregnant": False, "lactating": True}, "lactation", "ask"),
    ("men", [line(MOXIFLOXACIN, "400")], {}, {}, "pregnancy", None),
    # kidney
    ("eGFR unknown", [line("M0105", "40", route="sc")], {}, {}, "renal", "tell"),
    ("reduce below 50", [line("M0106", "4100", "IU", route="sc")], {}, egfr("49"), "renal", "tell"),
    ("no word at 50", [line("M0106", "4100", "IU", route="sc")], {}, egfr("50"), "renal", None),
    ("a number for this eGFR stands in for the word", [line("M0105", "40", route="sc")], {}, egfr("29"), "renal", None),
    ("avoid below 30", [line("M0427", "50")], {}, egfr("31"), "renal", None),
    ("a drug without renal caution", [ome()], {}, {}, "renal", None),
    (
        "eGFR 90 days old",
        [line("M0105", "40", route="sc")],
        {},
        egfr("80", ON - timedelta(days=90)),
        "renal-stale",
        None,
    ),
    (
        "eGFR 91 days old",
        [line("M0105", "40", route="sc")],
        {},
        egfr("80", ON - timedelta(days=91)),
        "renal-stale",
        "tell",
    ),
    # age and weight
    ("age unknown", [ome()], {}, {"age_days": None}, "age-unknown", "ask"),
    ("child without weight", [ome()], {}, {"age_days": 5 * 365, "weight_kg": None}, "weight", "ask"),
    ("child with weight", [ome()], {}, {"age_days": 5 * 365}, "weight", None),
    ("adult without weight", [ome()], {}, {"weight_kg": None}, "weight", None),
    (
        "dosed by weight, weight unknown",
        [line("M0328", "800", route="ivgtt")],
        {},
        {"weight_kg": None},
        "weight",
        "tell",
    ),
    # dose
    ("usual dose", [line(OMEPRAZOLE, "40")], {}, {}, "dose-single", None),
    ("same dose in grams", [line(OMEPRAZOLE, "0.04", "g")], {}, {}, "dose-single", None),
    ("same dose in capsules", [line(OMEPRAZOLE, "2", "粒")], {}, {}, "dose-single", None),
    ("above the usual", [line(OMEPRAZOLE, "60")], {}, {}, "dose-single", "ask"),
    ("just under ten times", [line(OMEPRAZOLE, "399")], {}, {}, "dose-single", "ask"),
    ("ten times", [line(OMEPRAZOLE, "400")], {}, {}, "dose-single", "refuse"),
    ("milligrams written as grams", [line(OMEPRAZOLE, "20", "g")], {}, {}, "dose-single", "refuse"),
    ("below the usual", [line(OMEPRAZOLE, "10")], {}, {}, "dose-single", "tell"),
    ("a tenth of the usual", [line(OMEPRAZOLE, "2")], {}, {}, "dose-single", "ask"),
    ("a child may take less", [line(OMEPRAZOLE, "5")], {}, {"age_days": 5 * 365}, "dose-single", None),
    ("no range on file", [line(MORPHINE_SR, "30")], {"kind": "narcotic"}, {}, "dose-single", "tell"),
    ("daily maximum", [line(AMOXICILLIN, "1000", frequency="qid")], {}, {}, "dose-daily", None),
    ("above the daily maximum", [line(AMOXICILLIN, "1000", frequency="q4h")], {}, {}, "dose-daily", "ask"),
    ("ten times the daily maximum", [line(AMOXICILLIN, "10", "g", frequency="qid")], {}, {}, "dose-daily", "refuse"),
    (
        "as needed: daily maximum unchecked",
        [line(PARACETAMOL, "500", frequency="prn", prn=True)],
        {},
        {},
        "dose-daily",
        "tell",
    ),
    (
        "one dose above the daily maximum",
        [line(PARACETAMOL, "5000", frequency="prn", prn=True)],
        {},
        {},
        "dose-daily",
        "ask",
    ),
    ("no dose", [line(OMEPRAZOLE)], {}, {}, "dose-stated", "refuse"),
    ("dose zero", [line(OMEPRAZOLE, "0")], {}, {}, "dose-stated", "refuse"),
    ("negative dose", [line(OMEPRAZOLE, "-20")], {}, {}, "dose-stated", "refuse"),
    ("impossible unit", [line(OMEPRAZOLE, "20", "滴")], {}, {}, "dose-stated", "refuse"),
    ("no frequency", [line(OMEPRAZOLE, "20", frequency="")], {}, {}, "dose-stated", "refuse"),
    ("no route", [line(OMEPRAZOLE, "20", route="")], {}, {}, "dose-stated", "refuse"),
    ("ointment without dose", [line("M0226", "", "", "top", "bid")], {}, {}, "dose-stated", None),
    # frequency and route
    ("weekly methotrexate daily", [line(METHOTREXATE, "10", frequency="qd")], {}, {}, "interval", "refuse"),
    ("weekly methotrexate weekly", [line(METHOTREXATE, "10", frequency="qw")], {}, {}, "interval", None),
    (
        "methotrexate for a tumour",
        [line(METHOTREXATE, "10", frequency="qd")],
        {"diagnoses": ("C91.0",)},
        {},
        "interval",
        "ask",
    ),
    ("weekly semaglutide daily", [line("M0064", "0.5", route="sc", frequency="qd")], {}, {}, "interval", "ask"),
    ("unknown frequency", [line(OMEPRAZOLE, "20", frequency="q5h")], {}, {}, "frequency", "ask"),
    ("q8h is not twice", [line(OMEPRAZOLE, "20", frequency="q8h", per_day="2")], {}, {}, "frequency", "ask"),
    ("q8h is three times", [line(OMEPRAZOLE, "20", frequency="q8h", per_day="3")], {}, {}, "frequency", None),
    ("a tablet into a vein", [line(OMEPRAZOLE, "20", route="iv")], {}, {}, "route", "refuse"),
    ("an injection by mouth", [line("M0002", "40", route="po")], {}, {}, "route", "refuse"),
    ("a tablet under the tongue", [line("M0472", "500", route="sl")], {}, {}, "route", None),
    ("an ointment by mouth", [line("M0226", "", "", "po")], {}, {}, "route", "ask"),
    ("unknown route", [line(OMEPRAZOLE, "20", route="xx")], {}, {}, "route", "ask"),
    ("concentrated potassium pushed", [line(KCL_INJ, "1", "g", "iv")], {}, {}, "route", "refuse"),
    ("potassium as a drip", [line(KCL_INJ, "1", "g", "ivgtt")], {}, {}, "route", None),
    ("quantity zero", [ome(quantity="0")], {}, {}, "quantity", "refuse"),
    ("quantity too short for its days", [ome(quantity="4")], {}, {}, "quantity", "tell"),
    ("quantity and days agree", [ome()], {}, {}, "quantity", None),
    ("in the formulary", [ome()], {}, {}, "formulary", None),
    ("age known", [ome()], {}, {}, "age-unknown", None),
    ("moderate pairs are silent by policy", [line("M0524", "20")], {}, {}, "interaction", None),
    ("high alert", [line(KCL_INJ, "1", "g", "ivgtt")], {}, {}, "high-alert", "tell"),
    ("ordinary drug", [ome()], {}, {}, "high-alert", None),
    ("not in the formulary", [line("M9999", "1")], {}, {}, "formulary", "refuse"),
]


def worst(found, rule):
    grades = [f.grade for f in found if f.rule == rule]
    return min(grades, key=lambda g: g.rank).value if grades else None


@pytest.mark.parametrize(
    ("lines", "wished", "patient", "rule", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_rule(rules, lines, wished, patient, rule, expected):
    found = check(wish(*lines, **wished), ADULT._replace(**patient), rules)
    assert worst(found, rule) == expected, [(f.rule, f.grade.value, f.why) for f in found]


def test_every_grade_of_these_cases_is_one_of_the_set(rules):
    codes = {rule.code for group in rules.rules.values() for rule in group}
    assert {c[4] for c in CASES} <= codes


def herbs(rules, *names):
    """The rule set with herbal pieces in its formulary, which the shipped one does not hold."""
    plain = rules.drugs[OMEPRAZOLE]
    pieces = {f"H{n}": plain._replace(code=f"H{n}", name=name, herbal="pieces") for n, name in enumerate(names)}
    return rules._replace(drugs={**rules.drugs, **pieces}), wish(*(line(code, "10", "g") for code in pieces))


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("制川乌", "法半夏"), "十八反"), (("附子", "川贝母"), "十八反"), (("炙甘草", "甘遂"), "十八反"),
        (("藜芦", "白芍"), "十八反"), (("丁香", "郁金"), "十九畏"), (("人参", "五灵脂"), "十九畏"),
        (("肉桂", "赤石脂"), "十九畏"), (("甘草", "白芍"), ""), (("法半夏", "陈皮"), ""), (("人参", "白术"), ""),
    ],
)  # fmt: skip
def test_herbs_that_must_not_meet_are_asked_about(rules, names, kind):
    held, asked = herbs(rules, *names)
    found = [f for f in check(asked, ADULT, held) if f.rule == "herbal-pair"]
    assert [f.grade.value for f in found] == (["ask"] if kind else [])
    assert all(f.why.endswith(kind) for f in found)


def test_herbal_pieces_stand_alone_on_their_prescription(rules):
    held, asked = herbs(rules, "陈皮", "白术")
    assert worst(check(asked, ADULT, held), "separate-herbal") is None
    mixed = asked._replace(lines=(*asked.lines, ome()))
    assert worst(check(mixed, ADULT, held), "separate-herbal") == "refuse"


def test_dihydroetorphine_is_one_dose_even_with_a_pain_dossier(rules):
    drug = rules.drugs[MORPHINE_INJ]._replace(code="X1", substances=("dihydroetorphine",), form_class="other")
    held = rules._replace(drugs={"X1": drug})
    asked = wish(
        line("X1", "10", route="sc", frequency="bid", quantity="2"),
        kind="narcotic",
        pain_dossier=True,
        visit_class="inpatient",
    )
    assert worst(check(asked, ADULT, held), "controlled-etorphine") == "refuse"
    assert worst(check(asked, ADULT, held), "controlled-inside-always") == "tell"
    assert worst(check(asked, ADULT, held), "controlled-pain") is None


def test_every_finding_names_its_authority_and_says_itself_in_two_languages(rules):
    for _name, lines, wished, patient, _rule, _grade in CASES:
        for finding in check(wish(*lines, **wished), ADULT._replace(**patient), rules):
            assert finding.source, finding
            assert finding.why, finding
            assert finding.why_en, finding
            assert bool(finding.instead) == bool(finding.instead_en), finding
            assert finding.key.isascii(), finding


def test_dates_are_read_from_the_wish_alone(rules):
    late = wish(ome(), on=date(2031, 1, 1), lapses=date(2031, 1, 3))
    assert worst(check(late, ADULT, rules), "validity") is None
