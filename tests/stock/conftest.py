"""A furnished hospital whose store is open."""

from collections.abc import Iterator

import pytest

from luodi.trust import clock
from tests.pharmacy.store import MONDAY, Store, furnished
from tests.stock.chain import Chain, linked


@pytest.fixture
def store(db: None) -> Iterator[Store]:
    with clock.at(MONDAY):
        yield furnished()


@pytest.fixture
def open_store(transactional_db: None) -> Store:
    """For threads with connections of their own: committed rows, the real clock."""
    return furnished()


@pytest.fixture
def chain(db: None) -> Iterator[Chain]:
    with clock.at(MONDAY):
        yield linked()


@pytest.fixture
def open_chain(transactional_db: None) -> Chain:
    return linked()
