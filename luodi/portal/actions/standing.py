"""Who stands before a terminal in the hall."""

from luodi.patients import queries as patients
from luodi.trust import policy
from luodi.trust.act import about, act, evidence
from luodi.trust.actor import Actor

from .. import tries


@act("kiosk.identify", may="kiosk.serve")
def identify(by: Actor, read: str, phone4: str) -> int | None:
    """The patient whose card was read and who knows the last four digits of the phone; None for anything else.

    Each try is counted for the terminal. Raises TooOften.
    """
    about("kiosk", by.staff)
    tries.count("kiosk", str(by.staff), policy.number("kiosk_tries"))
    patient = patients.standing_there(read, phone4)
    if patient is None:
        evidence(matched=False)
        return None
    about("patient", patient, patient, care=False)
    return patient
