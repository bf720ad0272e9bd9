"""The web room's own pages: Today, preferences, key sheet, about, and the specimens of the design system."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luodi import __version__
from luodi.terms import queries as terms
from luodi.trust.clock import now
from luodi.trust.screen import screen
from luodi.web import keys as key_sheet
from luodi.web import preferences as choices
from luodi.web import remap, specimen
from luodi.web import today as work
from luodi.web.licences import data, works
from luodi.web.navigation import specimens_open
from luodi.web.parts import icons


@require_GET
@screen(None)
def today(request: Any) -> HttpResponse:
    """My worklists with their counts and oldest waits."""
    tiles = work.tiles(request.actor, request.actor_permissions)
    return render(request, "web/today.html", {"tiles": tiles, "now": now()})


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep theme, density or language in a cookie; a script asks for JSON and stays, a form goes back where it was."""
    if "application/json" in request.headers.get("Accept", ""):
        response = HttpResponse(status=204)
    else:
        back = request.POST.get("next", "/")
        safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        response = HttpResponseRedirect(back if safe else "/")
        response.status_code = 303
    choices.keep(request, response)
    return response


@require_http_methods(["GET", "POST"])
@screen(None)
def keys(request: HttpRequest) -> HttpResponse:
    """Every key, by where it works; a person may move them."""
    wishes = remap.wished(request.POST) if request.method == "POST" else remap.moved(request)
    wrong = remap.faults(wishes)
    if request.method == "POST" and not wrong:
        response = HttpResponse(status=303, headers={"Location": request.path})
        choices.set_cookie(request, response, remap.COOKIE, remap.packed(wishes))
        return response
    numbers = {default: number for number, default in enumerate(key_sheet.movable())}
    groups = [
        # a combination that several screens use is moved for all of them, in one field
        (where, [(key, numbers.pop(key.keys, None), wishes.get(key.keys, "")) for key in listed])
        for where, listed in key_sheet.groups()
    ]
    return render(request, "web/keys.html", {"groups": groups, "wrong": wrong}, status=422 if wrong else 200)


@require_GET
@screen(None)
def about(request: HttpRequest) -> HttpResponse:
    """Version, and the licences of data and of vendored works."""
    context = {"version": __version__, "data": data(), "works": works(), "provenance": terms.provenance()}
    return render(request, "web/about.html", context)


@require_GET
@screen(None)
def design(request: Any) -> HttpResponse:
    """Every part of the design system with hard cases; never in production."""
    if not specimens_open():
        raise Http404
    context = design_context(request)
    if context["row"] and request.htmx:
        return render(request, "web/_design_row.html", context)
    return render(request, "web/design_print.html" if "print" in request.GET else "web/design.html", context)


def design_context(request: HttpRequest) -> dict[str, object]:
    """What the specimen page shows; the panel is filled for `?row=n`."""
    wrong = specimen.SpecimenForm(
        {"name": "", "sex": "1", "birth": "1958-13-40", "unit": "1", "reason": "写到一半的理由"}
    )
    rows = specimen.queue(500)
    chosen = next((row for row in rows if str(row["pk"]) == request.GET.get("row")), None)
    return {
        "banners": specimen.banners(),
        "drugs": specimen.drugs(),
        "findings": specimen.findings(),
        "nodes": specimen.nodes(),
        "broken_nodes": specimen.broken_nodes(),
        "readings": specimen.readings(),
        "short": rows[:6],
        "rows": rows,
        "row": chosen,
        "oldest": min(row["since"] for row in rows),
        "form": specimen.SpecimenForm(),
        "wrong": wrong,
        "page": Paginator(rows, 50).get_page(3),
        "levels": (1, 2, 3, 4, None),
        "waits": (4, 25, 52, None),
        "icons": icons.names(),
    }
