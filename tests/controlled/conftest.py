"""A pharmacy that keeps controlled drugs, on a Monday morning."""

from collections.abc import Iterator

import pytest

from luodi.trust import clock
from tests.controlled.vault import Vault, opened
from tests.pharmacy.store import MONDAY


@pytest.fixture
def vault(db: None) -> Iterator[Vault]:
    with clock.at(MONDAY):
        yield opened()


@pytest.fixture
def open_vault(transactional_db: None) -> Vault:
    """For threads with connections of their own: committed rows, the real clock."""
    return opened()
