"""One short function per kind of rule. The numbers, the grade and the authority come with the Rule, from data."""

from collections.abc import Callable, Iterator

from luodi.advice.case import Case
from luodi.advice.rules import (
    allergy,
    antibiotic,
    controlled,
    dose,
    herbal,
    infusion,
    limits,
    nursing,
    patient,
    prescription,
    quantity,
    skin,
    together,
    twice,
)
from luodi.advice.types import Finding
from luodi.terms.rulebook import Rule

Judge = Callable[[Case, Rule], Iterator[Finding]]

TABLE: dict[str, Judge] = {
    "formulary": prescription.formulary,
    "diagnosis": prescription.diagnosis,
    "kinds": prescription.kinds,
    "usage": prescription.usage,
    "validity": prescription.validity,
    "separate": prescription.separate,
    "separate_herbal": prescription.separate_herbal,
    "countersign": prescription.countersign,
    "allergy_state": allergy.state,
    "allergy": allergy.allergy,
    "duplicate": twice.duplicate,
    "interaction": together.interaction,
    "contraindication": patient.contraindication,
    "pregnancy": patient.pregnancy,
    "renal": patient.renal,
    "renal_stale": patient.renal_stale,
    "high_alert": patient.high_alert,
    "age": quantity.age,
    "weight": quantity.weight,
    "days": quantity.days,
    "days_cap": quantity.cap,
    "controlled_days": controlled.limits,
    "controlled_place": controlled.place,
    "controlled_right": controlled.right,
    "controlled_self": controlled.oneself,
    "antibiotic_place": antibiotic.place,
    "antibiotic_consult": antibiotic.consult,
    "antibiotic_right": antibiotic.right,
    "skin_test": skin.tested,
    "skin_blunt": skin.blunted,
    "dose_stated": dose.stated,
    "dose": dose.single,
    "daily": dose.daily,
    "interval": dose.interval,
    "frequency": dose.frequency,
    "route": dose.route,
    "quantity": dose.quantity,
    "dose_limit": limits.limit,
    "lactation": nursing.lactation,
    "infusion_solvent": infusion.solvent,
    "infusion_concentration": infusion.concentration,
    "infusion_speed": infusion.speed,
    "bag_pair": infusion.pairs,
    "bag_alone": infusion.alone,
    "bag_whole": infusion.whole,
    "herbal_pair": herbal.incompatible,
}
