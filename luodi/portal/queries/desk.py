"""What the desk and the worker have to do for patients: corrections wished for, messages to send."""

from datetime import datetime
from typing import Any, NamedTuple

from luodi.patients import queries as patients
from luodi.reception import queries as reception
from luodi.trust import access, people

from ..models import Correction, Notice
from .accounts import agreeing

WISH, WORDS = "portal.wish", "portal.answer"


class CorrectionCard(NamedTuple):
    """A wish. done None: nobody has answered it."""

    pk: int
    patient: int
    name: str
    wish: str
    at: datetime
    done: bool | None
    words: str
    staff_name: str


class Message(NamedTuple):
    """What is to be told to a telephone about an appointment. kind: stopped, offered."""

    account: int
    appointment: int
    kind: str


def corrections() -> list[CorrectionCard]:
    """Wishes that nobody has answered, the oldest first."""
    return _cards(Correction.objects.filter(end=None).order_by("pk"))


def corrections_of(account: int) -> list[CorrectionCard]:
    """Wishes of one account for the people it acts for now, the latest first."""
    mine = [bond.patient for bond in access.bonds_of_account(account)]
    return _cards(Correction.objects.filter(account=account, patient__in=mine).order_by("-pk")[:20])


def to_correct() -> tuple[int, datetime | None]:
    """How many wishes wait, and since when the oldest."""
    found = list(Correction.objects.filter(end=None).order_by("at").values_list("at", flat=True))
    return len(found), found[0] if found else None


def to_tell(limit: int) -> list[Message]:
    """Messages not yet handed over: stopped sessions and slots held, to accounts that agreed to be told."""
    wanted = [(row, "stopped") for row in reception.stopped_without_another()]
    wanted += [(row, "offered") for row in reception.offered()]
    told = set(
        Notice.objects.filter(appointment__in=[row.pk for row, _kind in wanted]).values_list(
            "account", "appointment", "kind"
        )
    )
    bonds = access.bonds_of_patients({row.patient for row, _kind in wanted})
    agreed = agreeing({bond.account for bond in bonds}, "sms")
    found = [
        Message(bond.account, row.pk, kind)
        for row, kind in wanted
        for bond in bonds
        if bond.patient == row.patient and bond.account in agreed and (bond.account, row.pk, kind) not in told
        if bond.verified or reception.made(row.pk, bond.account)
    ]
    return found[:limit]


def _cards(rows: Any) -> list[CorrectionCard]:
    found = list(rows.select_related("end"))
    names = patients.cards(row.patient_id for row in found)
    staff = people.names(row.end.staff_id for row in found if getattr(row, "end", None))
    return [_card(row, names[row.patient_id].name, staff) for row in found]


def _card(row: Correction, name: str, staff: dict[int, str]) -> CorrectionCard:
    end = getattr(row, "end", None)
    return CorrectionCard(
        row.pk, row.patient_id, name, patients.open_for(row.patient_id, row.wish, WISH), row.at,
        end.done if end else None, patients.open_for(row.patient_id, end.words, WORDS) if end else "",
        staff.get(end.staff_id, "") if end else "",
    )  # fmt: skip
