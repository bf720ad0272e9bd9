"""Accounts and keys (system administrator), rights and policy (security administrator)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from luodi.trust import actions, policy, spool
from luodi.trust.actions.keys import Rotated
from luodi.trust.forms import AssignForm, GrantsForm, PolicyForm, PostForm, ResetForm, RotateForm, StaffForm
from luodi.trust.models import Grant, Holding, Permission, Policy, Post, PurposeKey, Staff
from luodi.trust.screen import refusals, screen
from luodi.trust.screens.login import go


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


@require_http_methods(["GET", "POST"])
@screen("staff.manage")
def staff(request: Any) -> HttpResponse:
    """All accounts, and a form for a new one."""
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            given = dict(form.cleaned_data)
            made = actions.hire(request.actor, given.pop("login"), given.pop("name_zh"), **given)
        if not form.errors:
            return go(f"/trust/staff/{made}/")
    rows = Staff.objects.order_by("left_at", "login").prefetch_related("holdings__post", "holdings__unit")
    return render(request, "trust/staff.html", {"rows": rows, "form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@screen("staff.manage")
def person(request: Any, pk: int) -> HttpResponse:
    """One account: posts held, a new post, a new first password, leaving."""
    row = get_object_or_404(Staff, pk=pk)
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.assign(request.actor, pk, form.cleaned_data["post"], form.cleaned_data["unit"])
        if not form.errors:
            return go(request.path)
    held = Holding.objects.filter(staff=row).select_related("post", "unit").order_by("until", "-since")
    context = {"row": row, "held": held, "form": form, "reset": ResetForm()}
    return render(request, "trust/person.html", context, status=_status(form))


@require_POST
@screen("staff.manage")
def reset(request: Any, pk: int) -> HttpResponse:
    """Give a person a first password anew."""
    row = get_object_or_404(Staff, pk=pk)
    form = ResetForm(request.POST)
    if not form.is_valid():
        held = Holding.objects.filter(staff=row).select_related("post", "unit")
        context = {"row": row, "held": held, "form": AssignForm(), "reset": form}
        return render(request, "trust/person.html", context, status=422)
    actions.reset_password(request.actor, pk, password=form.cleaned_data["password"])
    return go(f"/trust/staff/{pk}/")


@require_POST
@screen("staff.manage")
def leave(request: Any, pk: int) -> HttpResponse:
    """Close an account."""
    get_object_or_404(Staff, pk=pk)
    actions.leave(request.actor, pk)
    return go(f"/trust/staff/{pk}/")


@require_POST
@screen("staff.manage")
def unassign(request: Any, holding: int) -> HttpResponse:
    """End a holding."""
    row = get_object_or_404(Holding, pk=holding)
    actions.unassign(request.actor, holding)
    return go(f"/trust/staff/{row.staff_id}/")


@require_http_methods(["GET", "POST"])
@screen("post.grant")
def posts(request: Any) -> HttpResponse:
    """All posts and how much each may do."""
    rows = Post.objects.order_by("pk")
    counts = {post.pk: Grant.objects.filter(post=post, until=None).count() for post in rows}
    table = [(post, counts[post.pk]) for post in rows]
    return render(request, "trust/posts.html", {"rows": table})


@require_http_methods(["GET", "POST"])
@screen("staff.manage")
def new_post(request: Any) -> HttpResponse:
    """Add a post that may do nothing yet."""
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.new_post(request.actor, **form.cleaned_data)
        if not form.errors:
            return go("/trust/staff/")
    return render(request, "trust/new_post.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
@screen("post.grant")
def grants(request: Any, code: str) -> HttpResponse:
    """What one post may do: tick and untick."""
    row = get_object_or_404(Post, code=code)
    now_held = set(Grant.objects.filter(post=row, until=None).values_list("permission__code", flat=True))
    ticked = {"permissions": sorted(now_held), "seen": ",".join(sorted(now_held))}
    form = GrantsForm(request.POST or None, admin=bool(row.admin_kind), initial=ticked)
    if request.method == "POST" and form.is_valid():
        wanted = set(form.cleaned_data["permissions"])
        with refusals(form):
            actions.set_grants(request.actor, code, wanted, seen=set(form.cleaned_data["seen"].split(",")) - {""})
        if not form.errors:
            return go("/trust/posts/")
    context = {"row": row, "form": form, "total": Permission.objects.count()}
    return render(request, "trust/grants.html", context, status=_status(form))


@screen("policy.set")
def policies(request: Any) -> HttpResponse:
    """Every number of the house with its source."""
    rows = [(key, policy.name(key), row, policy.value(key), policy.unit(key)) for key, row in policy.shipped().items()]
    history = Policy.objects.order_by("-effective_from", "key")[:50]
    return render(request, "trust/policy.html", {"rows": rows, "history": history})


@require_http_methods(["GET", "POST"])
@screen("policy.set")
def set_policy(request: Any, key: str) -> HttpResponse:
    """Set one number from today on."""
    if key not in policy.shipped():
        raise Http404
    form = PolicyForm(request.POST or None, initial={"value": policy.value(key)})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            actions.set_policy(request.actor, key, form.cleaned_data["value"], form.cleaned_data["source"])
        if not form.errors:
            return go("/trust/policy/")
    context = {"key": key, "name": policy.name(key), "form": form}
    return render(request, "trust/set_policy.html", context, status=_status(form))


@screen("system.operate")
def system(request: Any) -> HttpResponse:
    """Keys and their versions, the spool, and the way to rotate."""
    keys = PurposeKey.objects.filter(active=True).order_by("purpose")
    return render(request, "trust/system.html", {"keys": keys, "spooled": spool.waiting()})


@require_POST
@screen("system.operate")
def rotate(request: Any, purpose: str) -> HttpResponse:
    """Make a new version of a purpose's key and move what hangs on the old one."""
    get_object_or_404(PurposeKey, purpose=purpose, active=True)
    form = RotateForm(request.POST)
    if not form.is_valid():
        raise Rotated
    actions.rotate_key(request.actor, purpose, seen=form.cleaned_data["seen"])
    return go("/trust/system/")
