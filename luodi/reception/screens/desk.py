"""The registration desk: find or make the patient, choose a session, book."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from luodi.patients import duplicates as likeness
from luodi.patients import idcard
from luodi.patients import queries as patients
from luodi.patients.forms import SearchForm
from luodi.patients.types import NewPatient
from luodi.trust import clock, people
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, offers, policy, queries, reasons
from ..forms import CancelForm, LiftForm, NewForm, PlaceForm, UnknownForm

EXACT = ("id", "insurance", "record_no", "wristband")  # a scan of these names one person: no list to choose from


@screen("visit.register")
def register(request: Any) -> HttpResponse:
    """The desk. POST searches: a scan that names one person goes on to book, an unknown ID number to a new identity."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    hits = None
    if form.is_valid():
        text = form.cleaned_data["text"]
        hits = patients.search(text)
        request.saw(*[hit.patient for hit in hits], care=False)
        if len(hits) == 1 and hits[0].why in EXACT:
            return HttpResponseRedirect(reverse("reception:book", args=[hits[0].patient]), status=303)
        scanned = _of_id_card(text) if not hits else None
        if scanned and "identity.register" in request.actor_permissions:
            return _new(request, NewForm(initial={**scanned, **offers.usual(request.actor.unit)}), [], 200)
    mine = queries.today_of(request.actor.staff)
    request.saw(*[row.patient for row in mine], care=False)
    context = {
        "form": form,
        "hits": hits,
        "mine": mine,
        "offers": offers.today(request.actor.unit),
        "limit": patients.LIMIT,
    }
    return render(request, "reception/register.html", context)


@screen("visit.register")
def book(request: Any, patient: int) -> HttpResponse:
    """Register for today, or book one of the coming days, for a patient who is known."""
    request.saw(patient, care=False)
    day = offers.day_of(request.GET.get("on", ""))
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=offers.usual(request.actor.unit))
    if request.method == "POST" and form.is_valid():
        made = _booked(request, form, patient)
        if made:
            return HttpResponseRedirect(made, status=303)
    ahead = day > clock.today()
    context = {
        "form": form,
        "card": patients.card(patient),
        "today": queries.registrations_of(patient),
        "coming": queries.appointments_of(patient),
        "waits": queries.waits_of(patient),
        "banned": queries.ban_of(patient) if ahead else None,
        "lift": LiftForm(),
        "day": day,
        "days": offers.days(),
        "ahead": ahead,
        "offers": offers.on(day, request.actor.unit) if ahead else offers.today(request.actor.unit),
    }
    return render(request, "reception/book.html", context, status=422 if request.method == "POST" else 200)


@screen("identity.register")
def new(request: Any) -> HttpResponse:
    """A new identity and its booking in one; whoever may be the same person is shown first."""
    if request.method != "POST":
        return _new(request, NewForm(initial={"id_kind": "resident", **offers.usual(request.actor.unit)}), [], 200)
    form = NewForm(request.POST)
    alike: list[Any] = []
    if form.is_valid():
        wanted = form.new_patient()
        alike = _not_set_aside(request, wanted, form.cleaned_data["another"])
        made = None if alike else _booked(request, form, wanted)
        if made:
            return HttpResponseRedirect(made, status=303)
    return _new(request, form, alike, 422)


@screen("visit.register")
def unknown(request: Any) -> HttpResponse:
    """无名氏: care first, identity later."""
    form = UnknownForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.register_unknown(
                request.actor, form.cleaned_data["unit"], sex=form.cleaned_data["sex"],
                idempotency=form.cleaned_data["idempotency"],
            )  # fmt: skip
            return HttpResponseRedirect(reverse("reception:registration", args=[made.registration]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return render(request, "reception/unknown.html", {"form": form}, status=422 if request.method == "POST" else 200)


@screen("visit.register")
def registration(request: Any, registration: int) -> HttpResponse:
    """What was booked: the number to say aloud, the slip to print."""
    return _registration(request, registration, CancelForm(), 200)


@screen("visit.register")
@require_POST
def cancellation(request: Any, registration: int) -> HttpResponse:
    """Cancel it."""
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            actions.cancel(request.actor, registration, form.cleaned_data["reason"], form.cleaned_data["note"])
            return HttpResponseRedirect(reverse("reception:registration", args=[registration]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _registration(request, registration, form, 422)


@screen("visit.register")
def slip(request: Any, registration: int) -> HttpResponse:
    """The slip for the patient: number, place, room; the name masked, for it gets lost."""
    row = queries.registration(registration)
    request.saw(row.patient, care=False)
    return render(request, "reception/slip.html", {"row": row, "card": patients.card(row.patient)})


def _registration(request: Any, pk: int, form: CancelForm, status: int) -> HttpResponse:
    row = queries.registration(pk)
    request.saw(row.patient, care=False)
    ticket = queries.ticket(row.ticket)
    doctor, unit = ticket.doctor, people.unit(row.unit)
    places = [each.ticket for each in queries.queue(row.unit, doctor, ("waiting",))]
    ahead = places.index(row.ticket) if row.ticket in places else None
    context = {
        "row": row,
        "card": patients.card(row.patient),
        "form": form,
        "cancellable": not row.cancelled and row.state in ("waiting", "called", "missed"),
        "ahead": ahead,
        "why": reasons.why_there(ticket, unit.kind) if unit else "",
        "expected": None if ahead is None else queries.expected_wait(row.unit, doctor, ahead),
    }
    return render(request, "reception/registration.html", context, status=status)


def _booked(request: Any, form: Any, who: int | NewPatient) -> str | None:
    """Register or book; returns where that is shown. What stands against it goes onto the form."""
    data = form.cleaned_data
    try:
        place = offers.place(data["place"])
        if place.session and not isinstance(who, NewPatient):
            if place.ahead:
                made = actions.book(
                    request.actor, who, place.session, beyond=data["beyond"], idempotency=data["idempotency"]
                )
                return reverse("reception:appointment", args=[made])
            if place.wait:
                actions.wait_for(request.actor, who, place.session, beyond=data["beyond"])
                return reverse("reception:book", args=[who])
        how = {
            "unit": place.unit,
            "priority": data["priority"] or "ordinary",
            "idempotency": data["idempotency"],
        }
        if isinstance(who, NewPatient):
            new = actions.register_new(request.actor, who, place.session, **how)
        else:
            new = actions.register(request.actor, who, place.session, **how)
        return reverse("reception:registration", args=[new.registration])
    except Refusal as refusal:
        form.blame(refusal)
        return None


def _new(request: Any, form: NewForm, alike: list[Any], status: int) -> HttpResponse:
    context = {
        "form": form,
        "alike": alike,
        "another": ",".join(str(card.id) for card, *_rest in alike),
        "offers": offers.today(request.actor.unit),
        "priorities": policy.priorities(),
    }
    return render(request, "reception/new.html", context, status=status)


def _not_set_aside(request: Any, wanted: NewPatient, another: str) -> list[Any]:
    """Likely duplicates that the clerk has not seen yet: (card, score, words)."""
    found = patients.duplicates(wanted)
    if {str(each.patient) for each in found} <= set(another.split(",")):
        return []
    request.saw(*[each.patient for each in found], care=False)
    cards = patients.cards(each.patient for each in found)
    return [
        (cards[each.patient], each.score, [likeness.REASONS[reason][0] for reason in each.reasons]) for each in found
    ]


def _of_id_card(text: str) -> dict[str, Any] | None:
    """What a resident ID number says by itself; None where the text is none."""
    try:
        facts = idcard.check(text)
    except (ValueError, Refusal):
        return None
    return {
        "id_kind": "resident", "id_no": idcard.clean(text), "sex": facts.sex, "birth_date": facts.birth_date,
    }  # fmt: skip
