"""What only a verified bond opens."""

from luodi.trust import access
from luodi.trust.actor import Actor

from .refusals import NotVerified


def require_verified(by: Actor, patient: int) -> None:
    """Raises NotYours where the account does not act for the patient, NotVerified where nobody has seen a document."""
    access.require_bond(by, patient)
    if not access.opens(by, patient):
        raise NotVerified
