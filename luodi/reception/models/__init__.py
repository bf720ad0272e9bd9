"""Private tables of the room."""

from .booking import LIVE, Appointment, AppointmentEvent, Lift, Quota, Template, Wait
from .green import GreenChannel, GreenEnd, GreenPoint
from .queue import Ticket, TicketEvent
from .sessions import Cancellation, Registration, Session, Stop
from .triage import Triage

__all__ = [
    "LIVE",
    "Appointment",
    "AppointmentEvent",
    "Cancellation",
    "GreenChannel",
    "GreenEnd",
    "GreenPoint",
    "Lift",
    "Quota",
    "Registration",
    "Session",
    "Stop",
    "Template",
    "Ticket",
    "TicketEvent",
    "Triage",
    "Wait",
]
