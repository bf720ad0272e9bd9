"""A small hospital for the tests of this room: a clinic, an emergency unit, and the people who work there."""

from collections.abc import Callable, Iterator
from datetime import datetime, time
from types import SimpleNamespace
from typing import Any

import pytest

from luodi.patients import actions as patients
from luodi.patients.types import NewPatient
from luodi.reception import actions
from luodi.trust import founding
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, at, now, today
from luodi.trust.models import Holding, Post, Staff, Unit
from luodi.trust.vault import keys

UNITS = {"GIM": ("普通内科门诊", "clinic"), "ED": ("急诊科", "emergency"), "REG": ("挂号处", "registration")}
PEOPLE = {
    "clerk": ("registrar", "REG", "周敏"),
    "kiosk": ("kiosk", "REG", "自助机一号"),
    "doctor": ("doctor", "GIM", "王医生"),
    "second": ("doctor", "GIM", "李医生"),
    "nurse": ("triage_nurse", "GIM", "赵护士"),
    "ed_nurse": ("triage_nurse", "ED", "钱护士"),
    "ed_doctor": ("doctor", "ED", "孙医生"),
    "outsider": ("ward_nurse", "REG", "吴护士"),
}


def build() -> SimpleNamespace:
    """Units by code and actors by name. The rows are made beside the acts of trust, which have tests of their own."""
    founding.found()
    units = {
        code: Unit.objects.create(code=code, name_zh=name, name_en=code, kind=kind).pk
        for code, (name, kind) in UNITS.items()
    }
    made = SimpleNamespace(unit=units)
    for who, (post, unit, name) in PEOPLE.items():
        staff = Staff.objects.create(login=who, name_zh=name, password="!", password_at=now(), must_change=False)
        Holding.objects.create(staff=staff, post=Post.objects.get(code=post), unit_id=units[unit], since=now())
        setattr(made, who, Actor(staff.pk, post, units[unit], "test"))
    made.patient = lambda name="欧阳建国", **more: patients.register(
        made.clerk, NewPatient(name=name, sex="1", id_kind="none", no_id_reason="forgotten", **more)
    )
    made.session = lambda doctor=None, capacity=10, part="am", room="3 诊室", on=None: actions.open_session(
        made.clerk, units["GIM"], (doctor or made.doctor).staff, on or today(), part, capacity, room
    )
    return made


@pytest.fixture
def noon() -> Iterator[None]:
    """For what goes on for an hour: it is the middle of the day, at whatever hour the test runs."""
    with at(datetime.combine(today(), time(12), HOSPITAL_ZONE)):
        yield


@pytest.fixture(autouse=True)
def _no_keys_of_another_test() -> None:
    keys.forget()


@pytest.fixture
def house(db: Any) -> SimpleNamespace:
    return build()


@pytest.fixture
def shared(transactional_db: Any) -> SimpleNamespace:
    """The same hospital, committed: for tests whose threads must see it."""
    return build()


@pytest.fixture
def enrol(house: SimpleNamespace) -> Callable[..., Any]:
    """Register n patients into a session and return what came of it."""

    def make(n: int, session: int, **more: Any) -> list[Any]:
        return [actions.register(house.clerk, house.patient(f"病人{i:02d}"), session, **more) for i in range(n)]

    return make
