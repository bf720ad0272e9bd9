"""Records of one person. The room above that judges who is one person writes it here, inside its acts."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from luodi.trust.models import SamePerson
from luodi.trust.question import NUMBER, NUMBERS, Question

_COLUMNS = ("patient", "person", "since")
_PERSON = Question(
    lambda patient: SamePerson.objects.filter(
        person__in=SamePerson.objects.filter(patient=patient).values("person")
    ).values_list(*_COLUMNS),
    NUMBER,
)  # fmt: skip
_PERSONS = Question(
    lambda patients: SamePerson.objects.filter(
        person__in=SamePerson.objects.filter(patient__in=patients).values("person")
    ).values_list(*_COLUMNS),
    NUMBERS,
)  # fmt: skip


class Person(NamedTuple):
    """The records of one person, the one that stands for all first. since: when the last joined; None for one alone."""

    records: tuple[int, ...]
    since: datetime | None = None

    @property
    def head(self) -> int:
        return self.records[0]


def person(patient: int) -> Person:
    """Everything that is one person with this record, the record itself included; unknown ones stand alone."""
    return _by_record(_PERSON.all(patient)).get(patient) or Person((patient,))


def persons(patients: Iterable[int]) -> dict[int, Person]:
    """Those persons who have several records, by each of their records; a record that stands alone is not in it."""
    return _by_record(_PERSONS.all(list(patients)))


def regroup(groups: Iterable[Person], records: Iterable[int]) -> None:
    """From now on `records` are the persons of `groups`, and those in none of them stand alone."""
    SamePerson.objects.filter(patient__in=list(records)).delete()
    SamePerson.objects.bulk_create(
        SamePerson(patient=record, person=group.head, since=group.since)
        for group in groups
        if group.since is not None
        for record in group.records
    )


def _by_record(rows: list[tuple[int, int, datetime]]) -> dict[int, Person]:
    members: dict[int, list[int]] = {}
    since: dict[int, datetime] = {}
    for record, head, moment in rows:
        members.setdefault(head, []).append(record)
        since[head] = moment
    made = {
        head: Person((head, *sorted(record for record in held if record != head)), since[head])
        for head, held in members.items()
    }
    return {record: made[head] for record, head, _moment in rows}
