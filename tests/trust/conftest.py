"""A small hospital of people for the trust room's tests."""

from functools import cache
from typing import NamedTuple

import pytest
from django.contrib.auth.hashers import make_password

from luodi.trust import founding, sessions, vault
from luodi.trust.actor import Actor
from luodi.trust.clock import now
from luodi.trust.models import Holding, Post, Staff, Unit

PASSWORD = "Ward-7-lamp!"


@cache
def hashed() -> str:
    """The password's hash, made once: Argon2 is slow by design."""
    return make_password(PASSWORD)


class People(NamedTuple):
    unit: int
    system: Actor
    security: Actor
    audit: Actor
    doctor: Actor
    nurse: Actor


def hired(login: str, post: str, unit: Unit, admin_kind: str = "") -> Actor:
    """A person with an account, a post and an open session."""
    staff = Staff.objects.create(
        login=login,
        name_zh=login,
        admin_kind=admin_kind,
        password=hashed(),
        password_at=now(),
        must_change=False,
    )
    row = Post.objects.get(code=post)
    Holding.objects.create(staff=staff, post=row, unit=unit, admin_kind=admin_kind, since=now())
    _token, session = sessions.begin(staff.pk, "test")
    return sessions.actor_of(session)


def make_people() -> People:
    vault.keys.forget()
    founding.found()
    unit = Unit.objects.create(code="GIM", name_zh="普通内科门诊", name_en="General medicine", kind="clinic")
    return People(
        unit.pk,
        hired("system", "system_admin", unit, "system"),
        hired("security", "security_admin", unit, "security"),
        hired("audit", "audit_admin", unit, "audit"),
        hired("doctor", "doctor", unit),
        hired("nurse", "ward_nurse", unit),
    )


@pytest.fixture
def people(db: None) -> People:
    return make_people()


@pytest.fixture
def lasting_people(transactional_db: None) -> People:
    """The same, committed, for tests with threads and processes of their own."""
    return make_people()
