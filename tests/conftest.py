"""What every test shares: the engine's markers, emptied tables between threads' tests, hypothesis profiles."""

import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import TransactionTestCase

from luodi.trust import guards
from luodi.trust.vault import keys
from tests import masterdata, template

ENGINE = os.environ.get("LUODI_TEST_ENGINE", "sqlite")

hypothesis.settings.register_profile("short", max_examples=25, deadline=None)
hypothesis.settings.register_profile("fast", max_examples=5, deadline=None)
hypothesis.settings.register_profile("deep", max_examples=400, deadline=None)

# a hash of a test's password need not cost what a person's must; the algorithm and its code stay
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="run the long variants too")
    parser.addoption("--fast", action="store_true", help="fewer examples of each property: `luodi test --quick`")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile(
        "deep" if config.getoption("--deep") else "fast" if config.getoption("--fast") else "short"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if {"cli", "simulator"} & set(item.path.parts):
            item.add_marker(pytest.mark.slow)
    if config.getoption("--deep"):
        return
    items[:] = [item for item in items if "deep" not in item.keywords]


_empty = TransactionTestCase._fixture_teardown


def _empty_with_ledger(case: Any) -> None:
    # the ledger refuses deletion even to its own tests, unless the triggers are lifted by name
    with guards.lifted(connection):
        _empty(case)


TransactionTestCase._fixture_teardown = _empty_with_ledger  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """True where the database is there before the set-up: then it needs no migration and no master data."""
    return ENGINE == "sqlite" and template.copied(Path(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_keepdb: bool, django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        if not django_db_keepdb:
            masterdata.lay()
            if ENGINE == "sqlite":
                template.keep(Path(connection.settings_dict["NAME"]))
        keys.found()


@pytest.fixture
def engine() -> str:
    """ "sqlite" or "postgresql"."""
    return ENGINE
