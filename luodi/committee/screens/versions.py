"""资料版本: what is in force, what waits, and the way of one version: changes, replay, signatures, launch."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi.committee import actions, queries, working
from luodi.committee.actions.proposing import MOST_BYTES
from luodi.committee.forms import DecisionForm, LaunchForm, ProposeForm, ReplayForm, WithdrawForm
from luodi.committee.wording import MODES, STATES, mark
from luodi.terms import comparing, standing, warrant
from luodi.terms import queries as terms
from luodi.terms import versions as kept
from luodi.trust import people, policy
from luodi.trust.clock import today
from luodi.trust.screen import refusals, screen
from luodi.trust.spoken import spoken


@screen("committee.read")
@require_GET
def versions(request: Any) -> HttpResponse:
    """The set in force with its sources, and every version that is kept."""
    rows = queries.standings()
    names = people.names({row.version.staff for row in rows})
    context = {
        "rows": [
            {"row": row, "mark": mark(STATES, row.state), "who": names.get(row.version.staff, "")} for row in rows
        ],
        "live": kept.live(),
        "provenance": terms.provenance(),
        "sources": [
            (each, spoken(each.name_zh, each.name_en), standing.over(each, today())) for each in terms.sources()
        ],
        "tab": "versions",
    }
    return render(request, "committee/versions.html", context)


@screen("terms.load")
@require_http_methods(["GET", "POST"])
def propose(request: Any) -> HttpResponse:
    """Upload changed tables as a candidate."""
    form = ProposeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            contents = {
                file.name.removesuffix(".csv"): file.read(MOST_BYTES + 1) for file in form.cleaned_data["tables"]
            }
            made = actions.propose(request.actor, contents, form.cleaned_data["note"])
            return _to("committee:version", made)
    return render(request, "committee/propose.html", {"form": form}, status=422 if request.method == "POST" else 200)


@screen("committee.read")
@require_GET
def version(request: Any, pk: int) -> HttpResponse:
    """One version and where it stands."""
    return page_of(request, pk)


@screen("knowledge.approve")
@require_POST
def decision(request: Any, pk: int) -> HttpResponse:
    """Sign a decision."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        with refusals(form):
            actions.decide(request.actor, pk, **form.cleaned_data)
            return _to("committee:version", pk)
    return page_of(request, pk, deciding=form)


@screen("knowledge.launch")
@require_POST
def launch(request: Any, pk: int) -> HttpResponse:
    """Arrange when it goes live; at once where no time is given."""
    form = LaunchForm(request.POST)
    if form.is_valid():
        with refusals(form):
            typed = form.cleaned_data
            token = request.POST.get("idempotency", "")
            made = actions.launch(request.actor, pk, typed["reason"], due=typed["due"], idempotency=token)
            if made in queries.due():
                working.carry_out(request.actor, made)
            return _to("committee:version", pk)
    return page_of(request, pk, launching=form)


@screen("knowledge.launch")
@require_POST
def withdrawal(request: Any, pk: int) -> HttpResponse:
    """Call an arrangement off."""
    form = WithdrawForm(request.POST)
    version = queries.launch(pk).version_id
    if form.is_valid():
        with refusals(form):
            actions.withdraw(request.actor, pk, form.cleaned_data["reason"])
            return _to("committee:version", version)
    return page_of(request, version, withdrawing=form)


def _to(name: str, pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[pk]), status=303)


def page_of(request: Any, pk: int, **forms: Any) -> HttpResponse:
    """The page of a version, with the form that came back wrong in its place."""
    card = kept.version(pk)
    row, result, may = queries.standing(card), queries.newest_result(pk), request.actor_permissions
    signed = queries.decisions(pk)
    arranged = queries.pending()
    open_ = row.state not in ("rejected", "live")
    context = {
        "row": row,
        "version": card,
        "mark": mark(STATES, row.state),
        "who": people.name(card.staff),
        "signed": [(each, MODES[each.row.choice]) for each in signed],
        "needed": warrant.needed(),
        "bound": warrant.bound(),
        "replays": queries.replays(pk)[:5],
        "result": result,
        "must_replay": policy.number("committee_replay") and result is None,
        "asking": forms.get("asking") or ReplayForm(initial={"days": policy.number("committee_replay_days")}),
        "deciding": forms.get("deciding") or DecisionForm(initial={"seen": result.pk if result else 0}),
        "launching": forms.get("launching") or LaunchForm(),
        "withdrawing": forms.get("withdrawing") or WithdrawForm(),
        "arranged": arranged if arranged is not None and arranged.version_id == pk else None,
        "launches": queries.launches(pk),
        "may_decide": "knowledge.approve" in may
        and row.state != "rejected"
        and request.actor.staff not in {each.row.staff_id for each in signed}
        and not (card.live and kept.live().status == "approved"),  # type: ignore[union-attr]
        "may_launch": "knowledge.launch" in may and open_ and arranged is None,
        "may_replay": "committee.prepare" in may,
        "may_withdraw": "knowledge.launch" in may,
        "sections": [] if card.live else comparing.difference(pk),
        "tables": comparing.TABLES.items(),
    }
    return render(request, "committee/version.html", context, status=422 if forms else 200)
