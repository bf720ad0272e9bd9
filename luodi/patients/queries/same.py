"""The whole person: every record that was merged with one, as they stand now."""

from collections.abc import Iterable

from luodi.trust import access
from luodi.trust.access import Person


def person(patient: int) -> tuple[int, ...]:
    """The records of the person whom this record is of, the one that stands for them first; (patient,) for most."""
    return access.person(patient).records


def whole(patient: int) -> Person:
    """The same, with the moment since which they are read together."""
    return access.person(patient)


def persons(patients: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The same as `person` for many, by record; with itself alone for a record that stands alone."""
    asked = set(patients)
    several = access.persons(asked)
    return {patient: several[patient].records if patient in several else (patient,) for patient in asked}


def survivor(patient: int) -> int:
    """The record to which new work of this person goes."""
    return access.person(patient).head


def survivors(patients: Iterable[int]) -> dict[int, int]:
    """The same for many, by record; with itself for a record that stands alone."""
    return {patient: records[0] for patient, records in persons(patients).items()}
