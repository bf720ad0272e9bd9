"""候诊队列: for the triage nurse and the doctor, as a page and inside the doctor's desk."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from luodi.trust import people
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, offers, queries, reasons
from ..refusals import NoTicket

# visits left open that stand above those who wait; more are folded, or they would push the waiting out of sight
BESIDE = 3
STEPS = {
    "call": actions.call,
    "recall": actions.recall,
    "pass": actions.pass_over,
    "return": actions.return_to_queue,
    "finish": actions.finish,
    "back": actions.come_back,
}


@screen("queue.read")
def queue(request: Any) -> HttpResponse:
    """The queue of the unit one works in; a clerk, who works in none, chooses one and sees no names."""
    return _page(request, 200, None)


@screen("queue.read")
def unit_queue(request: Any, unit: int) -> HttpResponse:
    """How the queue of another unit stands: counts and waits, no names."""
    card = people.unit(unit)
    if card is None or not offers.registers(card.kind):
        raise Http404
    return render(request, "reception/units.html", {"units": _units(), "here": card, "rows": queries.queue(unit)})


@screen("queue.read")
def desk_queue(request: Any) -> HttpResponse:
    """The queue beside the doctor's desk: patients with me, then those who wait for me. A fragment; else the page."""
    if not request.htmx:
        return HttpResponseRedirect(reverse("reception:queue") + "?mine=1")
    rows = queries.desk(request.actor.unit, request.actor.staff)
    request.saw(*[row.patient for row in rows], care=False)
    shown = _shown(rows, people.unit(request.actor.unit))
    serving = sorted(shown["serving"], key=lambda row: (row.called_at or row.checked_in_at, row.ticket))
    context = {**shown, "serving": serving, "beside": serving[:BESIDE], "folded": serving[BESIDE:], "at": "desk"}
    return render(request, "reception/_desk_queue.html", context)


@screen("queue.call")
@require_POST
def step(request: Any, ticket: int, step: str) -> HttpResponse:
    """Call, call again, pass over, take back, finish, take back with results."""
    if step not in STEPS:
        raise NoTicket
    try:
        if step == "call":
            actions.call(request.actor, ticket, room=request.POST.get("room", ""))
        else:
            STEPS[step](request.actor, ticket)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _back(request)


@screen("encounter.open")
@require_POST
def start(request: Any, ticket: int) -> HttpResponse:
    """Take the patient on and go to the desk."""
    try:
        encounter = actions.start(request.actor, ticket)
    except Refusal as refusal:
        return _refused(request, refusal)
    there = reverse("chart:encounter", args=[queries.ticket(ticket).patient, encounter])
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": there})
    return HttpResponseRedirect(there, status=303)


def _back(request: Any) -> HttpResponse:
    if request.POST.get("at") == "desk":
        if request.htmx:
            return desk_queue(request)
        return HttpResponseRedirect(reverse("chart:desk"), status=303)
    return HttpResponseRedirect(reverse("reception:queue"), status=303)


def _refused(request: Any, refusal: Refusal) -> HttpResponse:
    """The queue as it is now, with what stood against the step; the break-glass page has its own way."""
    if refusal.status in (401, 403) or request.htmx:
        raise refusal
    return _page(request, refusal.status, refusal)


def _page(request: Any, status: int, refusal: Refusal | None) -> HttpResponse:
    here = people.unit(request.actor.unit)
    if here is None or not offers.registers(here.kind):
        return render(request, "reception/units.html", {"units": _units(), "refusal": refusal}, status=status)
    mine = request.GET.get("mine") == "1"
    rows = queries.queue(here.pk, request.actor.staff if mine else None)
    seen = queries.seen(here.pk, request.actor.staff if mine else None)
    request.saw(*[row.patient for row in (*rows, *seen)], care=False)
    again = reverse("reception:queue") + ("?mine=1" if mine else "")
    context = {
        **_shown(rows, here),
        "seen": seen,
        "here": here,
        "mine": mine,
        "refusal": refusal,
        "at": "queue",
        "again": again,
    }
    return render(request, "reception/queue.html", context, status=status)


def _shown(rows: list[queries.QueueRow], here: Any) -> dict[str, Any]:
    waiting = [row for row in rows if row.state == "waiting"]
    return {
        "serving": [row for row in rows if row.state == "serving"],
        "called": [row for row in rows if row.state == "called"],
        "waiting": waiting,
        "missed": [row for row in rows if row.state == "missed"],
        "next": waiting[0].ticket if waiting else None,
        "why_next": reasons.why_there(waiting[0], here.kind) if waiting else "",
        "oldest": min((row.since for row in waiting), default=None),
    }


def _units() -> list[Any]:
    """(unit, how many wait, since when) of every unit with a queue."""
    return [(unit, *queries.waiting(unit.pk)) for unit in people.units() if offers.registers(unit.kind)]
