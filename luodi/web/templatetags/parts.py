"""The parts of every screen as template tags. PARTS.md is their catalogue; `/design/` shows each one.

Tags only arrange: they take plain values, escape whatever a person typed, and never read the database.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from luodi.paper import codes
from luodi.trust import clock as hospital_clock
from luodi.web import formats, remap
from luodi.web.parts import shapes

register = template.Library()
for _name, _function in formats.FILTERS.items():
    register.filter(_name, _function)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line icon of the sprite; decorative unless `label` gives it a spoken name."""
    href = f"{static('luodi/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag(takes_context=True)
def key(context: template.Context, combination: str) -> SafeString:
    """The keys of an action, shown on its button; readers hear it from `aria-keyshortcuts`, hence hidden from them."""
    own = remap.moved(context.get("request")).get(combination, combination)
    return format_html('<kbd aria-hidden="true">{}</kbd>', own)


@register.simple_tag
def tag(text: object, kind: str = "") -> SafeString:
    """A state mark with the shape of its kind: "", info, caution, critical, done."""
    return format_html('<span class="tag {}">{}</span>', kind if kind in shapes.KINDS else "", text)


@register.inclusion_tag("web/parts/_patient_banner.html")
def patient_banner(banner: Any) -> dict[str, Any]:
    """The patient on every patient page; see PARTS.md for the keys. A missing fact reads 未知."""
    return {"b": shapes.banner(banner)}


@register.inclusion_tag("web/parts/_allergies.html")
def allergies(block: Any) -> dict[str, Any]:
    """The four-state allergy block: not_asked, denied, unconfirmed, listed."""
    return {"a": shapes.allergies(block)}


@register.inclusion_tag("web/parts/_drug_line.html")
def drug_line(line: Any, number: int | str = "") -> dict[str, Any]:
    """One medicine as it is written: generic, brand, strength, form, dose, route, frequency; never shortened."""
    return {"d": shapes.drug(line), "number": number}


@register.inclusion_tag("web/parts/_finding.html")
def finding(item: Any, answers: Mapping[str, str] | None = None, editable: bool = True) -> dict[str, Any]:
    """One answer of the decision support with why, source, and what to do instead; an ASK carries its reason field."""
    return {"f": shapes.finding(item, answers or {}), "editable": editable}


@register.inclusion_tag("web/parts/_findings.html")
def findings(items: Iterable[Any], answers: Mapping[str, str] | None = None, editable: bool = True) -> dict[str, Any]:
    """All findings, what is refused first."""
    shaped = sorted((shapes.finding(item, answers or {}) for item in items), key=lambda f: f["rank"])
    return {"items": shaped, "editable": editable}


@register.simple_block_tag(end_name="endworklist")
def worklist(
    content: str,
    title: object,
    count: int,
    id: str,
    oldest: datetime | None = None,
    topic: str = "",
    url: str = "",
    empty: object = "",
    filter: bool = False,
) -> SafeString:
    """A list of work: count, oldest wait, keyboard rows, the bar of new rows, and an empty state when there is none."""
    context = {
        "content": content,
        "title": title,
        "count": count,
        "id": id,
        "oldest": oldest,
        "topic": topic,
        "url": url,
        "empty": empty,
        "filter": filter,
    }
    return render_to_string("web/parts/_worklist.html", context)


@register.simple_tag
def row(pk: object) -> SafeString:
    """The attributes of a worklist row."""
    return format_html('data-row id="row-{}"', pk)


@register.simple_tag
def open_link(url: str, text: object, page: bool = False) -> SafeString:
    """A row's link: opens in the side panel through htmx, as a page without JavaScript or with `page=True`."""
    if page:
        return format_html('<a href="{}" data-open>{}</a>', url, text)
    return format_html('<a href="{0}" data-open hx-get="{0}" hx-target="#panel" hx-swap="innerHTML">{1}</a>', url, text)


@register.simple_block_tag(end_name="endpanel")
def panel(content: str, title: object, back: str = "") -> SafeString:
    """The fragment of a side panel: its heading takes the focus, its close link works without JavaScript."""
    return render_to_string("web/parts/_panel.html", {"content": content, "title": title, "back": back})


@register.inclusion_tag("web/parts/_loop_strip.html")
def loop_strip(nodes: Iterable[Mapping[str, Any]], compact: bool = False) -> dict[str, Any]:
    """The order-execution loop: each node with its state, who, when and where."""
    return {"nodes": shapes.nodes(nodes), "compact": compact}


@register.inclusion_tag("web/parts/_reading.html")
def reading(item: Any) -> dict[str, Any]:
    """A measured value beside its target; None reads 数据不足 and never zero."""
    return {"r": shapes.reading(item)}


@register.inclusion_tag("web/parts/_empty_state.html")
def empty_state(text: object, action: object = "", action_url: str = "") -> dict[str, Any]:
    """Nothing here, in words, with the next useful step."""
    return {"text": text, "action": action, "action_url": action_url}


@register.inclusion_tag("web/parts/_refusal.html")
def error_state(text: object, next: object = "") -> dict[str, Any]:
    """Something is broken or missing and what to do about it."""
    return {"refusal": {"message": text, "next": next}}


@register.inclusion_tag("web/parts/_refusal.html")
def refusal(refused: Any, next: object = "") -> dict[str, Any]:
    """A refused act: the message and what to do next. Takes a `Refusal` or a string and `next`."""
    if isinstance(refused, str) or not hasattr(refused, "message"):
        return {"refusal": {"message": refused, "next": next}}
    return {"refusal": refused}


@register.inclusion_tag("web/parts/_field.html")
def field(bound: BoundField, **options: str) -> dict[str, Any]:
    """Label, input, help and error of one form field. Option `class` is put on the wrapper."""
    described = []
    if bound.help_text:
        described.append(f"{bound.auto_id}_help")
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    widget = bound.field.widget
    return {
        "f": bound,
        "input": bound.as_widget(attrs=attributes),
        "single": isinstance(widget, CheckboxInput),
        "group": bound.use_fieldset,
        "class": options.get("class", ""),
    }


@register.inclusion_tag("web/parts/_fields.html")
def fields(form: Any) -> dict[str, Any]:
    """All visible fields of a form, and its hidden ones."""
    return {"form": form}


@register.inclusion_tag("web/parts/_form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """The summary of what is wrong in a form, linked to the fields."""
    wrong = [bound for bound in form if bound.errors]
    return {
        "form": form,
        "wrong": [bound for bound in wrong if not bound.is_hidden],
        "stale": any(bound.is_hidden for bound in wrong),
    }


@register.simple_tag
def idempotency() -> SafeString:
    """A fresh token that lets the server recognise the same form sent twice."""
    return format_html('<input type="hidden" name="idempotency" value="{}">', token_urlsafe(16))


@register.inclusion_tag("web/parts/_badge_triage.html")
def badge_triage(level: int | str | None) -> dict[str, Any]:
    """The triage level as a Roman numeral on its colour bar; None is said in words."""
    number = int(level) if level and str(level) in "1234" else None
    return {"level": number, "roman": "ⅠⅡⅢⅣ"[number - 1] if number else ""}


@register.inclusion_tag("web/parts/_wait.html")
def wait(since: datetime | int | None, threshold: int) -> dict[str, Any]:
    """Minutes waited against a threshold in minutes; near it from 80 %, over it beyond."""
    minutes = formats.minutes_since(since)
    state = ""
    if minutes is not None and minutes > threshold:
        state = "over"
    elif minutes is not None and minutes * 5 >= threshold * 4:
        state = "near"
    # four figures of minutes are read by nobody
    long = formats.span(minutes) if minutes is not None and minutes >= 120 else ""
    return {"minutes": minutes, "threshold": threshold, "state": state, "long": long}


@register.inclusion_tag("web/parts/_pagination.html")
def pagination(page: Page) -> dict[str, Any]:
    """Previous, next and where one is; nothing for a single page."""
    return {"page": page}


@register.simple_block_tag(end_name="endconfirmbar")
def confirmbar(content: str, text: object) -> SafeString:
    """The sticky bar that says what will happen beside the buttons that do it."""
    return format_html('<div class="confirm-bar"><p>{}</p><div class="actions">{}</div></div>', text, content)


@register.simple_tag
def barcode(value: str, text: bool = True, height: int = 48) -> SafeString:
    """Code 128 of `value` as inline SVG with presentation attributes alone."""
    return codes.code128(str(value), text=text, height=height)


@register.simple_tag
def qr(value: str, size: int = 96) -> SafeString:
    """QR code of `value` as inline SVG, `size` in CSS pixels."""
    return codes.qr(str(value), size)


@register.simple_block_tag(takes_context=True, end_name="endsheet")
def sheet(
    context: template.Context,
    content: str,
    title: object,
    number: int = 1,
    of: int = 1,
    patient: Any = None,
    qr: str = "",
    kind: str = "",
    size: str = "a4",
) -> SafeString:
    """One printed page with its patient, page n/m, who printed it and when, and the QR of its ledger reference."""
    values = {
        "content": content,
        "title": title,
        "number": number,
        "of": of,
        "patient": patient,
        "qr": qr,
        "kind": kind if kind in shapes.SHEETS else "",
        "corner": str(shapes.SHEETS[kind]) if shapes.SHEETS.get(kind) else "",
        "size": size if size in {"a4", "a5", "label", "wristband"} else "a4",
        "hospital": context.get("hospital", ""),
        "printed_by": (context.get("header") or {}).get("name", ""),
        "printed_at": hospital_clock.now(),
    }
    return render_to_string("web/parts/_sheet.html", values)
