"""Which patients of a queue go where when it is split: arithmetic alone, shown before anything moves."""

from collections.abc import Sequence

from .queries import QueueRow


def shares(rows: Sequence[QueueRow], targets: Sequence[int], every: int, *, stopped: bool) -> dict[int, int]:
    """Every n-th who waits, in the order of the queue, to the targets in turn: ticket → session.

    Who is back with results stays with the doctor who asked for them, and who was missed stays where they are looked
    for, unless the doctor has stopped.
    """
    movable = [row for row in rows if stopped or (row.state == "waiting" and not row.returns)]
    chosen = movable[every - 1 :: every] if every > 0 and targets else []
    return {row.ticket: targets[turn % len(targets)] for turn, row in enumerate(chosen)}
