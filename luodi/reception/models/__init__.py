"""Private tables of the room."""

from .booking import LIVE, Appointment, AppointmentEvent, Lift, Quota, Template, Wait
from .green import GreenChannel, GreenEnd, GreenPoint
from .mass import MassEnd, MassEvent, Victim, VictimTriage
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
    "MassEnd",
    "MassEvent",
    "Quota",
    "Registration",
    "Session",
    "Stop",
    "Template",
    "Ticket",
    "TicketEvent",
    "Triage",
    "Victim",
    "VictimTriage",
    "Wait",
]
