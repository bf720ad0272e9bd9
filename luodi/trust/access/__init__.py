"""Keep it ours: who may do what, and whose data."""

from luodi.trust.access.asking import by_oneself, require_asking
from luodi.trust.access.bonds import (
    BondCard,
    NotYours,
    bind,
    bonds_of_account,
    bonds_of_patient,
    bonds_of_patients,
    bound,
    opens,
    require_bond,
    unbind,
)
from luodi.trust.access.care import NoCare, cares, glass, relate, related, require_care, unrelate, unreviewed
from luodi.trust.access.permissions import may, permissions, require, require_operator
from luodi.trust.access.same import Person, person, persons, regroup
from luodi.trust.access.watching import unwatch, watch, watched

__all__ = [
    "BondCard",
    "NoCare",
    "NotYours",
    "Person",
    "bind",
    "bonds_of_account",
    "bonds_of_patient",
    "bonds_of_patients",
    "bound",
    "by_oneself",
    "cares",
    "glass",
    "may",
    "opens",
    "permissions",
    "person",
    "persons",
    "regroup",
    "relate",
    "related",
    "require",
    "require_asking",
    "require_bond",
    "require_care",
    "require_operator",
    "unbind",
    "unrelate",
    "unreviewed",
    "unwatch",
    "watch",
    "watched",
]
