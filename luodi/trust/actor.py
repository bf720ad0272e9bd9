"""Who acts, and on what."""

from typing import NamedTuple


class Actor(NamedTuple):
    """A person at work in one post, or a patient at their telephone.

    staff: primary key of the staff row, 0 for nobody (before login).
    post: code of the post (岗位) worked in; unit: primary key of the unit; device: terminal or handheld.
    breakglass: primary key of the break-glass grant in force, as text, or "".
    session: primary key of the login session, 0 outside one (a command, a task).
    account: primary key of the portal account of a patient or a relative, who is no staff; 0 for everybody else.
    """

    staff: int
    post: str
    unit: int
    device: str
    breakglass: str = ""
    session: int = 0
    account: int = 0


class Ref(NamedTuple):
    """What an act is about: a kind of row, its primary key, and the patient whose data it holds, if any."""

    kind: str
    pk: int
    patient: int | None = None


NOBODY = Actor(staff=0, post="", unit=0, device="")


def system(device: str) -> Actor:
    """The actor of the program's own acts (sealing, seeding, rotation): no person, a named device."""
    return NOBODY._replace(device=device)


def is_program(by: Actor) -> bool:
    """True for an actor of `system`: no person, but a named device. NOBODY is not one, and neither is a patient."""
    return not by.staff and not by.account and bool(by.device)
