"""One small simulated stretch of work on a copy of the test's database, under every test of this room."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from django.conf import settings

from luodi.simulator.summary import Summary
from luodi.trust import clock, vault
from tests.rollout.copies import restored

END = datetime(2026, 11, 20, 9, tzinfo=UTC)
VISITS, SEED = 24, 5


class Run(NamedTuple):
    """What a run on a fresh hospital said, and the steps it left behind, by order instead of by key."""

    summary: Summary
    steps: list[tuple[Any, ...]]


def rows_of(found: Run) -> list[tuple[Any, ...]]:
    """Steps without their proof, which holds keys."""
    return [row[:5] for row in found.steps]


def work() -> Run:
    """Seed a hospital and let it work until END."""
    from luodi.orders.models import LoopStep
    from luodi.simulator import seed, simulate

    vault.keys.forget()
    with clock.at(END):
        seed.hospital()
    summary = simulate(visits=VISITS, days=1, seed=SEED, until=END)
    rows = LoopStep.objects.order_by("pk").values_list("prescription", "seq", "step", "visit_class", "at", "proof")
    return Run(summary, list(rows))


@pytest.fixture(scope="package")
def runs(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Run, Run]]:
    """The same run on two fresh hospitals; the second one is there to be asked."""
    held = settings.LUODI_DATA
    with django_db_blocker.unblock():
        settings.LUODI_DATA = tmp_path_factory.mktemp("first")
        try:
            with restored(settings.LUODI_DATA):
                first = work()
            settings.LUODI_DATA = tmp_path_factory.mktemp("second")
            with restored(settings.LUODI_DATA):
                yield first, work()
        finally:
            settings.LUODI_DATA = held
            vault.keys.forget()


@pytest.fixture
def run(runs: tuple[Run, Run]) -> Run:
    return runs[1]
