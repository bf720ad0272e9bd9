"""变化: what a version has other than another, table by table; and its rows with who has looked at them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from luodi.committee.forms import ReviewForm
from luodi.committee.wording import KINDS, mark
from luodi.terms import actions as terms
from luodi.terms import comparing, versions
from luodi.terms.finder import plain
from luodi.trust import people
from luodi.trust.screen import refusals, screen

PAGE = 40


@screen("committee.read")
@require_GET
def changes(request: Any, pk: int) -> HttpResponse:
    """The difference from what is in force, or from version `from`; one table at a time, by pages."""
    card = versions.version(pk)
    asked = request.GET.get("from", "")
    old = int(asked) if asked.isdecimal() and len(asked) < 10 else None
    sections = comparing.difference(pk, old)
    chosen = next((s for s in sections if s.table == request.GET.get("table")), sections[0] if sections else None)
    page = Paginator(chosen.changes if chosen else (), PAGE).get_page(request.GET.get("page"))
    context = {
        "version": card,
        "old": old,
        "others": [each for each in versions.versions() if each.pk != pk],
        "sections": sections,
        "chosen": chosen,
        "page": page,
        "rows": [(change, mark(KINDS, change.kind)) for change in page],
        "may_review": "knowledge.review" in request.actor_permissions,
    }
    return render(request, "committee/changes.html", context)


@screen("committee.read")
@require_GET
def table(request: Any, pk: int, table: str) -> HttpResponse:
    """Rows of one table of a version, found by their words; one of them opened by `key`."""
    return _table(request, pk, table, request.GET.get("key", ""))


@screen("knowledge.review")
@require_POST
def review(request: Any, pk: int, table: str) -> HttpResponse:
    """Say that one looked at a row, or at the whole table."""
    form = ReviewForm(request.POST)
    key = request.POST.get("key", "")
    if form.is_valid():
        with refusals(form):
            terms.review(request.actor, pk, table, key, form.cleaned_data["note"])
            back = reverse("committee:table", args=[pk, table])
            return HttpResponseRedirect(f"{back}?{_query(key)}", status=303)
    return _table(request, pk, table, key, form)


def _query(key: str) -> str:
    return urlencode({"key": key}) if key else ""


def _table(request: Any, pk: int, name: str, key: str, form: ReviewForm | None = None) -> HttpResponse:
    card, kind = versions.version(pk), versions.table_of(name)
    held = versions.rows(pk, kind)
    text = plain(request.GET.get("q", "")[:80])
    found = [row for row in held if not text or text in plain(f"{versions.key_of(row)} {comparing.title(row)}")]
    seen = versions.reviews_of(pk, name)
    by_key: dict[str, int] = {}
    for each in seen:
        by_key[each.key] = by_key.get(each.key, 0) + 1
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    names = people.names({each.staff for each in seen})
    row = next((each for each in held if versions.key_of(each) == key), None) if key else None
    context = {
        "version": card,
        "table": name,
        "label": comparing.TABLES.get(name, name),
        "query": request.GET.get("q", "")[:80],
        "page": page,
        "rows": [
            (versions.key_of(each), comparing.title(each), each.source, versions.key_of(each) in by_key or "" in by_key)
            for each in page
        ],
        "row": row,
        "key": key if row is not None else "",
        "title": comparing.title(row) if row is not None else "",
        "told": [
            (comparing.FIELDS.get(field, field), comparing.word(field, value))
            for field, value in versions.told(row).items()
            if value
        ]
        if row is not None
        else [],
        "reviews": [(each, names.get(each.staff, "")) for each in seen if each.key in ("", key)][:20],
        "form": form or ReviewForm(),
        "may_review": "knowledge.review" in request.actor_permissions,
    }
    return render(request, "committee/table.html", context, status=422 if form else 200)
