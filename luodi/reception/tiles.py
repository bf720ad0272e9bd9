"""The worklists of this room for the Today page: how many wait, and since when the one who waits longest."""

from datetime import datetime

from luodi.trust import people
from luodi.trust.actor import Actor

from . import queries

Waiting = tuple[int, datetime | None]


def my_queue(by: Actor) -> Waiting:
    """Who waits for a doctor: those of the actor, or of the unit where the actor is no doctor."""
    return queries.waiting(by.unit, by.staff if people.holds(by.staff, "encounter.open", by.unit) else None)


def triage_due(by: Actor) -> Waiting:
    """Emergency patients to assess now: not triaged yet, or past their re-triage limit."""
    return queries.retriage_due(by.unit)
