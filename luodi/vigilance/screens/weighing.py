"""评价, 过敏史, 报送, 随访, 结案: what the officer does on the page of a report."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from luodi.trust.screen import refusals, screen
from luodi.vigilance import actions, queries
from luodi.vigilance.forms import AllergyForm, AssessForm, FollowForm, SubmitForm
from luodi.vigilance.screens import notes
from luodi.vigilance.screens.reactions import page
from luodi.vigilance.shown import shown


@screen("adr.assess")
@require_POST
def assessing(request: Any, pk: int) -> HttpResponse:
    """The hospital's causality."""
    form = AssessForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form):
            actions.assess(
                request.actor, pk, given["causality"], version=given["version"], naranjo=form.answers(),
                words=given["words"],
            )  # fmt: skip
            return notes.go("assessed", "vigilance:reaction", pk)
    return page(request, pk, assess=form, status=422)


@screen("adr.assess")
@require_POST
def to_chart(request: Any, pk: int) -> HttpResponse:
    """The suspect drug becomes an allergy of the chart."""
    form = AllergyForm(request.POST, drugs=shown(queries.reaction(pk)).suspects)
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form):
            actions.to_chart(request.actor, pk, given["medicine"], given["severity"], rev=given["rev"])
            return notes.go("charted", "vigilance:reaction", pk)
    return page(request, pk, allergy=form, status=422)


@screen("adr.assess")
@require_POST
def submitting(request: Any, pk: int) -> HttpResponse:
    """The number that the national system gave."""
    form = SubmitForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.submit(request.actor, pk, form.cleaned_data["reference"])
            return notes.go("submitted", "vigilance:reaction", pk)
    return page(request, pk, submit=form, status=422)


@screen("adr.assess")
@require_POST
def following(request: Any, pk: int) -> HttpResponse:
    """随访."""
    form = FollowForm(request.POST)
    if form.is_valid():
        token = request.POST.get("idempotency", "")
        with refusals(form):
            actions.follow_up(request.actor, pk, **form.cleaned_data, idempotency=token)
            return notes.go("followed", "vigilance:reaction", pk)
    return page(request, pk, follow=form, status=422)


@screen("adr.assess")
@require_POST
def closing(request: Any, pk: int) -> HttpResponse:
    """结案."""
    actions.close(request.actor, pk)
    return notes.go("closed", "vigilance:reactions")
