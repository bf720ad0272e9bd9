from collections.abc import Iterator

import pytest

from luodi.trust import clock
from tests.commentary.round import NEXT, Round, opened
from tests.orders.place import MONDAY


@pytest.fixture
def round_(db: None) -> Iterator[Round]:
    """The morning after a Monday on which nothing was signed yet; `prescriptions` signs on that Monday."""
    with clock.at(MONDAY):
        made = opened()
    with clock.at(NEXT):
        yield made
