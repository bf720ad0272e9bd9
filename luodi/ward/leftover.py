"""未用药: packages in the ward whose doses will not be given, to be sent back to the pharmacy."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from luodi.orders import queries as prescriptions
from luodi.orders.loop import STATE, Step
from luodi.patients import queries as patients
from luodi.pharmacy import queries as pharmacy
from luodi.trust import access, clock
from luodi.trust.actor import Actor

from .models import Administration

BACK = timedelta(days=7)
REASON = {Step.REFUSED: "refused", Step.MISSED: "unused", Step.HELD: "unused"}


@dataclass(frozen=True, slots=True)
class Leftover:
    """A package not given; `stands` says in words why, `reason` is the code that fits it."""

    package: Any
    patient: int
    name: str = field(repr=False)
    bed: str
    planned_at: datetime
    stands: Any
    reason: str


def leftovers(by: Actor, unit: int, beds: dict[int, str]) -> list[Leftover]:
    """Packages of a unit whose dose was refused, held or missed or whose order was stopped, the oldest first.

    beds: patient → bed code.
    """
    doses = {dose.pk: dose for dose in prescriptions.not_given(unit, clock.now() - BACK)}
    packages = [each for each in pharmacy.of_tasks(doses) if not each.returned]
    given = set(
        Administration.objects.filter(package__in=[each.pk for each in packages]).values_list("package", flat=True)
    )
    packages = [each for each in packages if each.pk not in given and _mine(by, unit, each.patient)]
    cards = patients.cards({each.patient for each in packages})
    found = [_leftover(each, doses[each.task], cards[each.patient].name, beds) for each in packages if each.task]
    return sorted(found, key=lambda each: (each.planned_at, each.bed))


def _mine(by: Actor, unit: int, patient: int) -> bool:
    return unit == by.unit or access.cares(by, patient)


def _leftover(package: Any, dose: Any, name: str, beds: dict[int, str]) -> Leftover:
    step = Step(dose.step)
    ended = Step(dose.stands) is Step.STOPPED and step is Step.PLANNED
    return Leftover(
        package, package.patient, name, beds.get(package.patient, ""), dose.planned_at,
        STATE[Step.STOPPED] if ended else STATE[step], "stopped" if ended else REASON[step],
    )  # fmt: skip
