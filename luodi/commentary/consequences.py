"""What the count of extraordinary prescriptions suggests (处方管理办法 art. 45). Pure functions; people decide.

Art. 45: extraordinary prescriptions three times and more without a proper reason: a warning, and the right is limited;
thereafter twice and more in succession without a proper reason: the right is taken away.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Judgement(NamedTuple):
    """A final verdict on a doctor's prescription, in the order of signing."""

    case: int
    extraordinary: bool


class Suggested(NamedTuple):
    """`step`: warn | cancel; the cases that it rests on."""

    step: str
    cases: tuple[int, ...]


def suggest(history: Sequence[Judgement], *, warned: bool, warn_at: int, cancel_at: int) -> Suggested | None:
    """history: judged since the last warning that was accepted (`warned`), else within the months that count."""
    if warned:
        run: list[int] = []
        for judgement in history:
            run = [*run, judgement.case] if judgement.extraordinary else []
            if len(run) >= cancel_at:
                return Suggested("cancel", tuple(run))
        return None
    cases = tuple(judgement.case for judgement in history if judgement.extraordinary)
    return Suggested("warn", cases) if len(cases) >= warn_at else None
