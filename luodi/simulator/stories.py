"""The stories of the last hour: what happens to one patient until the step at which the end finds them."""

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from luodi.chart import actions as chart
from luodi.chart.types import AllergyItem, Obs
from luodi.orders import actions as orders
from luodi.orders.cards import LineWish
from luodi.patients import actions as patients
from luodi.pharmacy import actions as pharmacy
from luodi.reception import actions as reception
from luodi.reception import queries as desks
from luodi.simulator import bedside, desk, dispensary, people
from luodi.simulator.crew import Crew, minutes
from luodi.simulator.place import Hospital, Script
from luodi.simulator.tables import Case, cases
from luodi.simulator.visits import VITALS
from luodi.trust import actions as trust
from luodi.trust.clock import HOSPITAL_ZONE, today
from luodi.ward import actions as ward

LEAD = minutes(90)
ANAPHYLAXIS = AllergyItem("PENICILLIN", "青霉素类", "severe", "2019年静滴后过敏性休克")
RESCUE = LineWish(
    "M0315", Decimal(1), "g", "ivgtt", "q8h", Decimal(1), over_tier_reason="脓毒性休克，抢救用药",
    solvent="M0620", solvent_ml=Decimal(100), rate=Decimal(60), rate_unit="gtt/min",
)  # fmt: skip
# Vital signs that call for help at once (NEWS2 above 7).
FAILING = [
    Obs("BT", Decimal("38.9"), "Cel"),
    Obs("HR", Decimal(124), "/min"),
    Obs("RR", Decimal(27), "/min"),
    Obs("SBP", Decimal(92), "mm[Hg]"),
    Obs("DBP", Decimal(54), "mm[Hg]"),
    Obs("SPO2", Decimal(90), "%"),
    Obs("AVPU", coded="A"),
    Obs("O2", coded="oxygen"),
]


class Scene:
    """The hospital in its last hour, and its moments counted back from the end."""

    def __init__(self, seed: int, end: datetime) -> None:
        self.hospital = Hospital(Random(f"{seed} closing"), Crew(), end)  # noqa: S311 - repeatable on purpose
        self.crew, self.end = self.hospital.crew, end
        local = end.astimezone(HOSPITAL_ZONE)
        self.pace = min(1.0, (local - local.replace(hour=0, minute=0, second=0, microsecond=0)) / LEAD)
        self.scripts: list[tuple[datetime, Script]] = []
        self.patients = 0

    def ago(self, count: float) -> datetime:
        """So many minutes before the end."""
        return self.end - minutes(count)

    def today(self, count: float) -> datetime:
        """So many minutes before the end, and on the same day."""
        return self.end - minutes(count) * self.pace

    def begin(self, at: datetime, script: Script) -> None:
        """A story, and when it begins."""
        self.scripts.append((at, script))

    def person(self, *, child: bool = False) -> Any:
        """Somebody who was never here."""
        self.patients += 1
        return people.patient(self.hospital.rng, self.hospital.serial + self.patients, today(), child=child)

    def newcomer(self, *, child: bool = False, **where: Any) -> Any:
        """Somebody who was never here, registered now."""
        person = self.person(child=child)
        return reception.register_new(self.crew(f"clerk{self.patients % 2 + 1}"), person, **where)

    def case(self, kind: str) -> Case:
        """A case whose drugs the shelves hold."""
        table, shares = cases(kind)
        return self.hospital.rng.choices(table, shares)[0]


def booked(scene: Scene, doctor: str, ahead: int) -> Script:
    """Booked for a coming day with a doctor."""
    yield from ()
    by, day = scene.crew("clerk1"), today() + timedelta(days=ahead)
    session = next(card for card in desks.sessions(day) if card.doctor == scene.crew.staff(doctor))
    reception.book(by, patients.register(by, scene.person(child=doctor == "kids1")), session.pk)


def queued(scene: Scene, doctor: str) -> Script:
    """Registered, and waiting to be called."""
    yield from ()
    scene.newcomer(child=doctor == "kids1", session=scene.hospital.session(doctor))


def allergic(scene: Scene, doctor: str) -> Script:
    """With the doctor, who has just been told of a dangerous allergy."""
    made = scene.newcomer(session=scene.hospital.session(doctor))
    yield scene.today(9)
    by, case = scene.crew(doctor), scene.case("outpatient")
    reception.call(by, made.ticket)
    reception.start(by, made.ticket)
    chart.state_allergies(by, made.patient, "listed", [ANAPHYLAXIS])
    yield scene.today(5)
    chart.write_up(by, made.encounter, {"complaint": case.complaint, "exam": case.exam})


def glass_broken(scene: Scene, doctor: str, other: str) -> Script:
    """Somebody faints before the clinic's door; the emergency doctor, who has no relation to them, looks them up."""
    made = scene.newcomer(session=scene.hospital.session(doctor))
    yield scene.today(21)
    by = scene.crew(other)
    trust.break_glass(by, made.patient, "候诊时晕厥，急诊到场处置，需查看病史与过敏情况")
    yield scene.today(19)
    signs = [Obs("HR", Decimal(46), "/min"), Obs("SBP", Decimal(84), "mm[Hg]"), Obs("SPO2", Decimal(95), "%")]
    chart.observe(by, made.patient, made.encounter, signs)


def arrived(scene: Scene) -> Script:
    """At the emergency desk, not triaged yet."""
    yield from ()
    scene.newcomer(unit=scene.crew.unit("ED"))


def triaged(scene: Scene, level: int, pace: float = 1.0) -> Generator[Any, None, Any]:
    """Triaged, and waiting for the doctor. Returns the registration."""
    made = scene.newcomer(unit=scene.crew.unit("ED"))
    yield minutes(2) * pace
    case = scene.case("emergency")
    reception.triage(scene.crew("triage1"), made.encounter, level, VITALS[level], case.complaint, "护士评估")
    return made


def _examined(scene: Scene, doctor: str, case: Case, made: Any) -> None:
    by = scene.crew(doctor)
    reception.call(by, made.ticket)
    reception.start(by, made.ticket)
    desk.examine(scene.hospital, doctor, made.patient, made.encounter, case, False)


def filled(scene: Scene, doctor: str, kind: str, signed: float, step: str) -> Script:
    """A walk-in's prescription, signed so many minutes before the end, that got as far as `step`."""
    if doctor.startswith("e"):
        case = scene.case(kind or "emergency")
        made = yield from triaged(scene, 4, scene.pace)
    else:
        case = scene.case(kind or "outpatient")
        made = scene.newcomer(child=doctor == "kids1", session=scene.hospital.session(doctor))
    yield scene.today(signed + 8)
    _examined(scene, doctor, case, made)
    yield scene.today(signed)
    rx = desk.prescribe(scene.hospital, doctor, made.encounter, case, False)
    desk.sign(scene.hospital, doctor, rx)
    reception.finish(scene.crew(doctor), made.ticket)
    for name in _way(step, ("reviewed", "prepared", "checked")):
        yield scene.today(signed - _AFTER[name])
        _STEPS[name](scene, doctor, rx, "")


def owed(scene: Scene, doctor: str, kind: str, signed: float, *, came: bool = False) -> Script:
    """A walk-in who was given what the shelf had; came: what is owed has been delivered since."""
    case = scene.case(kind)
    made = scene.newcomer(session=scene.hospital.session(doctor))
    yield scene.today(signed + 8)
    _examined(scene, doctor, case, made)
    yield scene.today(signed)
    rx = desk.prescribe(scene.hospital, doctor, made.encounter, case, False)
    desk.sign(scene.hospital, doctor, rx)
    reception.finish(scene.crew(doctor), made.ticket)
    yield scene.today(signed - _AFTER["reviewed"])
    _STEPS["reviewed"](scene, doctor, rx, "")
    yield scene.today(signed - _AFTER["prepared"])
    dispensary.parted(scene.crew("dispense1"), rx)
    yield scene.today(signed - _AFTER["checked"])
    _STEPS["checked"](scene, doctor, rx, "")
    yield scene.today(signed - _AFTER["handed"])
    dispensary.coded(scene.crew("check1"), rx)
    pharmacy.hand_over(scene.crew("check1"), rx, rev=desk.rev(rx), asked=("name", "birth_date"))
    if came:
        yield scene.today(10)
        dispensary.delivered(scene.hospital, case.lines[0][0])


def rescued(scene: Scene, doctor: str, signed: float) -> Script:
    """Septic shock at night: an antibacterial above the doctor's tier, whose papers are still owed."""
    made = yield from triaged(scene, 2, scene.pace)
    yield scene.today(signed + 6)
    _examined(scene, doctor, scene.case("rescue"), made)
    yield scene.today(signed)
    by = scene.crew(doctor)
    rx = int(orders.draft(by, made.encounter))
    orders.put_line(by, rx, RESCUE)
    desk.sign(scene.hospital, doctor, rx)


def bedded(scene: Scene, unit: str, kind: str, signed: float, step: str, *, failing: bool = False) -> Script:
    """A patient put on a bed, and a prescription that got as far as `step`; never past the end of its second day."""
    case, doctor = scene.case(kind), "edoctor1"
    made = yield from triaged(scene, 3)
    yield scene.ago(signed + 5)
    _examined(scene, doctor, case, made)
    bedside.bed_freed(scene.hospital, unit)
    bedside.placed(scene.hospital, doctor, made.encounter, unit)
    reception.finish(scene.crew(doctor), made.ticket)
    prescriber = bedside.DOCTORS[unit]
    yield scene.ago(signed)
    rx = desk.prescribe(scene.hospital, prescriber, made.encounter, case, False)
    desk.sign(scene.hospital, prescriber, rx)
    for name in _way(step, ("reviewed", "verified", "prepared", "checked", "handed", "received")):
        yield scene.ago(signed - _AFTER[name])
        _STEPS[name](scene, prescriber, rx, bedside.NURSES[unit][0])
    if failing:
        yield scene.ago(2)
        chart.observe(scene.crew(bedside.NURSES[unit][1]), made.patient, made.encounter, FAILING)


def _way(step: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return ("returned",) if step == "returned" else names[: names.index(step) + 1] if step else ()


# Minutes from the signature to each step, and who takes it.
_AFTER = {
    "reviewed": 2.0,
    "returned": 4.0,
    "verified": 3.5,
    "prepared": 5.0,
    "checked": 7.0,
    "handed": 8.5,
    "received": 10.0,
}
_STEPS: dict[str, Callable[[Scene, str, int, str], object]] = {
    "reviewed": lambda scene, _doctor, rx, _nurse: pharmacy.review(scene.crew("review1"), rx, "pass", rev=desk.rev(rx)),
    "returned": lambda scene, _doctor, rx, _nurse: pharmacy.review(
        scene.crew("review1"), rx, "return", ["2-5"], "请核对疗程：与本次诊断不符。", rev=desk.rev(rx)
    ),
    "verified": lambda scene, _doctor, rx, nurse: ward.verify(scene.crew(nurse), rx, rev=desk.rev(rx)),
    "prepared": lambda scene, doctor, rx, _nurse: dispensary.prepared(
        scene.hospital, scene.crew("dispense1"), doctor, rx
    ),
    "checked": lambda scene, _doctor, rx, _nurse: pharmacy.check(
        scene.crew("check1"), rx, dispensary.codes(rx), rev=desk.rev(rx)
    ),
    "handed": lambda scene, _doctor, rx, _nurse: pharmacy.hand_over(scene.crew("check1"), rx, rev=desk.rev(rx)),
    "received": lambda scene, _doctor, rx, nurse: ward.receive(
        scene.crew(nurse), rx, dispensary.codes(rx), rev=desk.rev(rx)
    ),
}
