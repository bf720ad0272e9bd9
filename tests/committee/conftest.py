import dataclasses

import pytest
from django.conf import settings

from tests.committee.board import Board
from tests.orders.conftest import open_place, place

__all__ = ["board", "open_board", "open_place", "place", "real"]


@pytest.fixture
def board(place, tmp_path) -> Board:
    """The committee of a small hospital on a Monday morning."""
    return Board(place, tmp_path)


@pytest.fixture
def open_board(open_place, tmp_path) -> Board:
    """The same, committed, for threads with connections of their own."""
    return Board(open_place, tmp_path)


@pytest.fixture
def real(monkeypatch) -> None:
    """The settings of a production hospital."""
    monkeypatch.setattr(settings, "LUODI", dataclasses.replace(settings.LUODI, mode="production"))
