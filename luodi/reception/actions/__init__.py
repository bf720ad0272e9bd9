"""Public writers of the room."""

from .booking import add_on, arrive, book, cancel_appointment, confirm, end, lift_ban, return_quota
from .calling import call, come_back, finish, pass_over, recall, return_to_queue, start
from .green import end_channel, open_channel, reach_point
from .mass import Tagged, end_event, open_event, tag_victim
from .registering import Registered, cancel, register, register_new, register_unknown
from .roster import end_template, new_template, publish
from .sessions import open_session, resize_session, stop_session
from .splitting import split, transfer
from .triaging import triage
from .waiting import leave_list, offer, wait_for

__all__ = [
    "Registered",
    "Tagged",
    "add_on",
    "arrive",
    "book",
    "call",
    "cancel",
    "cancel_appointment",
    "come_back",
    "confirm",
    "end",
    "end_channel",
    "end_event",
    "end_template",
    "finish",
    "leave_list",
    "lift_ban",
    "new_template",
    "offer",
    "open_channel",
    "open_event",
    "open_session",
    "pass_over",
    "publish",
    "reach_point",
    "recall",
    "register",
    "register_new",
    "register_unknown",
    "resize_session",
    "return_quota",
    "return_to_queue",
    "split",
    "start",
    "stop_session",
    "tag_victim",
    "transfer",
    "triage",
    "wait_for",
]
