"""Triggers that make the ledger append-only in the database itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_FROZEN = ("trust_entry", "trust_seat", "trust_block")
_MESSAGE = "the ledger is append-only"


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
            for table in _FROZEN
            for verb in ("UPDATE", "DELETE")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION trust_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
    )
    return [function] + [
        f"CREATE OR REPLACE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION trust_frozen()"
        for table in _FROZEN
    ]


def _removals(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table in _FROZEN for verb in ("update", "delete")]
    return [f"DROP TRIGGER IF EXISTS {table}_frozen ON {table}" for table in _FROZEN]


def _run(on: Any, statements: list[str]) -> None:
    with on.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def install(on: Any = connection) -> None:
    """Put the triggers in place; harmless where they already are."""
    _run(on, _statements(on.vendor))


@contextmanager
def lifted(on: Any = connection) -> Iterator[None]:
    """Without the triggers inside the block: for the tests that tamper, and for emptying a test database."""
    _run(on, _removals(on.vendor))
    try:
        yield
    finally:
        install(on)
