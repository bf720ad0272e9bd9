"""Public writers of the trust room."""

from luodi.trust.actions.glass import break_glass, review_glass, review_reading
from luodi.trust.actions.keys import change_root, destroy_version, move_key, rotate_key
from luodi.trust.actions.login import (
    change_password,
    choose_post,
    end_my_sessions,
    enrol_second_factor,
    log_in,
    log_out,
    reauthenticate,
    show_second_factor,
)
from luodi.trust.actions.people import (
    assign,
    grant,
    hire,
    leave,
    new_post,
    new_unit,
    reset_password,
    set_grants,
    set_policy,
    unassign,
    withdraw,
)
from luodi.trust.actions.second import show_second

__all__ = [
    "assign",
    "break_glass",
    "change_password",
    "change_root",
    "choose_post",
    "destroy_version",
    "end_my_sessions",
    "enrol_second_factor",
    "grant",
    "hire",
    "leave",
    "log_in",
    "log_out",
    "move_key",
    "new_post",
    "new_unit",
    "reauthenticate",
    "reset_password",
    "review_glass",
    "review_reading",
    "rotate_key",
    "set_grants",
    "set_policy",
    "show_second",
    "show_second_factor",
    "unassign",
    "withdraw",
]
