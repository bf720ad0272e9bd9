"""专册登记 at the hand-over, and what an issue leaves to come back. Called inside the pharmacy's act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from luodi.chart import queries as charts
from luodi.controlled import book, duties, refusals
from luodi.controlled.models import Account, Issue, Owed
from luodi.orders import queries as prescriptions
from luodi.patients import idcard
from luodi.patients import queries as patients
from luodi.trust import canonical
from luodi.trust.actor import Actor
from luodi.trust.clock import HOSPITAL_ZONE, now, today

FIELD = "controlled.issue"
UNRETURNED = {
    "lost": _("患者称已遗失"),
    "in_use": _("仍在使用中"),
    "refused": _("患者拒绝交回"),
    "first": _("首次领取后未开始使用"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What was asked at the window: the patient's document, who fetches for them, and why old patches are not there.

    `unreturned`: a code of UNRETURNED, "" where nothing is outstanding.
    """

    id_no: str = field(default="", repr=False)
    agent: str = field(default="", repr=False)
    agent_id: str = field(default="", repr=False)
    unreturned: str = ""


class Given(NamedTuple):
    """Of one line: how much of which lots (lot → quantity)."""

    line: int
    medicine: str
    lots: Mapping[int, Decimal]


def record(
    by: Actor, prescription: int, given: Iterable[Given], *, dispenser: int, checker: int, to_ward: bool,
    shown: Shown | None = None,
) -> int:  # fmt: skip
    """Enter what is handed over into the register and open what must come back. Returns the number of rows.

    Nothing is done for drugs without a book. Raises BadEntry where the document of the patient, or half of the agent's
    data, is missing (not for a ward), or patches are outstanding without a reason; Blocked as the book says.
    """
    kept = [each for each in given if duties.kept(each.medicine)]
    if not kept:
        return 0
    card = prescriptions.prescription(prescription)
    asked = shown or Shown()
    if not to_ward:
        _require_documents(asked)
    _require_patches(card.patient, kept, asked)
    words = _sealed(card, asked)
    written = 0
    for each in kept:
        account = _account(each, by.unit)
        for lot, qty in sorted(each.lots.items()):
            _enter(by, card, account, each, lot, qty, words, dispenser, checker)
            written += 1
    return written


def _account(each: Given, unit: int) -> Account:
    row = Account.objects.filter(unit=unit, medicine=each.medicine).first()
    account = book.held(row.pk) if row else None
    if account is None:
        raise refusals.BooksApart(facts={"medicine": each.medicine})
    book.require_open(account)
    return account


def _enter(
    by: Actor, card: Any, account: Account, each: Given, lot: int, qty: Decimal, words: bytes, dispenser: int,
    checker: int,
) -> None:  # fmt: skip
    at = now()
    year = at.astimezone(HOSPITAL_ZONE).year
    last = Issue.objects.filter(unit=by.unit, year=year).order_by("-seq").values_list("seq", flat=True).first()
    issue = Issue.objects.create(
        account=account, prescription_id=card.pk, line_id=each.line, patient_id=card.patient, lot_id=lot,
        number=card.number, seq=(last or 0) + 1, year=year, unit_id=by.unit, ordered_in_id=card.unit, qty=qty,
        prescriber_id=card.prescriber, dispenser_id=dispenser, checker_id=checker, hander_id=by.staff, sealed=words,
        at=at,
    )  # fmt: skip
    kind = duties.returned_as(each.medicine)
    count = int(qty.to_integral_value(rounding="ROUND_CEILING"))
    if kind:
        found = duties.of(each.medicine)
        assert found is not None
        hours = found.patch_hours if kind == Owed.Kind.PATCH else found.empties_hours
        Owed.objects.create(issue=issue, kind=kind, qty=count, due=at + timedelta(hours=hours))


def _sealed(card: Any, asked: Shown) -> bytes:
    diagnoses = "；".join(row.name for row in charts.diagnoses(card.encounter))
    facts = {"id_no": asked.id_no.strip(), "agent": asked.agent.strip(), "agent_id": asked.agent_id.strip()}
    return patients.seal_for(card.patient, canonical.text(facts | {"diagnosis": diagnoses}), FIELD)


def _require_documents(asked: Shown) -> None:
    _require_number(asked.id_no, _("请填写患者的身份证明编号。"))
    if bool(asked.agent.strip()) != bool(asked.agent_id.strip()):
        raise refusals.BadEntry(message=_("代办人的姓名和身份证明编号须同时填写。"))
    if asked.agent_id.strip():
        _require_number(asked.agent_id, "")
        if asked.agent_id.strip() == asked.id_no.strip():
            raise refusals.BadEntry(message=_("代办人的身份证明编号与患者的相同。"))


def _require_number(text: str, missing: Any) -> None:
    number = text.strip()
    if not number or len(number) > 40:
        raise refusals.BadEntry(message=missing or _("身份证明编号不能超过 40 个字符。"))
    if len(number) == 18 and number[:17].isdigit():
        try:
            idcard.check(number, today())
        except idcard.IdNumberError as wrong:
            raise refusals.BadEntry(message=_("身份证号校验位或日期不对，请对照证件重新核对。")) from wrong


def _require_patches(patient: int, kept: list[Given], asked: Shown) -> None:
    if not any(duties.returned_as(each.medicine) == Owed.Kind.PATCH for each in kept):
        return
    if outstanding(patient, Owed.Kind.PATCH) and asked.unreturned not in UNRETURNED:
        raise refusals.BadEntry(
            code="patches_outstanding",
            message=_("这位患者上次领取的贴剂还没有全部交回。"),
            next=_("请先回收废贴；不能收回时请选择原因。"),
        )


def outstanding(patient: int, kind: str) -> int:
    """How many empties of a kind a person has still to bring back, all their records together."""
    rows = Owed.objects.filter(issue__patient__in=patients.whole(patient).records, kind=kind)
    return sum(qty - returned for qty, returned in rows.values_list("qty", "returned"))
