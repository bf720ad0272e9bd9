"""A furnished hospital whose store is open."""

from collections.abc import Iterator

import pytest

from luodi.trust import clock
from tests.pharmacy.store import MONDAY, Store, furnished


@pytest.fixture
def store(db: None) -> Iterator[Store]:
    with clock.at(MONDAY):
        yield furnished()


@pytest.fixture
def open_store(transactional_db: None) -> Store:
    """For threads with connections of their own: committed rows, the real clock."""
    return furnished()
