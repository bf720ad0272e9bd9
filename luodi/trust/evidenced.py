"""Rows that prove themselves: each carries the ledger entry of the act that wrote it."""

from typing import Any, ClassVar

from django.db import models

from luodi.trust.act import current_entry
from luodi.trust.inserted import Inserted


class EntryKey(models.ForeignKey):
    """A foreign key to the ledger that fills itself with the running act's entry.

    A migration sees a plain foreign key: no act runs while a table is made.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("to", "trust.Entry")
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs.setdefault("related_name", "+")
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def has_default(self) -> bool:
        return True

    def get_default(self) -> Any:
        return current_entry()

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class EvidencedRows(models.QuerySet[Any]):
    """Rows of an Evidenced model."""

    def as_of(self, head: int) -> "EvidencedRows":
        """Only the rows whose entry is sealed at a ledger position up to `head`: the same head, the same rows."""
        return self.filter(entry__seat__position__lte=head)


class Evidenced(Inserted):
    """A row written by an act. Outside an act it cannot be made: the default raises."""

    entry = EntryKey()

    objects: ClassVar[models.Manager[Any]] = EvidencedRows.as_manager()

    class Meta:
        abstract = True
