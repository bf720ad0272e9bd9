from collections.abc import Iterator

import pytest

from luodi.trust import clock
from tests.orders.place import MONDAY, Place, build


@pytest.fixture
def place(db) -> Iterator[Place]:
    """A small hospital at nine in the morning of a Monday."""
    with clock.at(MONDAY):
        yield build()


@pytest.fixture
def open_place(transactional_db) -> Iterator[Place]:
    """The same, committed, for threads of their own."""
    with clock.at(MONDAY):
        yield build()
