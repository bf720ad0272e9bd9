"""Public readers of the commentary."""

from luodi.commentary.queries.cases import (
    ABOUT_ME,
    Sheet,
    about,
    diagnosis_name,
    held,
    mine,
    ruling_words,
    sheet,
    statement_words,
    to_answer,
    told,
    waiting_for_ruling,
    words,
)
from luodi.commentary.queries.reports import proposal, proposals, recomputed, report, reports
from luodi.commentary.queries.samples import Redrawn, commentators, redrawn, sample, samples

__all__ = [
    "ABOUT_ME",
    "Redrawn",
    "Sheet",
    "about",
    "commentators",
    "diagnosis_name",
    "held",
    "mine",
    "proposal",
    "proposals",
    "recomputed",
    "redrawn",
    "report",
    "reports",
    "ruling_words",
    "sample",
    "samples",
    "sheet",
    "statement_words",
    "to_answer",
    "told",
    "waiting_for_ruling",
    "words",
]
