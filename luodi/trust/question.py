"""Questions asked and changes made in every act, written into SQL once.

Django writes the SQL of a queryset anew each time it is used, which takes several times as long as the answer. A
Question or a Change writes it at its first use, by Django's own compiler, and from then on only fills in the values.
"""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    BigIntegerField,
    BinaryField,
    CharField,
    DateField,
    DateTimeField,
    Expression,
    Field,
    Model,
    QuerySet,
    sql,
)
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable, get_related_populators

Row = TypeVar("Row")


class Kind(NamedTuple):
    """What is filled in: its field, how a driver takes it (None: as it is), and whether it is a list for `__in`."""

    field: "Field[Any, Any]"
    adapt: Callable[[Any, Any], Any] | None = None  # (value, connection)
    many: bool = False


NUMBER, TEXT = Kind(BigIntegerField()), Kind(CharField())
BYTES = Kind(BinaryField(), lambda value, connection: connection.Database.Binary(value))
NUMBERS, TEXTS = NUMBER._replace(many=True), TEXT._replace(many=True)
DAY = Kind(DateField(), lambda day, connection: connection.ops.adapt_datefield_value(day))
MOMENT = Kind(DateTimeField(), lambda moment, connection: connection.ops.adapt_datetimefield_value(moment))


def column(model: type[Model], name: str) -> Kind:
    """What a column of a model holds."""
    field: Any = model._meta.get_field(name)
    return Kind(field, field.get_db_prep_save)


class Slot(Expression):
    """A place in a question that a value is filled into, or `wide` values of a list."""

    def __init__(self, place: int, field: "Field[Any, Any]", wide: int = 0) -> None:
        super().__init__(output_field=field)
        self.place, self.wide = place, wide

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not self.wide:
            return "%s", [Filled(self.place)]
        return f"({', '.join(['%s'] * self.wide)})", [Filled(self.place, turn) for turn in range(self.wide)]


class Filled(NamedTuple):
    """A parameter that comes with the question: which value, and which of a list."""

    place: int
    turn: int | None = None


class Written(NamedTuple):
    """The SQL for one kind of database, and how its rows become what is answered."""

    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, Any, Any], ...] = ()
    read: Callable[[list[Any]], Any] = tuple


class _Asked:
    """What a question and a change have in common: it is written once for a database, then filled in."""

    def __init__(self, build: Callable[..., Any], *kinds: Kind) -> None:
        self.build, self.kinds = build, kinds
        self._list = next((place for place, kind in enumerate(kinds) if kind.many), None)
        self._written: dict[tuple[str, int], Written] = {}

    def _write(self, built: Any, connection: Any) -> Written:
        raise NotImplementedError

    def _ready(self, values: tuple[Any, ...], connection: Any) -> tuple[Written, list[Any]]:
        """The SQL and its parameters, written now where it was not yet."""
        wide = 1 if self._list is None else 1 << (len(values[self._list]) - 1).bit_length()
        written = self._written.get((connection.vendor, wide))
        if written is None:
            slots = (Slot(place, kind.field, wide if kind.many else 0) for place, kind in enumerate(self.kinds))
            written = self._written[connection.vendor, wide] = self._write(self.build(*slots), connection)
        return written, [
            self._value(held, values, connection) if isinstance(held, Filled) else held for held in written.params
        ]

    def _value(self, filled: Filled, values: tuple[Any, ...], connection: Any) -> Any:
        kind, value = self.kinds[filled.place], values[filled.place]
        if filled.turn is not None:
            value = value[min(filled.turn, len(value) - 1)]
        return kind.adapt(value, connection) if kind.adapt else value


class Question(_Asked, Generic[Row]):
    """`Question(build, *kinds)`: `build` is called with one Slot for each kind and returns a queryset.

    The queryset gives model instances (with select_related where wanted) or a values_list. A list is written for 1, 2,
    4, 8 … values and its last value repeated up to there, so a question is written a few times at most; it has one
    list at most. An empty list has no answer.
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, Row]"], *kinds: Kind) -> None:
        super().__init__(build, *kinds)

    def all(self, *values: Any) -> list[Row]:
        """Every row of the answer, with one value for each kind."""
        if self._list is not None and not values[self._list]:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        written, params = self._ready(values, connection)
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            rows = cursor.fetchall()
        return [written.read(_converted(row, written.converters, connection)) for row in rows]

    def first(self, *values: Any) -> Row | None:
        """The first row of the answer, None where there is none. The queryset says how it is ordered and limited."""
        rows = self.all(*values)
        return rows[0] if rows else None

    def _write(self, built: Any, connection: Any) -> Written:
        compiler = built.query.get_compiler(connection=connection)
        text, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        flat = tuple((place, convert, column) for place, (each, column) in converters.items() for convert in each)
        return Written(text, tuple(params), flat, _reader(built, compiler))


class Change(_Asked):
    """`Change(build, *kinds)`: `build` returns the rows to change and the new values of their columns by name."""

    def __init__(self, build: Callable[..., tuple["QuerySet[Any, Any]", dict[str, Any]]], *kinds: Kind) -> None:
        super().__init__(build, *kinds)

    def make(self, *values: Any) -> int:
        """Change the rows and return how many there were."""
        connection = connections[DEFAULT_DB_ALIAS]
        written, params = self._ready(values, connection)
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            return int(cursor.rowcount)

    def _write(self, built: Any, connection: Any) -> Written:
        rows, columns = built
        query = rows.query.chain(sql.UpdateQuery)
        query.add_update_values(columns)
        text, params = query.get_compiler(connection=connection).as_sql()
        return Written(text, tuple(params))


def _converted(row: Any, converters: tuple[tuple[int, Any, Any], ...], connection: Any) -> list[Any]:
    values = list(row)
    for place, convert, column in converters:
        values[place] = convert(values[place], column, connection)
    return values


def _reader(rows: "QuerySet[Any, Any]", compiler: Any) -> Callable[[list[Any]], Any]:
    kind = rows._iterable_class
    if kind is FlatValuesListIterable:
        return lambda values: values[0]
    if kind is ValuesListIterable:
        return tuple
    if kind is not ModelIterable:
        raise TypeError(f"a question answers with rows or a values_list, not with {kind.__name__}")
    return _instances(compiler)


def _instances(compiler: Any) -> Callable[[list[Any]], Any]:
    held, select = compiler.klass_info, compiler.select
    begin, end = held["select_fields"][0], held["select_fields"][-1] + 1
    names = [column.target.attname for column, _sql, _alias in select[begin:end]]
    # the stubs are of a later version, which asks for one argument more
    related = get_related_populators(held, select, "default")  # type: ignore[call-arg]
    annotated = tuple((compiler.annotation_col_map or {}).items())
    model = held["model"]

    def read(values: list[Any]) -> Any:
        made = model.from_db("default", names, values[begin:end])
        for populator in related:
            populator.populate(values, made)
        for name, place in annotated:
            setattr(made, name, values[place])
        return made

    return read
