"""阶段门: criteria beside live readings, weighing, signing, history, and the replay."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.insight.figures import rounded
from luodi.insight.words import part_name as name_of
from luodi.trust.screen import refusals, screen

from . import actions, queries
from .forms import CRITERIA, CriterionForm, DecisionForm, GateForm, WeighForm
from .models import Decision, Gate, Verdict, Weighing

MARK = {Verdict.PASS: "done", Verdict.FAIL: "critical", Verdict.NO_DATA: "caution"}


@screen("gate.read")
@require_GET
def gates(request: Any) -> HttpResponse:
    """Every gate with its newest verdict."""
    rows = []
    for gate in queries.gates():
        weighing, verdict = queries.state(gate)
        rows.append((gate, weighing, Verdict(verdict).label, MARK[Verdict(verdict)]))
    return render(request, "rollout/gates.html", {"rows": rows})


@screen("gate.read")
@require_GET
def gate(request: Any, pk: int) -> HttpResponse:
    """One gate: criterion, target, live reading, evidence."""
    return _gate_page(request, pk, WeighForm())


@screen("gate.define")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Define a gate."""
    return _define(request, None)


@screen("gate.define")
@require_http_methods(["GET", "POST"])
def version(request: Any, pk: int) -> HttpResponse:
    """Define the next version of a gate; the form begins with what the present one asks."""
    return _define(request, queries.gate(pk))


@screen("gate.weigh")
@require_POST
def weigh(request: Any, pk: int) -> HttpResponse:
    """Weigh a gate and open the weighing."""
    form = WeighForm(request.POST)
    if form.is_valid():
        with refusals(form):
            made = actions.weigh(request.actor, pk, seen=form.cleaned_data["seen"] or 0)
    return _gate_page(request, pk, form, status=422) if form.errors else _to_weighing(made)


@screen("gate.read")
@require_GET
def weighing(request: Any, pk: int) -> HttpResponse:
    """One weighing: what was read, how it was judged, who signed."""
    return _weighing_page(request, pk, DecisionForm())


@screen("gate.sign")
@require_POST
def signature(request: Any, pk: int) -> HttpResponse:
    """Sign the decision on a weighing."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.sign(request.actor, pk, **form.cleaned_data)
            return _to_weighing(pk)
    return _weighing_page(request, pk, form, status=422)


@screen("gate.read")
@require_GET
def replay(request: Any, pk: int) -> HttpResponse:
    """Compute a weighing again at its own ledger head, and set the result beside the frozen one."""
    again = queries.replay(queries.weighing(pk))
    rows = [
        {
            "row": row, "part": _part(row.criterion.part),
            "frozen": rounded(row.frozen.value), "frozen_mark": _mark(row.frozen.verdict),
            "again": rounded(row.again.value), "again_mark": _mark(row.again.verdict),
        }
        for row in again.rows
    ]  # fmt: skip
    context = {"replay": again, "rows": rows, "frozen": _mark(again.weighing.verdict), "now": _mark(again.verdict)}
    return render(request, "rollout/replay.html", context)


def _define(request: Any, before: Gate | None) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = GateForm(posted, initial=_of(before))
    if before is not None:
        form.fields["code"].disabled = True
        del form.fields["code"].widget.attrs["data-first"]
        form.fields["name"].widget.attrs["data-first"] = ""
    asked = queries.criteria(before) if before else []
    rows = [
        CriterionForm(posted, prefix=f"c{n}", initial=asked[n] if n < len(asked) else {"window_days": 7, "minimum": 30})
        for n in range(max(CRITERIA, len(asked)))
    ]
    if posted is not None and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        wishes = [wish for row in rows if (wish := row.wish())]
        typed = form.cleaned_data
        with refusals(form):
            made = actions.define(
                request.actor, typed["code"], name=typed["name"], phase=typed["phase"], scope=typed["scope"],
                criteria=wishes, seen=typed["rev"],
            )  # fmt: skip
            return HttpResponseRedirect(reverse("rollout:gate", args=[made]), status=303)
    context = {"form": form, "rows": rows, "before": before, "wrong": any(row.errors for row in rows)}
    return render(request, "rollout/define.html", context, status=422 if posted is not None else 200)


def _of(before: Gate | None) -> dict[str, Any]:
    if before is None:
        return {"rev": 0}
    return {
        "code": before.code, "name": before.name, "phase": before.phase, "scope": before.scope, "rev": before.version,
    }  # fmt: skip


def _to_weighing(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("rollout:weighing", args=[pk]), status=303)


def _gate_page(request: Any, pk: int, form: WeighForm, status: int = 200) -> HttpResponse:
    found = queries.gate(pk)
    live = queries.live(found)
    rows = [
        {
            "criterion": row.criterion, "measure": row.measure, "part": _part(row.criterion.part), "judged": row.judged,
            "value": rounded(row.judged.value), "mark": _mark(row.judged.verdict),
            "evidence": f"{reverse('insight:measure', args=[row.measure.code])}?days={row.criterion.window_days}",
        }
        for row in live.rows
    ]  # fmt: skip
    history = [(past, _mark(past.verdict), _decisions(past)) for past in queries.weighings(found)]
    newest, _verdict = queries.state(found)
    context = {
        "gate": found, "live": live, "rows": rows, "mark": _mark(live.verdict), "history": history, "form": form,
        "newest": newest.pk if newest else 0,
    }  # fmt: skip
    return render(request, "rollout/gate.html", context, status=status)


def _weighing_page(request: Any, pk: int, form: DecisionForm, status: int = 200) -> HttpResponse:
    found = queries.weighing(pk)
    readings = [
        {
            "reading": reading, "criterion": reading.criterion, "measure": measure,
            "part": _part(reading.criterion.part), "value": rounded(reading.value), "mark": _mark(reading.verdict),
        }
        for reading, measure in queries.frozen(found)
    ]  # fmt: skip
    signed = queries.signatories(found)
    mine = any(row.signature.staff_id == request.actor.staff for row in signed)
    context = {
        "weighing": found, "rows": readings, "mark": _mark(found.verdict), "signed": signed, "form": form,
        "may_sign": "gate.sign" in request.actor_permissions and not mine,
    }  # fmt: skip
    return render(request, "rollout/weighing.html", context, status=status)


def _mark(verdict: str) -> dict[str, object]:
    return {"words": Verdict(verdict).label, "kind": MARK[Verdict(verdict)]}


def _decisions(weighing: Weighing) -> list[object]:
    return [Decision(row.decision).label for row in weighing.signatures.all()]


def _part(code: str) -> object:
    """The part of a measure that a criterion asks about; "" where it asks about the whole."""
    return name_of(code) if code else ""
