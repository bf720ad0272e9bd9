"""Rows whose INSERT is written once for each table: writing it took longer than the database needs to run it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connections, models
from django.db.models import Field, sql
from django.db.models.expressions import DatabaseDefault


class _Insert(NamedTuple):
    text: str
    plain: tuple["Field[Any, Any]", ...]  # those that are filled in; the others are the database's own defaults


_written: dict[tuple[Any, ...], _Insert | None] = {}


class Inserted(models.Model):
    """A model whose new rows take the short way. What the short way cannot do takes Django's."""

    class Meta:
        abstract = True

    def _do_insert(
        self, manager: Any, using: str, fields: Sequence[Any], returning_fields: Sequence[Any], raw: bool
    ) -> Any:
        connection: Any = connections[using]
        values = [field.pre_save(self, True) for field in fields]
        left = tuple(isinstance(value, DatabaseDefault) for value in values)
        key = (type(self), connection.vendor, len(fields), left)
        given = [value for value, default in zip(values, left, strict=True) if not default]
        if raw or any(hasattr(value, "resolve_expression") for value in given):
            return manager._insert([self], fields=fields, returning_fields=returning_fields, using=using, raw=raw)
        if key not in _written:
            _written[key] = _write(self, connection, fields, returning_fields, left)
        insert = _written[key]
        if insert is None:
            return manager._insert([self], fields=fields, returning_fields=returning_fields, using=using, raw=raw)
        params = [
            field.get_db_prep_save(value, connection=connection)
            for field, value in zip(insert.plain, given, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(insert.text, params)
            return [connection.ops.fetch_returned_insert_columns(cursor, ())] if returning_fields else []


def _write(
    row: models.Model, connection: Any, fields: Sequence[Any], returning: Sequence[Any], left: tuple[bool, ...]
) -> _Insert | None:
    """The INSERT of a table by Django's own compiler; None where its answer would have to be converted."""
    query = sql.InsertQuery(type(row))
    query.insert_values(fields, [row])
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = returning
    ((text, params),) = compiler.as_sql()
    plain = tuple(field for field, default in zip(fields, left, strict=True) if not default)
    columns = [field.get_col(type(row)._meta.db_table) for field in returning]
    if compiler.get_converters(columns) or len(params) != len(plain):
        return None
    return _Insert(text, plain)
