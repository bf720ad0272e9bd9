"""What a telephone opens on: today, what is coming, and what has changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from luodi.reception import queries as reception

from .. import queries
from ..screen import mine

REFRESH_SECONDS = 20


@require_GET
@mine
def home(request: Any) -> HttpResponse:
    """Everybody of the account: appointments to come, the place in today's queue, visits to rate."""
    account = request.actor.account
    people = queries.people(account)
    rows = [
        {
            "person": person,
            "coming": reception.appointments_of(person.patient, account=person.seen_by(account)),
            "places": queries.places(person.patient, account=person.seen_by(account)),
            "waits": reception.waits_of(person.patient, account=person.seen_by(account)),
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
    account = request.actor.account
    seen = queries.person(account, patient).seen_by(account)
    request.saw(patient, care=False)
    context = {"places": queries.places(patient, account=seen), "patient": patient, "seconds": REFRESH_SECONDS}
    return render(request, "portal/_places.html", context)
