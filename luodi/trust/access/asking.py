"""What the desk does for everybody, a patient may do for oneself: the same act, asked for in three ways."""

from luodi.trust.access.bonds import require_bond
from luodi.trust.access.permissions import may, require
from luodi.trust.actor import Actor

OWN = "appointment.own"  # held by the post of patients
VISIT = "visit.register"
KIOSK = "kiosk.serve"  # held by a terminal in the hall, which asks who stands before it


def require_asking(by: Actor, permission: str, patient: int | None = None) -> None:
    """Staff must hold the permission, or be a terminal where visits are booked.

    A portal account must be bound to the patient, where one is named.
    Raises Forbidden, NotYours.
    """
    if by.account:
        require(by, OWN)
        if patient is not None:
            require_bond(by, patient)
    elif not (may(by, permission) or (permission == VISIT and may(by, KIOSK))):
        require(by, permission)


def by_oneself(by: Actor) -> bool:
    """True where a patient asks, by telephone or at a terminal: the rules that the desk may bend hold then."""
    return bool(by.account) or may(by, KIOSK)
