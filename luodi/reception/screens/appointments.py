"""预约: the appointments of a day, one of them, check-in, and the patients of stopped sessions who are to be called."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.clock import now, today
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, offers, policy, queries
from ..forms import AddOnForm, ArriveForm, CancelAppointmentForm, LiftForm
from ..refusals import NotWaiting


@screen("visit.register")
@require_GET
def appointments(request: Any) -> HttpResponse:
    """Everybody booked for a day, by segment; today unless another day is asked for."""
    day = offers.day_of(request.GET.get("on", ""))
    rows = queries.appointments_on(day)
    stopped, offered = queries.stopped_without_another(), queries.offered()
    request.saw(*{row.patient for row in (*rows, *stopped, *offered)}, care=False)
    context = {"day": day, "days": offers.days(), "rows": rows, "stopped": stopped, "offered": offered}
    return render(request, "reception/appointments.html", context)


@screen("visit.register")
@require_GET
def appointment(request: Any, appointment: int) -> HttpResponse:
    """One appointment: when and where, and what can be done with it."""
    return _one(request, appointment, 200)


@screen("visit.register")
@require_POST
def arrival(request: Any, appointment: int) -> HttpResponse:
    """签到."""
    form = ArriveForm(request.POST)
    if form.is_valid():
        try:
            made = actions.arrive(request.actor, appointment, priority=form.cleaned_data["priority"] or "ordinary")
            return HttpResponseRedirect(reverse("reception:registration", args=[made.registration]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _one(request, appointment, 422, arrive=form)


@screen("visit.register")
@require_POST
def confirmation(request: Any, appointment: int) -> HttpResponse:
    """What was held is booked."""
    form = ArriveForm({})
    form.is_valid()
    try:
        actions.confirm(request.actor, appointment)
        return HttpResponseRedirect(reverse("reception:appointment", args=[appointment]), status=303)
    except Refusal as refusal:
        form.blame(refusal)
    return _one(request, appointment, 422, arrive=form)


@screen("visit.register")
@require_POST
def leaving(request: Any, patient: int, wait: int) -> HttpResponse:
    """Off the waiting list."""
    with suppress(NotWaiting):  # sent twice: the person is off the list, which is what was asked
        actions.leave_list(request.actor, wait)
    return HttpResponseRedirect(reverse("reception:book", args=[patient]), status=303)


@screen("visit.register")
@require_POST
def ending(request: Any, appointment: int) -> HttpResponse:
    """Cancel it; the slot is free again."""
    form = CancelAppointmentForm(request.POST)
    if form.is_valid():
        try:
            actions.cancel_appointment(request.actor, appointment, form.cleaned_data["reason"])
            return HttpResponseRedirect(reverse("reception:appointment", args=[appointment]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    return _one(request, appointment, 422, cancel=form)


@screen("slot.manage")
@require_POST
def lifting(request: Any, patient: int) -> HttpResponse:
    """申诉: no-shows until now count no more."""
    form = LiftForm(request.POST)
    if form.is_valid():
        actions.lift_ban(request.actor, patient, form.cleaned_data["reason"])
    return HttpResponseRedirect(f"{reverse('reception:book', args=[patient])}?on={_tomorrow()}", status=303)


@screen("encounter.open")
@require_http_methods(["GET", "POST"])
def add_on(request: Any, patient: int) -> HttpResponse:
    """加号: the doctor adds a patient to one of the own sessions of the coming days."""
    request.saw(patient)
    mine = [row for row in queries.sessions(_tomorrow(), until=offers.days()[-1]) if row.doctor == request.actor.staff]
    coming = [row for row in mine if not row.stopped]
    form = AddOnForm(request.POST if request.method == "POST" else None, sessions=coming)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_on(
                request.actor, patient, form.cleaned_data["session"], idempotency=request.POST.get("idempotency", "")
            )
            return HttpResponseRedirect(reverse("reception:add_on", args=[patient]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    context = {"form": form, "card": patients.card(patient), "coming": queries.appointments_of(patient)}
    return render(request, "reception/add_on.html", context, status=422 if form.errors else 200)


def _one(request: Any, pk: int, status: int, **forms: Any) -> HttpResponse:
    row = queries.appointment(pk)
    request.saw(row.patient, care=False)
    context = {
        "row": row, "card": patients.card(row.patient), "channel": policy.channels()[row.channel].name,
        "arrive": ArriveForm(), "cancel": CancelAppointmentForm(), "late": _late(row), **forms,
    }  # fmt: skip
    return render(request, "reception/appointment.html", context, status=status)


def _late(row: queries.AppointmentCard) -> policy.Late | None:
    """The rule for who checks in now; None for who is in time."""
    unit = people.unit(row.unit)
    return policy.late(unit.kind) if unit and row.today and now() >= row.ends else None


def _tomorrow() -> date:
    return today() + timedelta(days=1)
