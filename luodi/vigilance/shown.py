"""A report in words."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from luodi.trust.spoken import spoken
from luodi.vigilance import codes
from luodi.vigilance.types import ReactionCard

STAGES = ("drafted", "reported", "assessed", "submitted", "closed")


class Shown(NamedTuple):
    """The codes of a report in the language of the screen. `suspects`: (medicine, name), each once."""

    stage: str
    kind: str
    terms: str
    seriousness: str
    outcome: str
    action: str
    dechallenge: str
    rechallenge: str
    impact: str
    causality: str
    judged: str
    related: bool
    suspects: list[tuple[str, str]]
    steps: list[dict[str, Any]]


def stage_name(stage: str) -> str:
    return {
        "drafted": _("草稿"),
        "reported": _("待评价"),
        "assessed": _("待报送"),
        "submitted": _("已报送"),
        "closed": _("已结案"),
        "withdrawn": _("已撤回"),
    }[stage]


def shown(card: ReactionCard) -> Shown:
    form, judged = card.form, card.assessed
    grave = _("严重") if card.serious else _("一般")
    current = judged is not None and judged.version == card.version
    suspects = {
        drug.pack.medicine: spoken(drug.pack.drug.generic, drug.pack.drug.generic_en)
        for drug in card.drugs
        if drug.role == "suspect"
    }
    return Shown(
        stage_name(card.stage), f"{_('新的')} · {grave}" if form.new else grave, codes.names("reaction", form.terms),
        codes.names("seriousness", form.seriousness), codes.name("outcome", form.outcome),
        codes.name("action", form.action), codes.name("dechallenge", form.dechallenge),
        codes.name("rechallenge", form.rechallenge), codes.name("impact", form.impact),
        codes.name("causality", form.causality), codes.name("causality", judged.causality) if judged else "",
        bool(judged and current and judged.causality in codes.RELATED), list(suspects.items()), _strip(card),
    )  # fmt: skip


def _strip(card: ReactionCard) -> list[dict[str, Any]]:
    words = {
        "drafted": _("填写"),
        "reported": _("上报"),
        "assessed": _("评价"),
        "submitted": _("报送"),
        "closed": _("结案"),
    }
    times = {
        "drafted": card.drafted_at,
        "reported": card.reported_at,
        "assessed": card.assessed.at if card.assessed else None,
        "submitted": card.submitted_at,
    }
    at = STAGES.index(card.stage) if card.stage in STAGES else -1
    return [
        {
            "label": words[stage],
            "state": "done" if place <= at else "current" if place == at + 1 and at >= 0 else "future",
            "at": times.get(stage) if place <= at else None,
        }
        for place, stage in enumerate(STAGES)
    ]
