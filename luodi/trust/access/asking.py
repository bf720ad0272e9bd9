"""What the desk does for everybody, a patient may do for oneself: the same act, asked for in two ways."""

from luodi.trust.access.bonds import require_bond
from luodi.trust.access.permissions import require
from luodi.trust.actor import Actor

OWN = "appointment.own"  # held by the post of patients


def require_asking(by: Actor, permission: str, patient: int | None = None) -> None:
    """Staff must hold the permission; a portal account must be bound to the patient, where one is named.

    Raises Forbidden, NotYours.
    """
    if not by.account:
        require(by, permission)
        return
    require(by, OWN)
    if patient is not None:
        require_bond(by, patient)
