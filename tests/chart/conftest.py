from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from luodi.terms import actions as terms
from tests.patients.people import build


@pytest.fixture
def house(db: Any) -> SimpleNamespace:
    return build()


@pytest.fixture
def shared(transactional_db: Any) -> SimpleNamespace:
    """The same hospital, committed: for tests whose threads must see it."""
    return build()


@pytest.fixture
def seen(house: SimpleNamespace) -> SimpleNamespace:
    """A patient whom the doctor has taken on."""
    house.pt = house.patient(birth_date=date(1980, 5, 1))
    house.enc = house.opened(house.pt)
    return house


@pytest.fixture
def coded(seen: SimpleNamespace) -> SimpleNamespace:
    """The same with the shipped diagnoses and rules loaded."""
    terms.load(seen.information)
    return seen
