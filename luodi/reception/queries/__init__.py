"""Public readers of the room: plain values, names opened for one page at a time."""

from .queue import ORDER, BoardRow, QueueRow, board, desk, queue, ticket, waiting
from .sessions import RegistrationCard, SessionCard, registration, registrations_of, session, sessions, today_of
from .triage import TriageCard, TriageRow, latest_triage, retriage_due, triage_list, triage_versions

__all__ = [
    "ORDER",
    "BoardRow",
    "QueueRow",
    "RegistrationCard",
    "SessionCard",
    "TriageCard",
    "TriageRow",
    "board",
    "desk",
    "latest_triage",
    "queue",
    "registration",
    "registrations_of",
    "retriage_due",
    "session",
    "sessions",
    "ticket",
    "today_of",
    "triage_list",
    "triage_versions",
    "waiting",
]
