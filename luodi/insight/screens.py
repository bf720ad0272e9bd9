"""指标: every measure with its reading, and one measure with its definition, parts and trend."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from luodi.trust import ledger
from luodi.trust.screen import screen

from . import queries
from .figures import figure, rounded
from .forms import WindowForm
from .measure import Window
from .words import part_name


@screen("measure.read")
def measures(request: Any) -> HttpResponse:
    """All measures as tiles, over one window, at one head."""
    form, window, head = _asked(request)
    trends = [queries.trend(m.code, window, head) for m in queries.measures()]
    tiles = [
        figure(trend[-1], trend, url=f"{reverse('insight:measure', args=[trend[-1].measure])}?days={form.chosen()}")
        for trend in trends
    ]
    rows = [(definition, trend[-1]) for definition, trend in zip(queries.measures(), trends, strict=True)]
    return render(
        request, "insight/measures.html", {"form": form, "tiles": tiles, "rows": rows, "window": window, "head": head}
    )


@screen("measure.read")
def measure(request: Any, code: str) -> HttpResponse:
    """One measure: what it counts, how, who answers for it, and the counts behind the number."""
    definition = queries.measure(code)
    form, window, head = _asked(request)
    trend = queries.trend(code, window, head)
    reading = trend[-1]
    parts = [(part_name(part.code), part, rounded(part.value)) for part in reading.parts]
    history = [(past, rounded(past.value)) for past in reversed(trend)]
    return render(
        request,
        "insight/measure.html",
        {
            "definition": definition, "form": form, "window": window, "head": head,
            "tile": figure(reading, trend), "parts": parts, "history": history,
        },
    )  # fmt: skip


def _asked(request: Any) -> tuple[WindowForm, Window, int]:
    form = WindowForm(request.GET or {"days": "7"})
    return form, queries.latest_window(form.chosen()), ledger.head()
