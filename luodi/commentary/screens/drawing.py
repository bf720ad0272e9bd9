"""抽样: samples with how far they are, one sample with its drawing made again, and whom its cases go to."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.commentary import actions, queries
from luodi.commentary.forms import AssignForm, DrawForm
from luodi.trust.screen import refusals, screen


@screen("commentary.draw")
@require_http_methods(["GET", "POST"])
def samples(request: Any) -> HttpResponse:
    """All samples, and a new one."""
    form = DrawForm(request.POST or None, initial=DrawForm.last_month())
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        with refusals(form):
            made = actions.draw(request.actor, typed["kind"], typed["first"], typed["last"], form.scope)
            return HttpResponseRedirect(reverse("commentary:sample", args=[made]), status=303)
    context = {"form": form, "rows": queries.samples()}
    return render(request, "commentary/samples.html", context, status=422 if form.errors else 200)


@screen("commentary.draw")
@require_GET
def sample(request: Any, pk: int) -> HttpResponse:
    """One sample: seed, head, drawing made again, where its cases stand."""
    return _sample(request, pk, AssignForm())


@screen("commentary.draw")
@require_POST
def assignment(request: Any, pk: int) -> HttpResponse:
    """Give the waiting cases out."""
    form = AssignForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.assign(request.actor, pk, form.cleaned_data["staff"])
            return HttpResponseRedirect(reverse("commentary:sample", args=[pk]), status=303)
    return _sample(request, pk, form, status=422)


def _sample(request: Any, pk: int, form: AssignForm, status: int = 200) -> HttpResponse:
    context = {"sample": queries.sample(pk), "again": queries.redrawn(pk), "form": form}
    return render(request, "commentary/sample.html", context, status=status)
