"""A small hospital for the tests of identity and chart: units, people with open sessions, browsers of theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from luodi.chart import actions as chart
from luodi.patients import actions as patients
from luodi.patients.types import NewPatient
from luodi.trust import access, founding, sessions
from luodi.trust.act import about, act
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import Holding, Post, Staff, Unit
from luodi.trust.refusal import Refusal
from luodi.trust.vault import keys

UNITS = {
    "GIM": ("普通内科门诊", "clinic"),
    "ED": ("急诊科", "emergency"),
    "OBS": ("急诊留观区", "observation"),
    "REG": ("挂号处", "registration"),
    "IT": ("信息科", "office"),
}
PEOPLE = {
    "clerk": ("registrar", "REG"),
    "other_clerk": ("registrar", "REG"),
    "doctor": ("doctor", "GIM"),
    "colleague": ("doctor", "GIM"),
    "ed_doctor": ("doctor", "ED"),
    "nurse": ("triage_nurse", "GIM"),
    "director": ("director", "IT"),
    "system": ("system_admin", "IT"),
    "information": ("information", "IT"),
}
RESIDENT = "11010519491231002X"  # the example of GB 11643


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block is refused with this code, in words, and the words hold no identifier."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code == code
    assert str(caught.value)
    assert RESIDENT not in str(caught.value) + repr(caught.value.facts)


@act("test.visit", may="visit.register")
def _visit(by: Actor, patient: int, unit: int, visit_class: str) -> int:
    """What reception does: the encounter arrives, and its unit gets the care."""
    encounter = chart.arrive(by, patient, visit_class=visit_class, unit=unit)
    access.relate(patient, kind="visit", unit=unit)
    about("encounter", encounter, patient=patient, care=False)
    return encounter


def build() -> SimpleNamespace:
    keys.forget()
    founding.found()
    made = SimpleNamespace(unit={}, browser={})
    for code, (name, kind) in UNITS.items():
        made.unit[code] = Unit.objects.create(code=code, name_zh=name, name_en=code, kind=kind).pk
    for login, (post, unit) in PEOPLE.items():
        setattr(made, login, _hired(made, login, post, unit))
    made.patient = lambda **more: patients.register(made.clerk, newcomer(**more))
    made.visit = lambda patient, visit_class="outpatient", unit="GIM": _visit(
        made.clerk, patient, made.unit[unit], visit_class
    )
    made.opened = lambda patient, **where: _opened(made, patient, **where)
    return made


def newcomer(**more: Any) -> NewPatient:
    """An identity without document, changed by `more`."""
    facts = {"name": "欧阳建国", "sex": "1", "id_kind": "none", "no_id_reason": "forgotten"} | more
    if facts["id_kind"] != "none":
        facts["no_id_reason"] = ""
    return NewPatient(**facts)


def _opened(made: SimpleNamespace, patient: int, **where: Any) -> int:
    encounter = made.visit(patient, **where)
    chart.open_encounter(made.doctor, encounter)
    return encounter


def _hired(made: SimpleNamespace, login: str, post: str, unit: str) -> Actor:
    row = Post.objects.get(code=post)
    staff = Staff.objects.create(
        login=login, name_zh=login, password="!", password_at=now(), must_change=False, admin_kind=row.admin_kind
    )
    Holding.objects.create(staff=staff, post=row, unit_id=made.unit[unit], admin_kind=row.admin_kind, since=now())
    token, session = sessions.begin(staff.pk, "test")
    browser = Client(headers={"accept-language": "zh-hans"})
    browser.cookies[sessions.COOKIE] = token
    made.browser[login] = browser
    return sessions.actor_of(session)
