"""One patient of a recall: what they have, who told them, and what they brought back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from luodi.patients import actions as identities
from luodi.trust.screen import refusals, screen
from luodi.vigilance import actions, codes, queries
from luodi.vigilance import refusals as no
from luodi.vigilance.recall_forms import ContactForm, RecoveryForm
from luodi.vigilance.screens import notes


@screen("recall.manage")
@require_GET
def person(request: Any, pk: int, patient: int) -> HttpResponse:
    """One line of the list."""
    return _page(request, pk, patient)


def _page(request: Any, pk: int, patient: int, *, status: int = 200, **more: Any) -> HttpResponse:
    card = queries.recall(pk)
    one = next((each for each in card.people if each.patient == patient), None)
    if one is None:
        raise no.NotFound
    request.saw(patient, care=False)
    wrong = more.pop("recovery", None)
    pieces = [
        (piece, wrong[1] if wrong and wrong[0] == (piece.carried.package, piece.carried.lot) else _back(piece))
        for piece in one.pieces
    ]
    context = {
        "card": card, "one": one, "pieces": pieces, "form": ContactForm(), "done": notes.of(request), "number": "",
        "tries": [(each, codes.name("contact", each.state), codes.name("how", each.how)) for each in one.tries],
    } | more  # fmt: skip
    return render(request, "vigilance/person.html", context, status=status)


def _back(piece: Any) -> RecoveryForm:
    return RecoveryForm(
        initial={"qty": f"{piece.left.normalize():f}"}, auto_id=f"back-{piece.carried.package}-{piece.carried.lot}-%s"
    )


@screen("recall.manage")
@require_POST
def contacting(request: Any, pk: int, patient: int) -> HttpResponse:
    """Somebody was told, or could not be."""
    form = ContactForm(request.POST)
    if form.is_valid():
        token = request.POST.get("idempotency", "")
        with refusals(form):
            actions.contact(request.actor, pk, patient, **form.cleaned_data, idempotency=token)
            return notes.go("contacted", "vigilance:recall", pk)
    return _page(request, pk, patient, form=form, status=422)


@screen("identity.phone")
@require_POST
def phone(request: Any, pk: int, patient: int) -> HttpResponse:
    """The number in full, once, for whoever must call."""
    number = identities.telephone(request.actor, patient)
    return _page(request, pk, patient, number=number, asked=True)


@screen("recall.manage")
@require_POST
def recovering(request: Any, pk: int, package: int, lot: int) -> HttpResponse:
    """What came back of a package."""
    card = queries.recall(pk)
    key = (package, lot)
    whose = next((o.patient for o in card.people for p in o.pieces if (p.carried.package, p.carried.lot) == key), None)
    if whose is None:
        raise no.NotFound
    form = RecoveryForm(request.POST, auto_id=f"back-{package}-{lot}-%s")
    if form.is_valid():
        token = request.POST.get("idempotency", "")
        with refusals(form):
            actions.recover(request.actor, pk, package, lot, form.cleaned_data["qty"], idempotency=token)
            return notes.go("recovered", "vigilance:person", pk, whose)
    return _page(request, pk, whose, recovery=(key, form), status=422)
