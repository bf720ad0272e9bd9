"""What a person was really given: doses at the bedside and packages handed over, with their lots."""

from datetime import timedelta

from luodi.patients import queries as patients
from luodi.pharmacy import queries as pharmacy
from luodi.trust.clock import now
from luodi.vigilance.types import Exposure
from luodi.ward import queries as wards

BACK = timedelta(days=90)


def exposures(patient: int) -> list[Exposure]:
    """Of the whole person, the last 90 days, newest first. A package in the ward that was not given is none."""
    handed = pharmacy.handed(patients.person(patient), now() - BACK)
    given = wards.doses_of_packages([each.package.pk for each in handed])
    found = []
    for each in handed:
        dose = given.get(each.package.pk)
        if dose is not None:
            found.append(Exposure(each.package, dose.at, dose.administration))
        elif not each.to_ward:
            found.append(Exposure(each.package, each.at, None))
    return sorted(found, key=lambda one: one.at, reverse=True)
