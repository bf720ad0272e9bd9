from types import SimpleNamespace
from typing import Any

import pytest

from tests.patients.people import build
from tests.ward.conftest import open_scene, scene

__all__ = ["open_scene", "scene"]


@pytest.fixture
def house(db: Any) -> SimpleNamespace:
    return build()


@pytest.fixture
def shared(transactional_db: Any) -> SimpleNamespace:
    """The same hospital, committed: for tests whose threads must see it."""
    return build()
