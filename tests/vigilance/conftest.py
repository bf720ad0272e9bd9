"""A hospital on a Monday morning whose officers of drug safety are at work."""

from collections.abc import Iterator

import pytest

from luodi.trust import clock
from tests.pharmacy.store import MONDAY
from tests.vigilance.safe import Safe, opened


@pytest.fixture
def safe(db: None) -> Iterator[Safe]:
    with clock.at(MONDAY):
        yield opened()


@pytest.fixture
def open_safe(transactional_db: None) -> Iterator[Safe]:
    """Committed, for threads with connections of their own."""
    with clock.at(MONDAY):
        yield opened()
