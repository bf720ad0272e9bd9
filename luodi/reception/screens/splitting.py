"""转诊和分流: one patient to another doctor of the unit, or a queue shared out among several."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from luodi.trust import people
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries, sharing
from ..forms import ShareForm, SplitForm, TransferForm


@screen("queue.call")
@require_http_methods(["GET", "POST"])
def transfer(request: Any, ticket: int) -> HttpResponse:
    """Where a patient who waits can go; after it, where to send them."""
    row = queries.ticket(ticket)
    request.saw(row.patient)
    targets = _targets(_here(request, row), row.session)
    form = TransferForm(request.POST if request.method == "POST" else None, targets=targets)
    if request.method == "POST" and form.is_valid():
        try:
            actions.transfer(request.actor, ticket, form.cleaned_data["session"])
            there = reverse("reception:transfer", args=[ticket])
            return HttpResponseRedirect(there, status=303)
        except Refusal as refusal:
            form.blame(refusal)
    context = {"row": row, "form": form, "targets": targets, "movable": row.state in ("waiting", "called", "missed")}
    return render(request, "reception/transfer.html", context, status=422 if form.errors else 200)


@screen("queue.call")
@require_GET
def choose(request: Any) -> HttpResponse:
    """The sessions of today in the unit one works in, with how many wait in each."""
    here = people.unit(request.actor.unit)
    rows = _with_waiting(queries.sessions(unit=request.actor.unit))
    rows.sort(key=lambda pair: (not pair[0].stopped or not pair[1], -pair[1]))
    return render(request, "reception/splitting.html", {"here": here, "rows": rows})


@screen("queue.call")
@require_http_methods(["GET", "POST"])
def split(request: Any, session: int) -> HttpResponse:
    """Who would go where, to be changed by hand; POST moves them, all or nobody."""
    card = queries.session(session)
    if card.unit != request.actor.unit:
        raise Http404
    rows, gone = queries.in_session(session), queries.moved_from(session)
    request.saw(*[row.patient for row in (*rows, *gone)], care=False)
    targets = _targets(card.unit, session)
    share = ShareForm(request.GET or None, targets=targets, stopped=card.stopped)
    plan: dict[int, int] = {}
    if share.is_valid():
        wanted = share.cleaned_data
        plan = sharing.shares(rows, wanted["to"], wanted["every"], stopped=card.stopped)
    form = SplitForm(request.POST if request.method == "POST" else None, rows=rows, targets=targets, plan=plan)
    if request.method == "POST" and form.is_valid():
        try:
            actions.split(request.actor, session, form.moves())
            return HttpResponseRedirect(reverse("reception:split", args=[session]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    context = {
        "card": card, "share": share, "form": form, "lines": form.lines(), "gone": gone, "targets": targets,
        "planned": len(plan), "counts": _after(targets, plan),
    }  # fmt: skip
    return render(request, "reception/split.html", context, status=422 if form.errors else 200)


def _here(request: Any, row: queries.QueueRow) -> int:
    """The unit one works in, where it is the ticket's; another's patients are not moved from here."""
    unit: int = request.actor.unit
    if all(card.pk != row.session for card in queries.sessions(unit=unit)):
        raise Http404
    return unit


def _targets(unit: int, session: int) -> list[tuple[queries.SessionCard, int]]:
    """(session, how many wait there) of today's sessions of a unit to which a patient of `session` can go."""
    cards = queries.sessions(unit=unit)
    return _with_waiting([card for card in cards if card.pk != session and card.doctor and not card.stopped])


def _with_waiting(cards: list[queries.SessionCard]) -> list[tuple[queries.SessionCard, int]]:
    counts = queries.waiting_in(card.pk for card in cards)
    return [(card, counts.get(card.pk, 0)) for card in cards]


def _after(targets: Any, plan: dict[int, int]) -> list[tuple[Any, int, int]]:
    """(session, waiting now, waiting after the plan) of each target to which somebody goes."""
    coming = list(plan.values())
    return [(card, now, now + coming.count(card.pk)) for card, now in targets if card.pk in coming]
