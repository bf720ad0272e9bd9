"""Likely duplicates, two records side by side, merges and their end. A name or number is only ever in a POST body."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, duplicates, queries
from ..forms import ID_KIND_WORDS, NO_ID_WORDS, SearchForm
from ..merge_forms import MERGE_WORDS, UNMERGE_WORDS, MergeForm, UnmergeForm
from ..types import Identity

KINDS, NO_ID = dict(ID_KIND_WORDS), dict(NO_ID_WORDS)
REASONS = dict(MERGE_WORDS) | dict(UNMERGE_WORDS)
UNKNOWN = "unconscious"


@screen(actions.MERGE)
@require_GET
def pairs(request: Any) -> HttpResponse:
    """Pairs that look like one person, the newest records first; `before` goes on among earlier ones."""
    typed = request.GET.get("before", "")
    found = queries.pairs(int(typed) if typed.isdecimal() and len(typed) < 18 else None)
    context = {"rows": _shown(request, found.rows), "before": found.before, "earlier": bool(typed)}
    return render(request, "patients/pairs.html", context)


@screen(actions.MERGE)
@require_http_methods(["GET", "POST"])
def same(request: Any, patient: int) -> HttpResponse:
    """Whom this record may be the same person with: likely ones, and a search."""
    request.saw(patient, care=False)
    known = queries.identity_of(patient)
    form = SearchForm(request.POST if request.method == "POST" else None)
    mine = queries.person(patient)
    hits = None
    if form.is_valid():
        hits = [hit for hit in queries.search(form.cleaned_data["text"]) if hit.patient not in mine]
        request.saw(*[hit.patient for hit in hits], care=False)
    context = {"known": known, "form": form, "hits": hits, "rows": _shown(request, queries.pairs_of(patient))}
    return render(request, "patients/same.html", context, status=422 if form.errors else 200)


@screen(actions.MERGE)
@require_http_methods(["GET", "POST"])
def compare(request: Any, patient: int, other: int) -> HttpResponse:
    """Two records side by side; POST makes them one person."""
    request.saw(patient, other, care=False)
    found = queries.compared(patient, other)
    records = [(card.id, f"{card.name} {card.record_no}") for card in (found.one.card, found.other.card)]
    initial = {"survivor": _fitter(found.one, found.other), "reason": _reason(found.one, found.other)}
    form = MergeForm(request.POST if request.method == "POST" else None, records=records, initial=initial)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["survivor"]
        away = other if into == patient else patient
        try:
            actions.merge(request.actor, into, away, form.cleaned_data["reason"], form.cleaned_data["words"])
            return HttpResponseRedirect(reverse("patients:identity", args=[queries.survivor(into)]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    context = {
        "one": found.one, "other": found.other, "lines": _lines(found), "form": form,
        "together": other in queries.person(patient), "differing": len(found.differing),
    }  # fmt: skip
    return render(request, "patients/compare.html", context, status=422 if form.errors else 200)


@screen(actions.MERGE)
@require_POST
def apart(request: Any, patient: int, other: int) -> HttpResponse:
    """Two people: the pair is shown no more."""
    actions.set_apart(request.actor, patient, other)
    return HttpResponseRedirect(reverse("patients:pairs"), status=303)


@screen(actions.MERGE)
@require_GET
def merges(request: Any) -> HttpResponse:
    """The last merges, those taken back included."""
    rows = queries.merges()
    request.saw(*{card.id for row in rows for card in (row.survivor, row.merged)}, care=False)
    return render(request, "patients/merges.html", {"rows": [(row, REASONS[row.reason]) for row in rows]})


@screen(actions.MERGE)
@require_http_methods(["GET", "POST"])
def merge(request: Any, merge: int) -> HttpResponse:
    """One merge; POST takes it back."""
    row = queries.merge_of(merge)
    request.saw(row.survivor.id, row.merged.id, care=False)
    form = UnmergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.unmerge(request.actor, merge, form.cleaned_data["reason"], form.cleaned_data["words"])
            return HttpResponseRedirect(request.path, status=303)
        except Refusal as refusal:
            form.blame(refusal)
    context = {
        "row": row, "form": form, "reason": REASONS[row.reason], "end_reason": REASONS.get(row.end_reason, ""),
    }  # fmt: skip
    return render(request, "patients/merge.html", context, status=422 if form.errors else 200)


def _shown(request: Any, rows: list[queries.Pair]) -> list[Any]:
    """(pair, card of one, card of the other, reasons in words)."""
    ids = {patient for pair in rows for patient in (pair.one, pair.other)}
    request.saw(*ids, care=False)
    cards = queries.cards(ids)
    return [
        (pair, cards[pair.one], cards[pair.other], [duplicates.REASONS[reason][0] for reason in pair.reasons])
        for pair in rows
    ]


def _fitter(one: Identity, other: Identity) -> int:
    """Which record would better stand for the person: with a document, then with a name of its own, then the older."""
    return min(
        (one, other),
        key=lambda each: (each.id_kind == "none", each.no_id_reason == UNKNOWN, each.card.id),
    ).card.id


def _reason(one: Identity, other: Identity) -> str:
    return "unknown_named" if UNKNOWN in (one.no_id_reason, other.no_id_reason) else ""


def _lines(found: queries.Compared) -> list[tuple[str, Any, Any, str, bool]]:
    """(words, value of one, value of the other, how it is written, whether they disagree)."""
    one, other, differ = found
    lines = [
        (_("姓名"), "name", "", lambda known: known.card.name),
        (_("拼音"), "pinyin", "", lambda known: known.card.pinyin),
        (_("性别"), "sex", "sex", lambda known: known.card.sex),
        (_("出生日期"), "birth_date", "date", lambda known: known.card.birth_date),
        (_("证件类型"), "id_kind", "", _kind),
        (_("证件号"), "id_no", "", lambda known: known.id_no),
        (_("电话"), "phone", "", lambda known: known.phone),
        (_("医保号"), "insurance", "", lambda known: known.insurance),
        (_("地址"), "address", "", lambda known: known.address),
        (_("病案号"), "", "", lambda known: known.card.record_no),
    ]
    return [(words, value(one), value(other), how, field in differ) for words, field, how, value in lines]


def _kind(known: Identity) -> str:
    words = str(KINDS[known.id_kind])
    return f"{words}（{NO_ID[known.no_id_reason]}）" if known.no_id_reason else words
