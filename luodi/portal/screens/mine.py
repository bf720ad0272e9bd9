"""People of the account, consents, the own data, and logins."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.patients import identity
from luodi.trust.clock import today
from luodi.trust.refusal import Refusal

from .. import actions, logins, queries
from ..forms import CorrectionForm, PersonForm
from ..refusals import NotMatched
from ..screen import before_consent, go, mine


@require_http_methods(["GET", "POST"])
@mine
def people(request: Any) -> HttpResponse:
    """For whom this telephone acts; a POST adds somebody."""
    form = PersonForm(request.POST or None, initial={"relation": "self", "id_kind": "resident"})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                token = request.POST.get("idempotency", "")
                made = actions.add(
                    request.actor, form.new_patient(), form.cleaned_data["relation"], idempotency=token
                )  # fmt: skip
                if made is None:
                    raise NotMatched
                return go(request, reverse("my:people"))
            except Refusal as refusal:
                form.blame(refusal)
                status = refusal.status
    rows = queries.people(request.actor.account)
    request.saw(*[row.patient for row in rows], care=False)
    return render(request, "portal/people.html", {"rows": rows, "form": form}, status=status)


@require_POST
@mine
def drop(request: Any, patient: int) -> HttpResponse:
    """The account acts for this person no longer."""
    actions.drop(request.actor, patient)
    return go(request, reverse("my:people"))


@require_http_methods(["GET", "POST"])
@before_consent
def consents(request: Any) -> HttpResponse:
    """Texts to agree to, and those that are agreed to."""
    if request.method == "POST":
        actions.agree(request.actor, request.POST.get("code", ""), given="yes" in request.POST)
        needed = queries.missing_consents(request.actor.account)
        return go(request, reverse("my:consents" if needed or "stay" in request.POST else "my:home"))
    rows = queries.consents(request.actor.account)
    return render(request, "portal/consents.html", {"rows": rows})


@require_GET
@mine
def account(request: Any) -> HttpResponse:
    """The telephone, its logins, its people and their data."""
    by = request.actor
    rows = queries.people(by.account)
    wishes = queries.corrections_of(by.account)
    request.saw(*[row.patient for row in rows], care=False)
    context = {
        "phone": identity.mask_phone(queries.phone_of(by.account)), "rows": rows, "wishes": wishes,
        "logins": logins.count(by.account), "consents": queries.consents(by.account), "form": CorrectionForm(),
    }  # fmt: skip
    return render(request, "portal/account.html", context)


@require_http_methods(["GET", "POST"])
@mine
def correct(request: Any, patient: int) -> HttpResponse:
    """Ask the desk to put something right."""
    person = queries.person(request.actor.account, patient)
    form = CorrectionForm(request.POST or None)
    request.saw(patient, care=False)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_correction(request.actor, patient, form.cleaned_data["wish"])
            return go(request, reverse("my:account"))
        except Refusal as refusal:
            form.blame(refusal)
    status = 422 if request.method == "POST" else 200
    return render(request, "portal/correct.html", {"person": person, "form": form}, status=status)


@require_POST
@mine
def download(request: Any, patient: int) -> HttpResponse:
    """The own data as a file: JSON, which any program reads. Its name names nobody."""
    found = actions.download(request.actor, patient)
    text = json.dumps(found, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-data-{today():%Y%m%d}.json"'
    return response
