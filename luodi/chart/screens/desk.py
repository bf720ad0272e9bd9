"""The doctor's desk: one scroll from complaint to done. Each section saves by itself and leaves the others as typed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from luodi.terms import queries as terms
from luodi.trust.access import NoCare
from luodi.trust.refusal import Refusal
from luodi.trust.screen import screen

from .. import actions, queries
from ..codes import DESK_NOTES
from ..forms import AllergiesForm, CloseForm, DiagnosisForm, NotesForm, TransferForm, VitalsForm
from ..templating import filled, skeleton
from ..types import EncounterCard
from . import sections

FROM_LAST_VISIT = "last_visit"


@screen("encounter.open")
def desk(request: Any) -> HttpResponse:
    """The desk before a patient is chosen: the queue of the unit."""
    return render(request, "chart/desk.html", {"queue_url": sections.url("reception:desk_queue")})


@screen("record.read")
def encounter(request: Any, patient: int, encounter: int) -> HttpResponse:
    """One encounter from complaint to done."""
    request.saw(patient)
    return render(request, "chart/encounter.html", sections.page(request, sections.visit(patient, encounter)))


@screen("encounter.open")
@require_POST
def opening(request: Any, patient: int, encounter: int) -> HttpResponse:
    """Take the patient on."""
    request.saw(patient)
    card = sections.visit(patient, encounter)
    actions.open_encounter(request.actor, card.id)
    return _to(card, "notes")


@screen("record.write")
@require_POST
def notes(request: Any, patient: int, encounter: int) -> HttpResponse:
    """Write what is filled in. The buttons of a template or of the last visit fill the form and write nothing."""
    request.saw(patient)
    card = sections.visit(patient, encounter)
    form = NotesForm(request.POST, written={note.kind for note in queries.notes(card.id)})
    if "template" in request.POST:
        texts = filled(form.typed(), _texts(card, request.POST["template"]))
        return _section(request, card, "notes", 200, notes_form=NotesForm(initial=texts, written=_unasked(form)))
    return _save(request, card, "notes", form, lambda: actions.write_up(request.actor, card.id, form.texts()))


@screen("observation.write")
@require_POST
def vitals(request: Any, patient: int, encounter: int) -> HttpResponse:
    request.saw(patient)
    card = sections.visit(patient, encounter)
    form = VitalsForm(request.POST, ask_pregnancy=sections.ask_pregnancy(patient))
    return _save(
        request,
        card,
        "vitals",
        form,
        lambda: actions.observe(
            request.actor, card.patient, card.id, form.readings(), idempotency=request.POST.get("idempotency", "")
        ),
    )


@screen("record.write")
@require_POST
def diagnoses(request: Any, patient: int, encounter: int) -> HttpResponse:
    """A code makes the diagnosis; words alone search for it."""
    request.saw(patient)
    card = sections.visit(patient, encounter)
    form = DiagnosisForm(request.POST)
    form.full_clean()
    typed = form.cleaned_data
    if not typed.get("code"):
        found = terms.find_diagnoses(typed.get("q", ""), 12)
        if request.htmx and request.htmx.target == "diagnosis-options":
            return render(request, "chart/_diagnosis_options.html", {"found": found, "q": typed.get("q", "")})
        return _section(request, card, "diagnoses", 200, diagnosis_form=form, found=found)
    return _save(
        request, card, "diagnoses", form, lambda: actions.diagnose(request.actor, card.id, typed["code"], typed["main"])
    )


@screen("observation.write")
@require_POST
def allergies(request: Any, patient: int, encounter: int) -> HttpResponse:
    request.saw(patient)
    card = sections.visit(patient, encounter)
    form = AllergiesForm(request.POST, stated=queries.allergies(patient))
    return _save(request, card, "allergies", form, lambda: _state(request, card.patient, form))


@screen("encounter.close")
@require_POST
def closing(request: Any, patient: int, encounter: int) -> HttpResponse:
    """End the encounter and go back to the queue."""
    request.saw(patient)
    card = sections.visit(patient, encounter)
    form = CloseForm(request.POST)
    if _done(form, lambda: actions.close_encounter(request.actor, card.id, form.cleaned_data["disposition"])):
        return _go(request, reverse("chart:encounter", args=[patient, card.id]))
    return _wrong(request, card, "done", close_form=form)


@screen("encounter.open")
@require_POST
def transfer(request: Any, patient: int, encounter: int) -> HttpResponse:
    """Move the encounter to another unit; its kind gives the visit class."""
    request.saw(patient)
    card = sections.visit(patient, encounter)
    form = TransferForm(request.POST, here=card.unit)
    if _done(form, lambda: _reclass(request, card, form)):
        return _go(request, reverse("chart:encounter", args=[patient, card.id]))
    return _wrong(request, card, "done", transfer_form=form)


def _reclass(request: Any, card: EncounterCard, form: TransferForm) -> None:
    actions.reclass(request.actor, card.id, form.visit_class(), form.cleaned_data["unit"])


def _state(request: Any, patient: int, form: AllergiesForm) -> None:
    typed = form.cleaned_data
    actions.state_allergies(
        request.actor, patient, typed["state"], form.items(), reason=typed["reason"], rev=typed["rev"]
    )


def _texts(card: EncounterCard, template: str) -> dict[str, str]:
    if template == FROM_LAST_VISIT:
        before = sections.last_visit(card)
        return before["texts"] if before else {}
    found = skeleton(template)
    return found.texts if found else {}


def _unasked(form: NotesForm) -> set[str]:
    return set(DESK_NOTES) - set(form.fields)


FORMS = {"notes": "notes_form", "vitals": "vitals_form", "diagnoses": "diagnosis_form", "allergies": "allergies_form"}


def _save(request: Any, card: EncounterCard, section: str, form: Any, write: Callable[[], Any]) -> HttpResponse:
    """Save a section: its fresh fragment, or the page at it; a form that came back wrong keeps every field."""
    if not _done(form, write):
        return _wrong(request, card, section, **{FORMS[section]: form})
    if request.htmx:
        return _section(request, sections.visit(card.patient, card.id), section, 200, saved=True)
    return _to(card, section)


def _done(form: Any, write: Callable[[], Any]) -> bool:
    """Whether the form held and the act was done; a refusal is put onto the form. NoCare keeps its own page."""
    if not form.is_valid():
        return False
    try:
        write()
    except NoCare:
        raise
    except Refusal as refusal:
        form.blame(refusal)
        return False
    return True


def _wrong(request: Any, card: EncounterCard, section: str, **forms: Any) -> HttpResponse:
    return _section(request, card, section, 422, **forms)


def _section(request: Any, card: EncounterCard, section: str, status: int, **instead: Any) -> HttpResponse:
    """The section as a fragment for htmx, inside the whole page for a browser."""
    if not request.htmx:
        return render(request, "chart/encounter.html", sections.page(request, card, **instead), status=status)
    shared = sections.frame(request, card)
    context = {**shared, **sections.BUILDERS[section](shared, card, **instead), "fragment": True}
    return render(request, f"chart/_{section}.html", context, status=status)


def _to(card: EncounterCard, section: str) -> HttpResponse:
    there = reverse("chart:encounter", args=[card.patient, card.id])
    return HttpResponseRedirect(f"{there}#{section}", status=303)


def _go(request: Any, url: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)
