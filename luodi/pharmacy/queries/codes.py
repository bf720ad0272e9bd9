"""药品追溯码: those on the packages of a prescription, and those of a day."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from luodi.orders import queries as prescriptions
from luodi.pharmacy import coding
from luodi.pharmacy.models import HandOver, Package, TraceAbsence, TraceCode
from luodi.trust import people
from luodi.trust.clock import HOSPITAL_ZONE


class Coded(NamedTuple):
    """A package with its codes (key, code); `absence` says in words why it has none."""

    package: int
    codes: tuple[tuple[int, str], ...]
    absence: Any

    @property
    def done(self) -> bool:
        return bool(self.codes or self.absence)


class DayCode(NamedTuple):
    """A code of a day. `back`: it was freed again after the hand-over."""

    at: datetime
    number: str
    medicine: str
    lots: str
    code: str
    by: str
    back: bool


class Day(NamedTuple):
    """Codes of packages handed over on a day, and how many of that day's packages have one."""

    rows: list[DayCode]
    packages: int
    coded: int


def of_packages(packages: list[int]) -> dict[int, Coded]:
    """Package → its codes that are out, and why it has none."""
    held: dict[int, list[tuple[int, str]]] = {pk: [] for pk in packages}
    for pk, package, code in (
        TraceCode.objects.filter(package__in=packages, out=True).order_by("pk").values_list("pk", "package", "code")
    ):
        held[package].append((pk, code))
    absent = dict(TraceAbsence.objects.filter(package__in=packages).values_list("package", "reason"))
    return {pk: Coded(pk, tuple(codes), coding.ABSENT.get(absent.get(pk, ""), "")) for pk, codes in held.items()}


def of_day(unit: int, day: date) -> Day:
    """What `unit` handed over on a local day."""
    begins = datetime.combine(day, time(), HOSPITAL_ZONE)
    span = {"at__gte": begins, "at__lt": begins + timedelta(days=1)}
    handed = HandOver.objects.filter(dispense__unit=unit, **span).values_list("dispense", flat=True)
    packages = list(Package.objects.filter(dispense__in=list(handed)).values_list("pk", flat=True))
    rows = (
        TraceCode.objects.filter(package__in=packages)
        .exclude(end__why="mistake")
        .select_related("package__dispense")
        .prefetch_related("package__picked__lot")
        .order_by("at", "pk")
    )
    sheets = prescriptions.headers({row.package.dispense.prescription_id for row in rows})
    names = people.names({row.staff_id for row in rows})
    found = [
        DayCode(
            row.at, sheets[row.package.dispense.prescription_id].number, row.package.medicine,
            "、".join(sorted({each.lot.lot_no for each in row.package.picked.all()})), row.code,
            names.get(row.staff_id, ""), not row.out,
        )
        for row in rows
    ]  # fmt: skip
    return Day(found, len(packages), len({row.package_id for row in rows}))
