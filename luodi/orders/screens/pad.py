"""The prescribing pad: part of the doctor's scroll, and a page of its own where there is no script."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from luodi.chart import queries as chart
from luodi.orders import actions, queries, seconding
from luodi.orders import lines as writing
from luodi.orders.cards import PrescriptionCard
from luodi.orders.forms import LineForm, ReplyForm, initial_of, plain
from luodi.orders.loop import Step
from luodi.orders.refusals import NotFound
from luodi.orders.screens import answers as answering
from luodi.orders.screens.frame import EDITABLE, about, mine, posted_rev, seen, spoken
from luodi.orders.shown import unseen
from luodi.stock import queries as store
from luodi.terms import queries as terms
from luodi.trust import actions as trust
from luodi.trust.access import NoCare
from luodi.trust.refusal import Refusal, StorageFull
from luodi.trust.screen import screen
from luodi.trust.vault.signer import window_open

DAYS = {"emergency": "3", "outpatient": "3", "observation": "1", "inpatient": "1"}


@screen("prescription.read")
def on_encounter(request: Any, encounter: int) -> HttpResponse:
    """All prescriptions of an encounter, and the one being written."""
    visit = chart.encounter(encounter)
    request.saw(visit.patient)
    signed = _number(request.GET.get("signed", ""))
    here = {card.pk for card in queries.of_encounter(encounter) if card.signed_at} if signed else set()
    return _show(request, encounter, signed=signed if signed in here else None)


@screen("prescription.draft")
@require_POST
def new_draft(request: Any, encounter: int) -> HttpResponse:
    """Begin a prescription."""
    visit = chart.encounter(encounter)
    request.saw(visit.patient)
    token = request.POST.get("idempotency", "")
    return _done(request, encounter, lambda: actions.draft(request.actor, encounter, idempotency=token))


@screen("prescription.draft")
@require_GET
def medicines(request: Any, pk: int) -> HttpResponse:
    """Drugs by pinyin initials, name or code."""
    card = seen(request, pk)
    text = request.GET.get("q", "")[:80]
    context: dict[str, Any] = {"rx": card, "q": text, "found": terms.find_medicines(text, 12) if text.strip() else []}
    if request.htmx:
        return render(request, "orders/_medicines.html", context)
    return _show(request, card.encounter, working=pk, **context)


@screen("prescription.draft")
@require_GET
def line(request: Any, pk: int) -> HttpResponse:
    """The form of one line: of a medicine (`medicine`), or of a line already written (`seq`)."""
    card = seen(request, pk)
    held = next((one for one in card.lines if str(one.seq) == request.GET.get("seq")), None)
    code = held.medicine if held else request.GET.get("medicine", "")[:16]
    form = _form(request, card, code, initial=initial_of(held) if held else None)
    context: dict[str, Any] = {"rx": card, "line_form": form, "seq": held.seq if held else None}
    if request.htmx:
        return render(request, "orders/_line_form.html", context)
    return _show(request, card.encounter, working=pk, **context)


def _form(request: Any, card: PrescriptionCard, code: str, *, initial: Any = None, data: Any = None) -> LineForm:
    drug = terms.medicine(code)
    if drug is None:
        raise NotFound
    if data is not None:
        return LineForm(data, drug=drug, lines=card.lines)
    return LineForm(initial=initial or _first_values(request, card, drug), drug=drug, lines=card.lines)


def _first_values(request: Any, card: PrescriptionCard, drug: Any) -> dict[str, Any]:
    """The doctor's own last usage of the drug; else the usual dose and route, the frequency left to be chosen."""
    last = queries.habit(request.actor.staff, drug.code)
    if last is not None:
        return initial_of(last) | {
            "quantity": "",
            "skin_test": "",
            "skin_test_at": None,
            "bag": "0",
            "chronic_reason": "",
            "over_tier_reason": "",
            "note": "",
        }
    return {
        "medicine": drug.code,
        "dose": plain(drug.dose),
        "dose_unit": drug.dose_unit,
        "route": drug.route,
        "days": DAYS[card.visit_class],
    }


@screen("prescription.draft")
@require_POST
def check(request: Any, pk: int) -> HttpResponse:
    """What the check says of a line while it is being written, and the quantity that it needs."""
    card = seen(request, pk)
    form = _form(request, card, request.POST.get("medicine", "")[:16], data=request.POST)
    context: dict[str, Any] = {"rx": card}
    if form.is_valid():
        try:
            tried = writing.trial(form.wish(), writing.next_bag(line.bag for line in card.lines))
        except Refusal as refusal:
            context["refusal"] = refusal
        else:
            found, place = queries.try_line(card, tried, _seq(request), request.actor.staff)
            # What the pad below says already is not said twice.
            known = {f.key for f in queries.findings(card, request.actor.staff)}
            held = store.at_best(tried[0].medicine)
            context["short"] = held is not None and tried[0].quantity is not None and held < tried[0].quantity
            context |= {
                "held": held,
                "tried": tried[0],
                "findings": spoken([f for f in found if f.line == place or f.key not in known]),
            }
    return render(request, "orders/_line_check.html", context)


def _seq(request: Any) -> int | None:
    text = str(request.POST.get("seq", ""))
    return int(text) if text.isdecimal() and len(text) < 7 else None


@screen("prescription.draft")
@require_POST
def lines(request: Any, pk: int) -> HttpResponse:
    """Add a line, or replace one (`seq`)."""
    card = seen(request, pk)
    form = _form(request, card, request.POST.get("medicine", "")[:16], data=request.POST)
    seq = _seq(request)
    if form.is_valid():
        try:
            actions.put_line(request.actor, pk, form.wish(), seq=seq, rev=posted_rev(request))
        except NoCare:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if not form.errors:
        return _back(request, card.encounter, pk)
    return _show(request, card.encounter, status=422, working=pk, line_form=form, seq=seq)


@screen("prescription.draft")
@require_POST
def removal(request: Any, pk: int, seq: int) -> HttpResponse:
    """Take a line off."""
    card = seen(request, pk)
    return _done(
        request, card.encounter, lambda: actions.drop_line(request.actor, pk, seq, rev=posted_rev(request)), pk
    )


@screen("prescription.draft")
@require_POST
def copy(request: Any, pk: int) -> HttpResponse:
    """Copy the lines of an earlier prescription of the patient."""
    card = seen(request, pk)
    source = str(request.POST.get("source", ""))
    if not source.isdecimal() or len(source) > 18:
        raise NotFound
    return _done(
        request, card.encounter, lambda: actions.copy_lines(request.actor, pk, int(source), rev=posted_rev(request)), pk
    )


@screen("prescription.sign")
@require_POST
def signature(request: Any, pk: int) -> HttpResponse:
    """Sign the draft. A closed signing window asks for the password in place; what was typed stays."""
    card = seen(request, pk)
    given = answering.given(request.POST)

    def sign() -> Any:
        return actions.sign(
            request.actor, pk, rev=posted_rev(request), answers=answering.texts(given), second=_second(request)
        )

    return _sign(request, card, sign, given)


@screen("prescription.sign")
@require_POST
def reply(request: Any, pk: int) -> HttpResponse:
    """Answer a return and sign again."""
    card = seen(request, pk)
    given = answering.given(request.POST)
    text = request.POST.get("text", "")

    def sign() -> Any:
        return actions.reply(
            request.actor, pk, text, rev=posted_rev(request), answers=answering.texts(given), second=_second(request)
        )

    return _sign(request, card, sign, given, reply_form=ReplyForm(request.POST))


def _second(request: Any) -> str:
    return str(request.POST.get("second", ""))


def _sign(request: Any, card: PrescriptionCard, sign: Any, given: Any, **forms: Any) -> HttpResponse:
    try:
        password = request.POST.get("password", "")
        if password:
            trust.reauthenticate(request.actor, password)
        sign()
    except NoCare:
        raise
    except Refusal as refusal:
        more = {"refusal": refusal, "given": given, "ask_password": refusal.status == 401} | forms
        return _show(request, card.encounter, status=422, working=card.pk, **more)
    return _back(request, card.encounter, signed=card.pk)


def _done(request: Any, encounter: int, act: Any, working: int | None = None) -> HttpResponse:
    """Do it and show the pad again; a refusal is shown on the pad, with the answers typed so far."""
    try:
        made = act()
    except NoCare:
        raise
    except Refusal as refusal:
        given = answering.given(request.POST)
        return _show(request, encounter, status=422, working=working, refusal=refusal, given=given)
    return _back(request, encounter, working or made)


def _back(request: Any, encounter: int, working: int | None = None, signed: int | None = None) -> HttpResponse:
    """The pad after something was written: the fragment for htmx, else the page anew."""
    if request.htmx:
        return _show(request, encounter, working=working, signed=signed, given=answering.given(request.POST))
    query = f"?rx={working}" if working else f"?signed={signed}" if signed else ""
    return HttpResponseRedirect(reverse("orders:on_encounter", args=[encounter]) + query, status=303)


def _show(request: Any, encounter: int, *, status: int = 200, working: int | None = None, **more: Any) -> HttpResponse:
    context = _pad(request, encounter, working) | more
    if context["working"] is not None:
        context |= _signing(request, context)
    template = "orders/_pad.html" if request.htmx else "orders/encounter.html"
    return render(request, template, context, status=status)


def _pad(request: Any, encounter: int, working: int | None) -> dict[str, Any]:
    """Prescriptions of the encounter; the working one is the one named, else the newest that the person may change."""
    visit = chart.encounter(encounter)
    cards = queries.of_encounter(encounter)
    named = working or _number(request.GET.get("rx", ""))
    writable = [card for card in cards if card.step in EDITABLE and mine(request, card)]
    held = next((card for card in writable if card.pk == named), writable[0] if writable else None)
    may = request.actor_permissions
    others = [card for card in cards if held is None or card.pk != held.pk]
    strips = queries.strips([card.pk for card in others if card.step is not Step.DRAFTED])
    return {
        "visit": visit,
        "encounter": encounter,
        "patient": visit.patient,
        "banner": chart.banner(visit.patient, encounter),
        "working": about(held) if held else None,
        "others": [about(card) | {"nodes": strips.get(card.pk)} for card in others],
        "can_draft": "prescription.draft" in may and visit.opened_at is not None and visit.closed_at is None,
        "favourites": queries.favourites(request.actor.staff) if held else [],
        "earlier": [about(card) for card in queries.earlier(visit.patient, but=held.pk)] if held else [],
        "status_line": terms.provenance(),
    }


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _signing(request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """The check of the working prescription, the answers so far, and whether the password is asked."""
    card: PrescriptionCard = context["working"]["rx"]
    said = queries.findings(card, request.actor.staff)
    _note(request, card, said)
    found = spoken(said)
    given = context.get("given") or {}
    returned = card.step is Step.RETURNED
    return {
        "rx": card,
        "checked": answering.paired(found, given),
        "refusing": any(finding.grade == "refuse" for finding in found),
        "second": seconding.needed(found),
        "returned": returned,
        "returns": queries.returns(card.pk)[-1:] if returned else [],
        "reply_form": context.get("reply_form") or (ReplyForm() if returned else None),
        "ask_password": context.get("ask_password") or not window_open(request.actor),
    }


def _note(request: Any, card: PrescriptionCard, found: list[Any]) -> None:
    """Keep what is shown and stops the hand. Where it cannot be kept now, the doctor still sees it."""
    if "prescription.draft" in request.actor_permissions and unseen(card.pk, card.version, found):
        try:
            actions.note_shown(request.actor, card.pk, found)
        except StorageFull:
            request.unkept = True
