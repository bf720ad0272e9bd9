"""A furnished ward on a Monday morning."""

from collections.abc import Iterator

import pytest

from luodi.trust import clock
from tests.pharmacy.store import MONDAY
from tests.ward.scene import Scene, opened


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    with clock.at(MONDAY):
        yield opened()


@pytest.fixture
def open_scene(transactional_db: None) -> Iterator[Scene]:
    """Committed, for threads with connections of their own."""
    with clock.at(MONDAY):
        yield opened()
