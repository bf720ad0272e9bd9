"""线索: what may be a reaction that nobody reported. They are shown to the officer and never become reports alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from luodi.chart import queries as charts
from luodi.orders import queries as prescriptions
from luodi.patients import queries as patients
from luodi.terms import queries as terms
from luodi.trust.clock import now
from luodi.vigilance import codes
from luodi.vigilance.models import Dismissal, Reaction
from luodi.ward import queries as wards

BACK, BEFORE = timedelta(days=14), timedelta(days=3)


class Candidate(NamedTuple):
    """A hint: trigger (antidote, allergy, skin_test), its source row, the record, the medicine that tells, when."""

    trigger: str
    source: int
    patient: int
    medicine: str
    at: datetime


def candidates() -> list[Candidate]:
    """Of the last 14 days, newest first, without those dismissed and those whose person has a report since."""
    found = [*_antidotes(), *_allergies(), *_skin_tests()]
    gone = set(Dismissal.objects.values_list("trigger", "source"))
    persons = patients.persons({each.patient for each in found})
    reported: dict[int, datetime] = {}
    for patient, at in Reaction.objects.filter(at__gte=now() - BACK).values_list("patient", "at"):
        reported[patient] = max(at, reported.get(patient, at))

    def told(each: Candidate) -> bool:
        return any(record in reported and reported[record] >= each.at for record in persons[each.patient])

    kept = [each for each in found if (each.trigger, each.source) not in gone and not told(each)]
    return sorted(kept, key=lambda each: each.at, reverse=True)


def _antidotes() -> Iterator[Candidate]:
    for dose in wards.doses_since(now() - BACK):
        drug = terms.medicine(dose.medicine)
        if drug is not None and codes.is_antidote(drug):
            yield Candidate("antidote", dose.administration, dose.patient, dose.medicine, dose.at)


def _allergies() -> Iterator[Candidate]:
    stated = charts.allergies_stated_since(now() - BACK)
    if not stated:
        return
    doses = wards.doses_since(now() - BACK - BEFORE)
    persons = patients.persons({patient for _pk, patient, _at in stated})
    for pk, patient, at in stated:
        before = [d for d in doses if d.patient in persons[patient] and at - BEFORE <= d.at <= at]
        if before:
            yield Candidate("allergy", pk, patient, before[-1].medicine, at)


def _skin_tests() -> Iterator[Candidate]:
    for test in prescriptions.positive_skin_tests(now() - BACK):
        yield Candidate("skin_test", test.line, test.patient, test.medicine, test.at)
