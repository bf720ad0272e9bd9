"""One prescription: everything that was written, signed and done; its print; the doctor's returned ones."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from luodi.chart import queries as chart
from luodi.orders import loop, printed, queries
from luodi.orders.cards import PrescriptionCard
from luodi.orders.forms import ExtendForm, StopForm
from luodi.orders.loop import LOOP, Step
from luodi.orders.screens.frame import about, banner, mine, seen
from luodi.paper.answer import pdf_answer
from luodi.patients import queries as patients
from luodi.trust import people
from luodi.trust.screen import screen


@screen("prescription.read")
def prescription(request: Any, pk: int) -> HttpResponse:
    """The page of one prescription."""
    text = request.GET.get("version", "")
    card = seen(request, pk, int(text) if text.isdecimal() and len(text) < 6 else None)
    return render(request, "orders/prescription.html", page(request, card))


def page(request: Any, card: PrescriptionCard, **instead: Any) -> dict[str, Any]:
    """Everything the page shows; `instead` replaces forms that came back wrong."""
    may = request.actor_permissions
    signatures = queries.signatures(card.pk)
    owed, ended = queries.formality_ends(card.pk)
    version = int(request.GET["version"]) if request.GET.get("version", "").isdecimal() else card.version
    lapsed = queries.has_lapsed(card) and not card.rest_until
    open_for_pharmacy = card.step in LOOP[Step.EXPIRED].after
    stoppable = card.step in loop.predecessors(Step.STOPPED, card.route)
    context = about(card) | {
        "banner": banner(card),
        "nodes": queries.strip(card.pk),
        "shown_version": version,
        "versions": range(1, card.version + 1),
        "findings": queries.signed_findings(card.pk, version),
        "signatures": [(row, people.name(row.staff)) for row in signatures],
        "returns": _by(queries.returns(card.pk)),
        "replies": _by(queries.replies(card.pk)),
        "extensions": _by(queries.extensions(card.pk)),
        "owed": owed,
        "ended": _by(ended),
        "stopped": queries.stop_words(card.pk),
        "tasks": queries.tasks(card.pk) if card.bedside and card.signed_at else [],
        "states": loop.STATE,
        "lapsed": lapsed,
        "editable": card.step in (Step.DRAFTED, Step.RETURNED) and mine(request, card) and "prescription.draft" in may,
        "stop_form": StopForm() if stoppable and "prescription.stop" in may else None,
        "extend_form": ExtendForm()
        if open_for_pharmacy and not card.rest_until and mine(request, card) and "prescription.sign" in may
        else None,
        "can_expire": lapsed and bool(LOOP[Step.EXPIRED].by & may),
    }
    return context | instead


def _by(words: list[Any]) -> list[tuple[Any, str]]:
    names = people.names(word.staff for word in words)
    return [(word, names.get(word.staff, "")) for word in words]


@screen("prescription.read")
def sheet(request: Any, pk: int) -> HttpResponse:
    """The printed prescription (处方笺), fields of annex 1 of 处方管理办法."""
    card = seen(request, pk)
    signatures = queries.signatures(pk)
    last = signatures[-1] if signatures else None
    context = about(card) | {
        "patient": patients.card(card.patient),
        "banner": banner(card),
        "diagnoses": chart.diagnoses(card.encounter),
        "signature": last,
        "signature_hex": last.value.hex()[-16:].upper() if last else "",
        "signers": _signers(pk),
        "qr": f"LUODI-ENTRY-{last.entry}" if last else "",
        "title": _("处方笺") if not card.bedside else _("用药医嘱单"),
    }
    return render(request, "orders/print.html", context)


@screen("prescription.read")
def sheet_pdf(request: Any, pk: int) -> HttpResponse:
    """The same as PDF, on the colour of its kind. The name of the file names nobody."""
    card = seen(request, pk)
    if not card.signed_at:
        raise Http404
    by = printed.Printer(settings.LUODI.hospital, people.name(request.actor.staff))
    return pdf_answer(printed.pdf(card, by), f"prescription-{card.pk}")


def _signers(pk: int) -> list[tuple[Any, str]]:
    """审核 调配 核对 发药: label and name of each who has taken the step since the last signature."""
    took = {step.step: step.who for step in queries.steps_taken(pk)}
    return [(label, next((took[step] for step in steps if step in took), "")) for label, steps in printed.SIGNERS]


@screen("prescription.draft")
def returned(request: Any) -> HttpResponse:
    """Returned prescriptions of this doctor and the unit, and the doctor's lapsed ones."""
    by = request.actor
    waiting, lapsed = queries.returned(by.staff, by.unit), queries.lapsed(by.staff)
    cards = patients.cards({row.patient for row in (*waiting, *lapsed)})
    if cards:
        request.saw(*cards)
    context = {
        "rows": [(row, cards[row.patient], _reason(row.pk)) for row in waiting],
        "oldest": min((row.since for row in waiting), default=None),
        "lapsed": [(row, cards[row.patient]) for row in lapsed],
    }
    return render(request, "orders/returned.html", context)


def _reason(pk: int) -> str:
    said = queries.returns(pk)
    return said[-1].text if said else ""
