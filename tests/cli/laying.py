"""`python -m tests.cli.laying WAY`: lay the tables of an empty hospital that way, then print all there is as JSON.

WAY: `fresh`, as `luodi migrate` does on an empty database, or `history`, one migration after the other.
"""

import json
import sys
from typing import Any

_SQLITE = {
    "indexes": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'",
    "triggers": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "columns": "SELECT m.name, c.name, c.type, c.'notnull', c.dflt_value, c.pk "
    "FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table'",
    "references": "SELECT m.name, f.'table', f.'from', f.'to', f.on_delete "
    "FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
}
_POSTGRESQL = {
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, "
    "is_nullable, column_default, is_identity FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
}


def _lay(way: str) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if way == "fresh":
        call_command("migrate", verbosity=0)
    else:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def _found() -> dict[str, list[Any]]:
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for name, sql in (_SQLITE if connection.vendor == "sqlite" else _POSTGRESQL).items():
            cursor.execute(sql)
            found[name] = sorted([str(word) for word in row] for row in cursor.fetchall())
        if connection.vendor == "sqlite":
            # what a column checks stands nowhere but in the words that made its table, whose order history decides
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            found["clauses"] = sorted([table, clause] for table, sql in cursor.fetchall() for clause in _clauses(sql))
        tables = connection.introspection.table_names(cursor)
        found["rows"] = sorted([table, str(_count(cursor, table))] for table in tables)
        cursor.execute("SELECT app, name FROM django_migrations")
        found["migrations"] = sorted(list(row) for row in cursor.fetchall())
    return found


def _clauses(sql: str) -> list[str]:
    """Columns and constraints of a CREATE TABLE."""
    depth, found = 0, [""]
    for letter in sql[sql.index("(") + 1 : sql.rindex(")")]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [" ".join(clause.split()) for clause in found]


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f'SELECT count(*) FROM "{table}"')
    return int(cursor.fetchone()[0])


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.web.settings")
    django.setup()
    _lay(sys.argv[1])
    sys.stdout.write(json.dumps(_found(), ensure_ascii=False))
