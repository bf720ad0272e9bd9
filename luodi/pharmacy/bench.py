"""What lies on the dispensing bench: the live preparation of a prescription, its packages, what is wrong with a scan.

Functions of the room, shared by its acts and queries.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from luodi.controlled.register import Given
from luodi.orders import queries as prescriptions
from luodi.patients import codes
from luodi.pharmacy import barcode, filling, owing, refusals
from luodi.pharmacy.models import Dispense, Mismatch, Package, Picked, Undoing
from luodi.stock import gs1
from luodi.stock.picking import Need, Short
from luodi.stock.queries import blocked_by
from luodi.stock.refusals import StockShort
from luodi.terms import queries as terms
from luodi.terms.vocabulary import said_lazy
from luodi.trust.clock import today
from luodi.trust.question import NUMBER, TEXT, Question

_PREPARED = Question(
    lambda rx: Dispense.objects.filter(prescription=rx, undone__isnull=True).order_by("-attempt")[:1], NUMBER
)
_LOTS = Question(
    lambda dispense: (
        Picked.objects.filter(package__dispense=dispense)
        .values_list("lot__medicine", "lot__lot_no", "lot__state", "lot__expiry")
        .distinct()
    ),
    NUMBER,
)
_COUNT = Question(
    lambda dispense: Package.objects.filter(dispense=dispense).values("dispense").values_list(Count("pk"), flat=True),
    NUMBER,
)
_GIVEN = Question(
    lambda rx: Package.objects.filter(
        dispense__prescription=rx, dispense__undone__isnull=True, dispense__handed__isnull=False
    ).values_list("line", "qty"),
    NUMBER,
)
_PACKAGE = Question(lambda code: Package.objects.filter(barcode=code).select_related("dispense"), TEXT)


def live(prescription: int) -> Dispense:
    """The preparation that was not undone. Raises NotFound."""
    row: Dispense | None = _PREPARED.first(prescription)
    if row is None:
        raise refusals.NotFound(message=_("这张处方还没有调配。"), next=_("请先调配。"))
    return row


def given_before(prescription: int) -> dict[int, Decimal]:
    """Line pk → how much of it was handed over, in pack units."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for line, qty in _GIVEN.all(prescription):
        found[line] += qty
    return dict(found)


def handed_packages(prescription: int) -> int:
    """How many packages of a prescription were handed over."""
    return len(_GIVEN.all(prescription))


def rest(card: Any) -> dict[int, Decimal]:
    """Line pk → what is still to be handed over of it, in pack units."""
    return owing.rest(card.lines, given_before(card.pk))


def debt_relation(prescription: int) -> str:
    """The kind of care relation that a debt makes."""
    return f"debt:{prescription}"


def rest_after(card: Any, dispense: Dispense) -> dict[int, Decimal]:
    """Line pk → what is still owed once a preparation is handed over."""
    held = given_before(card.pk)
    for line, qty in Package.objects.filter(dispense=dispense).values_list("line", "qty"):
        held[line] = held.get(line, Decimal(0)) + qty
    return owing.rest(card.lines, held)


def needs(card: Any) -> list[Need]:
    """The packages that a prescription asks for; after a part of it was handed over, those of the rest."""
    if not card.bedside:
        left = rest(card)
        return filling.whole(card.lines, left)
    drugs = terms.ruleset(today()).drugs
    tasks = prescriptions.tasks(card.pk)
    wanted = []
    for line in card.lines:
        doses = sorted((t for t in tasks if t.line.pk == line.pk and not t.prn), key=lambda t: t.planned_at)
        wanted += filling.by_dose(line, [t.pk for t in doses], drugs.get(line.medicine))
    return wanted


def line_words(card: Any) -> dict[int, str]:
    """Line pk → number and drug, as a person at the bench calls it."""
    return {line.pk: f"{n}. {line.generic} {line.strength}".strip() for n, line in enumerate(card.lines, 1)}


def short(card: Any, shorts: Iterable[Short]) -> StockShort:
    """The refusal that names each short drug, what is wanted and what is there."""
    by_code = {line.medicine: line for line in card.lines}
    lines = [(by_code[s.medicine], s) for s in shorts]
    return StockShort(
        [
            (f"{line.generic} {line.strength}".strip(), s.wanted, s.on_hand, said_lazy(line.pack_unit, line.form))
            for line, s in lines
        ],
        [s.medicine for _line, s in lines],
    )


def packages(dispense: Dispense) -> int:
    """How many packages a preparation has."""
    return _COUNT.first(dispense.pk) or 0


def given(dispense: Dispense) -> list[Given]:
    """What each line of a preparation gives out of which lots, for the register of controlled drugs."""
    rows = Picked.objects.filter(package__dispense=dispense).values_list(
        "package__line", "package__medicine", "lot", "qty"
    )
    held: dict[tuple[int, str], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line, medicine, lot, qty in rows:
        held[line, medicine][lot] += qty
    return [Given(line, medicine, lots) for (line, medicine), lots in held.items()]


def require_fit(dispense: Dispense) -> None:
    """Raises LotBlocked where a picked lot has since expired, been quarantined or been recalled."""
    blocked = [
        (medicine, lot_no, blocked_by(state, expiry))
        for medicine, lot_no, state, expiry in _LOTS.all(dispense.pk)
        if blocked_by(state, expiry)
    ]
    if blocked:
        found = prescriptions.prescription(dispense.prescription_id, version=dispense.version)
        words = {line.medicine: line.generic for line in found.lines}
        raise refusals.LotBlocked([(words.get(medicine, medicine), lot_no, why) for medicine, lot_no, why in blocked])


def judge(dispense: Dispense, code: str) -> tuple[str, Package | None]:
    """("", package) for a package of this preparation, else the kind of mismatch, with the package if known."""
    package: Package | None = _PACKAGE.first(code)
    if package is None:
        return Mismatch.Kind.UNKNOWN, None
    if package.dispense_id != dispense.pk and package.dispense.prescription_id == dispense.prescription_id:
        undone = Undoing.objects.filter(dispense=package.dispense_id).exists()
        return (Mismatch.Kind.UNDONE if undone else Mismatch.Kind.HANDED), package
    if package.dispense_id == dispense.pk:
        return "", package
    return Mismatch.Kind.FOREIGN, package


def unknown_scan(code: str, facts: Any = None) -> refusals.WrongScan:
    """The refusal for a scan that is no package at all: says what it is instead, where that can be told."""
    onward: Any = _("请重新扫描包装标签上的条码。")
    if codes.is_wristband(code):
        words: Any = _("这是患者的腕带，不是药品包装。")
    elif codes.is_record_no(code):
        words = _("这是病案号条码，不是药品包装。")
    elif barcode.is_valid(code):
        words = _("系统中没有这个包装条码。")
        onward = _("请重新扫描；仍不认识时把它单独放好，按处方号在列表中核对是谁的药。")
    elif gs1.is_box(code):
        words = _("这是药盒上的商品条码，不是包装标签。")
    else:
        words = _("这不是药品包装的条码，或没有扫全。")
    return refusals.WrongScan(message=words, next=onward, facts=facts or {})


def torn_label(facts: Any = None) -> refusals.WrongScan:
    """The refusal for a label of a preparation that was undone."""
    return refusals.WrongScan(
        message=_("这是已退回的旧标签。"), next=_("请撕掉旧标签，扫描新标签。"), facts=facts or {}
    )


def wrong_scan(card: Any, code: str) -> refusals.WrongScan:
    """The refusal for a scan that is not one of the prescription's live packages."""
    kind, package = judge(live(card.pk), code)
    facts = {"kind": str(kind), "package": package.pk if package else None}
    if package is None:
        return unknown_scan(code, facts)
    if kind == Mismatch.Kind.UNDONE:
        return torn_label(facts)
    if kind == Mismatch.Kind.HANDED:
        return refusals.WrongScan(
            message=_("这个包装已在上一次发出，不属于这次补发。"), next=_("请还给患者，再扫描这次的包装。"), facts=facts
        )
    other = prescriptions.prescription(package.dispense.prescription_id)
    return refusals.WrongScan(
        message=format_lazy(
            _("这个包装属于另一张处方（{number}）：{line}。"),
            number=other.number,
            line=line_words(other).get(package.line_id, package.medicine),
        ),
        next=_("请把它放回原来的药篮，再扫描这张处方的包装。"),
        facts=facts,
    )
