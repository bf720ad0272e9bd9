"""What a telephone opens on: today, what is coming, and what has changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.reception import queries as reception
from luodi.trust import access

from .. import queries
from ..screen import mine

REFRESH_SECONDS = 20


@require_GET
@mine
def home(request: Any) -> HttpResponse:
    """Everybody of the account: appointments to come, the place in today's queue, visits to rate."""
    people = queries.people(request.actor.account)
    rows = [
        {
            "person": person,
            "coming": reception.appointments_of(person.patient),
            "places": queries.places(person.patient),
            "waits": reception.waits_of(person.patient),
            "to_rate": [card for card in queries.visits(person.patient, 5) if card.rateable] if person.verified else [],
        }
        for person in people
    ]
    request.saw(*[person.patient for person in people], care=False)
    return render(request, "portal/home.html", {"rows": rows, "seconds": REFRESH_SECONDS})


@require_GET
@mine
def queue(request: Any, patient: int) -> HttpResponse:
    """The place in the queue, asked for again and again by the open page."""
    access.require_bond(request.actor, patient)
    request.saw(patient, care=False)
    context = {"places": queries.places(patient), "patient": patient, "seconds": REFRESH_SECONDS}
    return render(request, "portal/_places.html", context)
