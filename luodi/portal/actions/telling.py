"""A message about an appointment, to the telephones of whoever it was booked by."""

from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor, is_program
from luodi.trust.clock import now
from luodi.trust.refusal import Forbidden

from ..models import Notice


@act("portal.tell", may=None)
def tell(by: Actor, account: int, appointment: int, kind: str) -> None:
    """Note that a message is handed to the sender; the program alone. Once: the database refuses a second row."""
    if not is_program(by):
        raise Forbidden
    about("appointment", appointment)
    Notice.objects.create(account_id=account, appointment_id=appointment, kind=kind, at=now())
    evidence(account=account, kind=kind)
