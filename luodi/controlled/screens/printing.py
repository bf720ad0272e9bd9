"""账页和专册 of a month on A4: lines to a page, page totals, places for signatures."""

from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.controlled import queries
from luodi.controlled.screens import books
from luodi.trust import people
from luodi.trust.clock import today
from luodi.trust.screen import screen

LINES, ROWS = 22, 7  # to a page


class Sheet(NamedTuple):
    """One page of an account: its lines, and what it came to."""

    before: Decimal
    lines: list[Any]
    came: Decimal
    went: Decimal
    after: Decimal


@screen("controlled.read")
@require_GET
def book(request: Any, pk: int) -> HttpResponse:
    """The account's pages of a month."""
    card, month = books.require(request, pk), books.month_of(request)
    context = {
        "account": card,
        "sheets": _sheets(queries.page(pk, month)),
        "month": month,
        "kinds": books.KINDS,
        "unit": people.unit_name(request.actor.unit),
    }
    return render(request, "controlled/print_book.html", context)


def _sheets(page: queries.books.Page) -> list[Sheet]:
    sheets, before = [], page.before
    for start in range(0, max(len(page.lines), 1), LINES):
        lines = page.lines[start : start + LINES]
        came = sum((line.came for line in lines if line.came), Decimal(0))
        went = sum((line.went for line in lines if line.went), Decimal(0))
        sheets.append(Sheet(before, lines, came, went, before + came - went))
        before += came - went
    return sheets


@screen("controlled.read")
@require_GET
def register(request: Any) -> HttpResponse:
    """The register's pages of a month; whose rows they are is recorded as read."""
    month = books.month_of(request)
    rows = queries.issues(request.actor.unit, month)
    request.saw(*(row.record for row in rows), care=False)
    sheets = [rows[start : start + ROWS] for start in range(0, max(len(rows), 1), ROWS)]
    context = {
        "sheets": sheets,
        "month": month,
        "months": queries.months(today()),
        "unit": people.unit_name(request.actor.unit),
    }
    return render(request, "controlled/print_register.html", context)
