"""Public writers of the room."""

from .calling import call, finish, pass_over, recall, return_to_queue, start
from .registering import Registered, cancel, register, register_new, register_unknown
from .sessions import open_session, resize_session, stop_session
from .triaging import triage

__all__ = [
    "Registered",
    "call",
    "cancel",
    "finish",
    "open_session",
    "pass_over",
    "recall",
    "register",
    "register_new",
    "register_unknown",
    "resize_session",
    "return_to_queue",
    "start",
    "stop_session",
    "triage",
]
