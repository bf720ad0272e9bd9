from types import SimpleNamespace
from typing import Any

import pytest

from tests.patients.people import build


@pytest.fixture
def house(db: Any) -> SimpleNamespace:
    return build()


@pytest.fixture
def shared(transactional_db: Any) -> SimpleNamespace:
    """The same hospital, committed: for tests whose threads must see it."""
    return build()
