from datetime import UTC, datetime

import pytest

from luodi.terms import actions
from luodi.trust import clock
from luodi.trust.actor import Actor
from luodi.trust.founding import found
from luodi.trust.models import Holding, Post, Staff, Unit

BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture
def informant(db) -> Actor:
    """Somebody at work in the information department, who may load terms."""
    found()
    unit = Unit.objects.create(code="T-IT", name_zh="信息科", name_en="IT", kind="office")
    staff = Staff.objects.create(login="t-it", name_zh="测试", password="!", password_at=BEGAN)
    post = Post.objects.get(code="information")
    Holding.objects.create(staff=staff, post=post, unit=unit, since=BEGAN)
    return Actor(staff.pk, "information", unit.pk, "test")


@pytest.fixture
def loaded(informant):
    with clock.at(datetime(2026, 11, 23, 8, tzinfo=UTC)):
        actions.load(informant)
        yield informant
