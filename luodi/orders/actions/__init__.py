"""Public writers of the room."""

from luodi.orders.actions.dossiers import end_dossier, open_dossier, review_dossier
from luodi.orders.actions.drafting import copy_lines, draft, drop_line, put_line
from luodi.orders.actions.ending import expire, extend, stop
from luodi.orders.actions.formalities import end_formality
from luodi.orders.actions.rights import grant_right
from luodi.orders.actions.showing import note_shown
from luodi.orders.actions.signing import reply, sign
from luodi.orders.actions.stepping import advance, advance_task, request_prn

__all__ = [
    "advance",
    "advance_task",
    "copy_lines",
    "draft",
    "drop_line",
    "end_dossier",
    "end_formality",
    "expire",
    "extend",
    "grant_right",
    "note_shown",
    "open_dossier",
    "put_line",
    "reply",
    "request_prn",
    "review_dossier",
    "sign",
    "stop",
]
