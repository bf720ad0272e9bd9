"""A sheet or table as the answer to a request."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def pdf_answer(body: bytes, name: str, *, keep: bool = False) -> HttpResponse:
    """A PDF to look at and print, or with `keep` to save. `name`: ASCII without suffix, and it names no patient."""
    return _file(body, f"{name}.pdf", "application/pdf", keep)


def csv_answer(head: Sequence[Any], rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """A table as CSV in UTF-8 with the mark that Chinese spreadsheets look for. None is an empty cell.

    A cell that a spreadsheet would compute is preceded by an apostrophe, unless it is a plain number.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in (head, *rows):
        writer.writerow([_harmless(cell) for cell in row])
    return _file(text.getvalue().encode("utf-8-sig"), f"{name}.csv", "text/csv; charset=utf-8", keep=True)


def _harmless(cell: Any) -> str:
    said = "" if cell is None else str(cell)
    if said.startswith(_FORMULA) and not said.lstrip("+-").replace(".", "", 1).isdecimal():
        return f"'{said}"
    return said


def _file(body: bytes, name: str, kind: str, keep: bool) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'{"attachment" if keep else "inline"}; filename="{name}"'
    return answer
