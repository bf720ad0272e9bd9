"""The record of a patient, the amendment of a note, the withdrawal of a diagnosis, the printed sheet."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.access import NoCare
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries
from ..codes import ENDINGS, NOTE_KINDS
from ..comparing import compared
from ..forms import AmendForm, WithdrawForm
from ..wording import name_of, shown
from . import sections

TRENDS = 8


@screen("record.read")
def record(request: Any, patient: int) -> HttpResponse:
    """Problems, allergies, readings with their trend, visits and the timeline."""
    request.saw(patient)
    visits = queries.encounters_of(patient)
    events = queries.timeline(patient)
    staff = people.names({event.staff for event in events if event.staff})
    open_visit = next((visit for visit in visits if not visit.closed_at), None)
    context = {
        "patient": patient,
        "banner": queries.banner(patient, open_visit.id if open_visit else None),
        "visits": [(visit, people.unit_name(visit.unit), queries.diagnoses(visit.id)) for visit in visits],
        "problems": queries.problems(patient),
        "stated": queries.allergies(patient),
        "results": _results(patient),
        "events": [(event, staff.get(event.staff, "")) for event in events],
    }
    return render(request, "chart/record.html", context)


@screen("record.read")
def note(request: Any, patient: int, note: int) -> HttpResponse:
    """All versions of a note, each compared with the one before."""
    request.saw(patient)
    return render(request, "chart/note.html", _note(patient, note))


@screen("record.write")
def amendment(request: Any, patient: int, note: int) -> HttpResponse:
    """Amend the version in force; another amendment made meanwhile is shown, and what was typed stays."""
    request.saw(patient)
    context = _note(patient, note)
    current = context["current"]
    form = AmendForm(request.POST or None, initial={"text": current.text})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.note(
                request.actor, current.encounter, current.kind, typed["text"], supersedes=note, reason=typed["reason"]
            )
            there = reverse("chart:encounter", args=[patient, current.encounter])
            return HttpResponseRedirect(f"{there}#notes", status=303)
        except NoCare:
            raise
        except Refusal as refusal:
            form.blame(refusal)
    differs = compared(current.text, form["text"].value() or "") if request.method == "POST" else []
    context |= {"form": form, "differs": differs, "moved": current.pk != note}
    return render(request, "chart/amendment.html", context, status=422 if form.errors else 200)


@screen("record.write")
def withdrawal(request: Any, patient: int, diagnosis: int) -> HttpResponse:
    """Withdraw a diagnosis with a reason."""
    request.saw(patient)
    line = next((line for line in _in_force(patient) if line.pk == diagnosis), None)
    if line is None:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_diagnosis(request.actor, diagnosis, form.cleaned_data["reason"])
            there = reverse("chart:encounter", args=[patient, line.encounter])
            return HttpResponseRedirect(f"{there}#diagnoses", status=303)
        except NoCare:
            raise
        except Refusal as refusal:
            form.blame(refusal)
    context = {
        "patient": patient, "banner": queries.banner(patient, line.encounter), "line": line, "form": form,
    }  # fmt: skip
    return render(request, "chart/withdrawal.html", context, status=422 if form.errors else 200)


@screen("record.read")
def sheet(request: Any, patient: int, encounter: int) -> HttpResponse:
    """The encounter on paper, with versions, writers and the ledger entry of its last row."""
    request.saw(patient)
    card = sections.visit(patient, encounter)
    age = sections.age_days(patient)
    held = queries.notes(card.id)
    names = people.names([note.author for note in held] + ([card.doctor] if card.doctor else []))
    order = list(NOTE_KINDS)
    held.sort(key=lambda note: (order.index(note.kind), note.at))
    context = {
        "card": patients.card(patient),
        "visit": card,
        "unit": people.unit_name(card.unit),
        "doctor": names.get(card.doctor or 0, ""),
        "notes": [(note, NOTE_KINDS[note.kind], names.get(note.author, "")) for note in held],
        "diagnoses": queries.diagnoses(card.id),
        "stated": queries.allergies(patient),
        "banner": queries.banner(patient, card.id),
        "readings": sections.latest_readings(card.id, age),
        "disposition": ENDINGS.get(card.disposition, ""),
        "reference": f"luodi:entry:{queries.last_entry(card.id)}",
        "kind": "emergency" if card.visit_class == "emergency" else "",
    }
    return render(request, "chart/sheet.html", context)


def _results(patient: int) -> list[dict[str, Any]]:
    """The last value of everything ever measured, with its mark and the values before it."""
    age = sections.age_days(patient)
    found = []
    for code in queries.measured_codes(patient):
        values = queries.trend(patient, code, TRENDS)
        if values:
            last = shown(values[-1], age)
            found.append({"last": last, "name": name_of(code), "before": values[-2::-1], "series": values})
    return found


def _note(patient: int, note: int) -> dict[str, Any]:
    versions = queries.note_versions(note)
    if not versions or queries.standing(versions[0].encounter).patient not in patients.person(patient):
        raise Http404
    names = people.names(version.author for version in versions)
    compared_versions = [
        (version, names.get(version.author, ""), compared(versions[n - 1].text, version.text) if n else [])
        for n, version in enumerate(versions)
    ]
    current = versions[-1]
    return {
        "patient": patient,
        "banner": queries.banner(patient, current.encounter),
        "kind": NOTE_KINDS[current.kind],
        "current": current,
        "versions": compared_versions[::-1],
        "encounter": current.encounter,
    }


def _in_force(patient: int) -> list[Any]:
    return [line for visit in queries.encounters_of(patient) for line in queries.diagnoses(visit.id)]
