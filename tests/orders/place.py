"""A small hospital for the tests of the loop: units, people at work in their posts, patients, opened encounters.

Prescriptions are made by the same acts that the screens call.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from luodi.chart import actions as chart
from luodi.chart.types import Obs
from luodi.orders import actions, queries, seconding
from luodi.orders.cards import LineWish
from luodi.orders.loop import Step
from luodi.patients import actions as patients
from luodi.patients.types import NewPatient
from luodi.terms import actions as terms
from luodi.terms.queries import provenance
from luodi.trust import access, sessions
from luodi.trust.act import about, act
from luodi.trust.actor import Actor
from luodi.trust.founding import found
from luodi.trust.models import Holding, Post, Staff, Unit
from luodi.trust.refusal import Refusal
from luodi.trust.vault.keys import forget
from tests.masterdata import short

PASSWORD = "Signs-twice-7"
BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai

PEOPLE = {
    "information": ("information", "IT"),
    "security": ("security_admin", "SEC"),
    "registrar": ("registrar", "REG"),
    "nurse_triage": ("triage_nurse", "GIM"),
    "doctor": ("doctor", "GIM"),
    "colleague": ("doctor", "GIM"),
    "stranger": ("doctor", "ED"),
    "ward_doctor": ("doctor", "W1"),
    "pharmacist": ("review_pharmacist", "PHA"),
    "dispenser": ("dispenser", "PHA"),
    "checker": ("check_pharmacist", "PHA"),
    "nurse": ("ward_nurse", "W1"),
}
UNITS = {
    "GIM": "clinic",
    "ED": "emergency",
    "W1": "ward",
    "PHA": "pharmacy",
    "REG": "registration",
    "IT": "office",
    "SEC": "office",
}
# What each step of the tests carries; the table says which keys must be there.
PROOF = {
    Step.REVIEWED: {"version": 1},
    Step.RETURNED: {"reasons": ["2-5"]},
    Step.VERIFIED: {"version": 1},
    Step.PREPARED: {"packages": 1},
    Step.UNPREPARED: {"reason": "wrong_lot"},
    Step.CHECKED: {"scanned": 1},
    Step.DISPENSED: {"packages": 1},
    Step.RECEIVED: {"scanned": 1},
    Step.ADMINISTERED: {"outcome": "given", "identity": "scanned"},
    Step.HELD: {"outcome": "held", "reason": "npo"},
    Step.REFUSED: {"outcome": "refused", "reason": "patient"},
    Step.MISSED: {"outcome": "missed", "reason": "absent"},
    Step.PAID: {"receipt": 1},
}
WHO = {
    Step.REVIEWED: "pharmacist",
    Step.RETURNED: "pharmacist",
    Step.VERIFIED: "nurse",
    Step.PREPARED: "dispenser",
    Step.UNPREPARED: "dispenser",
    Step.CHECKED: "checker",
    Step.DISPENSED: "checker",
    Step.RECEIVED: "nurse",
}


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block is refused with this code, in words."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code == code
    assert str(caught.value)


def password_of(by: Actor) -> str:
    """What the person types to sign once more."""
    Staff.objects.filter(pk=by.staff, password="!").update(password=make_password(PASSWORD))
    return PASSWORD


@act("test.relate", may=None)
def relate(by: Actor, patient: int, unit: int) -> None:
    about("patient", patient, patient=patient, care=False)
    access.relate(patient, kind="visit", unit=unit)


@dataclass
class Place:
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def patient(self, birth: date = date(1980, 5, 1), sex: str = "1") -> int:
        new = NewPatient(name="测试患者", sex=sex, birth_date=birth, id_kind="none", no_id_reason="forgotten")
        return patients.register(self.registrar, new)

    def encounter(self, visit_class: str = "outpatient", *, patient: int | None = None, **who: Any) -> int:
        """An opened encounter with allergies denied, a weight and a diagnosis."""
        inside = visit_class in ("inpatient", "observation")
        unit, doctor = (self.units["W1"], self.ward_doctor) if inside else (self.units["GIM"], self.doctor)
        patient = patient or self.patient(**who)
        relate(self.registrar, patient, unit)
        encounter = chart.arrive(self.registrar, patient, visit_class=visit_class, unit=unit)
        chart.open_encounter(doctor, encounter)
        chart.diagnose(doctor, encounter, "J18", True)
        chart.state_allergies(doctor, patient, "denied")
        chart.observe(doctor, patient, encounter, [Obs("WT", Decimal(60), "kg")])
        return encounter

    def doctor_of(self, prescription: int) -> Actor:
        return self.ward_doctor if queries.prescription(prescription).bedside else self.doctor

    def draft(self, visit_class: str = "outpatient", *wishes: LineWish, encounter: int | None = None) -> int:
        encounter = encounter or self.encounter(visit_class)
        by = self.ward_doctor if visit_class in ("inpatient", "observation") else self.doctor
        rx = actions.draft(by, encounter)
        for line in wishes or (AMBROXOL,):
            actions.put_line(by, rx, line)
        return rx

    def sign(self, rx: int, **answers: str) -> str:
        by = self.doctor_of(rx)
        found = queries.findings(rx)
        asked = {f.key: "benefit" for f in found if f.grade == "ask"}
        second = password_of(by) if seconding.needed(found) else ""
        return actions.sign(by, rx, answers=asked | answers, second=second)

    def signed(self, visit_class: str = "outpatient", *wishes: LineWish) -> int:
        rx = self.draft(visit_class, *wishes)
        self.sign(rx)
        return rx

    def take(self, rx: int, step: Step, **more: Any) -> int:
        return actions.advance(self.people[WHO[step]], rx, step, PROOF[step] | more)

    def to(self, rx: int, goal: Step) -> int:
        """Walk the route of a signed prescription up to `goal`."""
        card = queries.prescription(rx)
        for step in card.route[1 : card.route.index(goal) + 1]:
            self.take(rx, step)
        return rx


def build() -> Place:
    """Units, staff and terms. Inside a database transaction or a transactional test."""
    forget()  # keys of an earlier test's rolled-back database
    found()
    place = Place()
    for code, kind in UNITS.items():
        place.units[code] = Unit.objects.get_or_create(
            code=code, defaults={"name_zh": code, "name_en": code, "kind": kind}
        )[0].pk
    for login, (post, unit) in PEOPLE.items():
        place.people[login] = _at_work(login, Post.objects.get(code=post), place.units[unit])
    if not provenance().loaded:
        terms.load(place.information, short())
    for login in ("doctor", "ward_doctor"):
        actions.grant_right(
            place.security, place.people[login].staff, antibiotic_tier=2, narcotic=True,
            trained_on=date(2026, 1, 5), valid_to=date(2030, 1, 5),
        )  # fmt: skip
    return place


def _at_work(login: str, post: Post, unit: int) -> Actor:
    staff = Staff.objects.create(
        login=f"o-{login}",
        name_zh=f"测试{login}",
        password="!",
        password_at=BEGAN,
        must_change=False,
        admin_kind=post.admin_kind,
    )
    holding = Holding.objects.create(staff=staff, post=post, unit_id=unit, since=BEGAN, admin_kind=post.admin_kind)
    _token, row = sessions.begin(staff.pk, "test", second_factor=True, holding=holding.pk)
    return sessions.actor_of(row)


def later(moment: datetime = MONDAY, **delta: float) -> datetime:
    return moment + timedelta(**delta)


def wish(medicine: str, dose: str, unit: str, frequency: str = "tid", days: str = "3", **more: Any) -> LineWish:
    more = {"route": "po"} | more
    return LineWish(medicine, Decimal(dose), unit, frequency=frequency, days=Decimal(days), **more)


AMBROXOL = wish("M0565", "30", "mg")
PARACETAMOL_PRN = wish("M0472", "500", "mg", "prn", quantity=Decimal(4))
IBUPROFEN = wish("M0424", "300", "mg", "bid")
AMOXICILLIN = wish("M0288", "500", "mg")  # asks: no skin test
MORPHINE_SLOW = wish("M0458", "30", "mg", "q12h", "3")
ESTAZOLAM = wish("M0513", "1", "mg", "qn", "3")
