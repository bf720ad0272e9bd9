"""The store's tables left the pharmacy: they are renamed, and the migrations' state knows where they are."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

TABLES = {"lot", "lotchange", "movement", "count", "minimum", "productcode"}


@pytest.mark.law
@pytest.mark.django_db
def test_the_tables_have_their_new_names() -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        points = connection.introspection.get_relations(cursor, "pharmacy_picked")
    assert {f"stock_{name}" for name in TABLES} <= tables
    assert not {f"pharmacy_{name}" for name in TABLES} & tables
    assert points["lot_id"][:2] == ("id", "stock_lot"), "the lots of what was picked followed"


@pytest.mark.django_db
def test_the_state_of_the_migrations_is_that_of_the_models() -> None:
    """A later migration alters what is there, and finds nothing left in the pharmacy."""
    state = MigrationLoader(connection).project_state()
    assert {("stock", name) for name in TABLES} <= state.models.keys()
    assert not {("pharmacy", name) for name in TABLES} & state.models.keys()
