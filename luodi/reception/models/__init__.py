"""Private tables of the room."""

from .queue import Ticket, TicketEvent
from .sessions import Cancellation, Registration, Session, Stop
from .triage import Triage

__all__ = ["Cancellation", "Registration", "Session", "Stop", "Ticket", "TicketEvent", "Triage"]
