"""Search, register, correct, reveal, wristband. A name or number is only ever in a POST body."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from luodi.trust.refusal import Refusal
from luodi.trust.screen import refusals, screen

from .. import actions, duplicates, pinyin, queries
from ..forms import BandForm, CorrectForm, RegisterForm, RevealForm, SearchForm
from ..merge_forms import MERGE_WORDS
from ..types import NewPatient

MERGE_REASONS = dict(MERGE_WORDS)
PLACE = "PATIENT"  # where `next` wants the number of the patient


@screen("identity.read")
def search(request: Any) -> HttpResponse:
    """Find a patient. GET is the empty desk; POST finds, as a page or as a fragment for the palette."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    hits = queries.search(form.cleaned_data["text"]) if form.is_valid() else None
    if hits:
        request.saw(*[hit.patient for hit in hits], care=False)
    rows = [(hit, _next(request, hit.patient)) for hit in hits or []]
    context = {"form": form, "hits": hits, "rows": rows, "limit": queries.LIMIT, "next": _typed_next(request)}
    return render(request, "patients/_hits.html" if request.htmx else "patients/search.html", context)


@screen("identity.register")
def register(request: Any) -> HttpResponse:
    """Register an identity, as a page or inside the registration desk; then go to `next`."""
    form = RegisterForm(request.POST or None, initial={"next": _typed_next(request), "id_kind": "resident"})
    alike: list[Any] = []
    if request.method == "POST" and form.is_valid():
        new = form.new_patient()
        again = queries.registered_by(form.cleaned_data["idempotency"])
        alike = [] if again else _not_set_aside(request, new, form.cleaned_data["another"])
        if not alike:
            made = _registered(request, form, new)
            if made is not None:
                return _go(request, _next(request, made) or reverse("patients:identity", args=[made]))
    context = {"form": form, "alike": alike, "another": ",".join(str(card.id) for card, *_rest in alike)}
    status = 422 if request.method == "POST" else 200
    return render(
        request, "patients/_register.html" if request.htmx else "patients/register.html", context, status=status
    )


@screen("identity.read")
def identity(request: Any, patient: int) -> HttpResponse:
    """One identity, its numbers masked."""
    request.saw(patient, care=False)
    return render(request, "patients/identity.html", _page(request, patient) | {"reveal": RevealForm()})


@screen("identity.correct")
def correct(request: Any, patient: int) -> HttpResponse:
    """Correct an identity: a new version with its reason."""
    request.saw(patient, care=False)
    known = queries.identity_of(patient)
    form = CorrectForm(request.POST or None, known=known, initial=_initial(known))
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(
                request.actor, patient, form.changes(), form.cleaned_data["reason"], rev=form.cleaned_data["rev"]
            )
            return HttpResponseRedirect(reverse("patients:identity", args=[patient]), status=303)
        except Refusal as refusal:
            form.blame(refusal)
    status = 422 if request.method == "POST" else 200
    return render(request, "patients/correct.html", {"form": form, "known": known}, status=status)


@screen("identity.correct")
@require_POST
def reveal(request: Any, patient: int) -> HttpResponse:
    """Show one number in full, with a reason; the answer is never cached or bookmarked."""
    request.saw(patient, care=False)
    form = RevealForm(request.POST)
    shown = ""
    if form.is_valid():
        with refusals(form):
            shown = actions.reveal(request.actor, patient, form.cleaned_data["field"], form.cleaned_data["reason"])
    context = _page(request, patient) | {"reveal": form, "shown": shown, "shown_field": _label(form)}
    response = render(request, "patients/identity.html", context, status=200 if shown or form.is_valid() else 422)
    response["Cache-Control"] = "no-store"
    return response


@screen("identity.read")
@require_POST
def readings(request: Any) -> HttpResponse:
    """Readings of a typed name to choose from, for the registration form."""
    name = request.POST.get("name", "")[:60].strip()
    choices = pinyin.readings(name) if name else []
    return render(request, "patients/_readings.html", {"readings": choices, "ambiguous": pinyin.is_ambiguous(name)})


@screen(None)
def wristband(request: Any, patient: int, encounter: int) -> HttpResponse:
    """Print the wristband of an encounter; POST replaces a lost or damaged one."""
    request.saw(patient)
    form = BandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.band(request.actor, patient, encounter, **form.cleaned_data)
            return HttpResponseRedirect(request.path, status=303)
    context = {"card": queries.card(patient), "code": queries.wristband(patient, encounter), "form": form}
    return render(request, "patients/wristband.html", context, status=422 if form.errors else 200)


def _page(request: Any, patient: int) -> dict[str, Any]:
    """The identity as this record has it, the merges in force that it takes part in, mother and children."""
    birth, babies = queries.birth_of(patient), queries.babies_of(patient)
    request.saw(*[each.baby.id for each in babies], *([birth.mother.id] if birth else []), care=False)
    merges = [merge for merge in queries.merges_of(patient) if merge.ended is None]
    return {
        "known": queries.identity_of(patient),
        "merges": [(merge, MERGE_REASONS[merge.reason]) for merge in merges],
        "away": next((merge for merge in merges if merge.merged.id == patient), None),
        "head": queries.survivor(patient),
        "birth": birth,
        "babies": babies,
    }


def _registered(request: Any, form: RegisterForm, new: NewPatient) -> int | None:
    try:
        return int(actions.register(request.actor, new, idempotency=form.cleaned_data["idempotency"]))
    except Refusal as refusal:
        form.blame(refusal)
        return None


def _not_set_aside(request: Any, new: NewPatient, another: str) -> list[Any]:
    """Likely duplicates that the clerk has not seen yet: (card, score, words, where to go with them)."""
    found = queries.duplicates(new)
    if {str(duplicate.patient) for duplicate in found} <= set(another.split(",")):
        return []
    request.saw(*[duplicate.patient for duplicate in found], care=False)
    cards = queries.cards(duplicate.patient for duplicate in found)
    return [
        (
            cards[duplicate.patient],
            duplicate.score,
            [duplicates.REASONS[reason][0] for reason in duplicate.reasons],
            _next(request, duplicate.patient) or reverse("patients:identity", args=[duplicate.patient]),
        )
        for duplicate in found
    ]


def _initial(known: Any) -> dict[str, Any]:
    card = known.card
    return {
        "name": card.name, "pinyin": card.pinyin, "sex": card.sex, "birth_date": card.birth_date,
        "id_kind": known.id_kind, "no_id_reason": known.no_id_reason, "rev": card.rev,
    }  # fmt: skip


def _label(form: RevealForm) -> Any:
    chosen: Any = form.fields["field"]
    return dict(chosen.choices).get(form.data.get("field", ""), "")


def _typed_next(request: Any) -> str:
    return str(request.POST.get("next") or request.GET.get("next") or "")[:200]


def _next(request: Any, patient: int) -> str:
    """Where the desk that asked goes with the patient: its URL with PATIENT in it; "" for none or a foreign one."""
    wanted = _typed_next(request)
    if not wanted.startswith("/") or PLACE not in wanted:
        return _default_next(patient)
    there = wanted.replace(PLACE, str(patient))
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else ""


def _default_next(patient: int) -> str:
    """The registration desk with this patient, where it exists."""
    try:
        return reverse("reception:book", args=[patient])
    except NoReverseMatch:
        return ""


def _go(request: Any, url: str) -> HttpResponse:
    """Leave the form: a redirect, which htmx follows as a whole page."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)
