"""去向: every package of recalled lots, whose it is and where it is now, and whether the quantities add up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from luodi.pharmacy import queries as pharmacy
from luodi.pharmacy.queries import Carried
from luodi.stock import recalled
from luodi.stock.recalled import Figures
from luodi.vigilance.models import Recovery
from luodi.ward import queries as wards

ZERO = Decimal(0)
PREPARED, HOME, WARD, GIVEN = "prepared", "home", "ward", "given"


class Piece(NamedTuple):
    """What one package holds of one lot, and where it is: prepared, home, ward or given. `back` came back of it."""

    carried: Carried
    where: str
    given_at: datetime | None
    back: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be at home or in the ward."""
        return self.carried.qty - self.back if self.where in (HOME, WARD) else ZERO


@dataclass(slots=True)
class Sums:
    """Quantities in pack units. They add up where `gap` is zero: came_in + others = on_hand + prepared + home + ward +
    given, with what came back still counted where it was, as `back` says apart."""

    came_in: Decimal = ZERO
    others: Decimal = ZERO
    on_hand: Decimal = ZERO
    prepared: Decimal = ZERO
    home: Decimal = ZERO
    ward: Decimal = ZERO
    given: Decimal = ZERO
    back: Decimal = ZERO

    @property
    def handed(self) -> Decimal:
        return self.home + self.ward + self.given

    @property
    def gap(self) -> Decimal:
        return self.came_in + self.others - self.on_hand - self.prepared - self.handed

    @property
    def out(self) -> Decimal:
        """Still at home or in a ward, not given and not brought back."""
        return self.home + self.ward - self.back

    def told(self) -> dict[str, str]:
        """As the closing report keeps them."""
        names = ("came_in", "others", "on_hand", "prepared", "home", "ward", "given", "back", "gap", "out")
        return {name: f"{getattr(self, name).normalize():f}" for name in names}


@dataclass(frozen=True, slots=True)
class Trace:
    """All of a recall: lots in units, pieces by package, patients in the order in which they must be told."""

    lots: tuple[Figures, ...]
    pieces: tuple[Piece, ...]
    sums: Sums
    patients: dict[int, tuple[Piece, ...]] = field(repr=False)


def trace(medicine: str, lot_nos: Sequence[str]) -> Trace:
    """Where the lots of these numbers went, from the store's and the pharmacy's own rows, as they stand now."""
    lots = recalled.figures(medicine, lot_nos)
    carried = pharmacy.carried([lot.lot for lot in lots])
    doses = wards.doses_of_packages({each.package for each in carried})
    back = _back([lot.lot for lot in lots])
    pieces = tuple(_piece(each, doses, back) for each in carried)
    return Trace(tuple(lots), pieces, _sums(lots, pieces), _by_patient(pieces))


def _back(lots: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    found: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for package, lot, qty in Recovery.objects.filter(lot__in=list(lots)).values_list("package", "lot", "qty"):
        found[package, lot] += qty
    return found


def _piece(each: Carried, doses: dict[int, wards.Gave], back: dict[tuple[int, int], Decimal]) -> Piece:
    dose = doses.get(each.package)
    if dose is not None:
        where = GIVEN
    elif each.handed_at is None:
        where = PREPARED
    else:
        where = WARD if each.to_ward else HOME
    came = each.back + back.get((each.package, each.lot), ZERO)
    return Piece(each, where, dose.at if dose else None, came)


def _sums(lots: Iterable[Figures], pieces: Iterable[Piece]) -> Sums:
    sums = Sums()
    for lot in lots:
        sums.came_in += lot.came_in
        sums.others += lot.others
        sums.on_hand += lot.on_hand
    for piece in pieces:
        setattr(sums, piece.where, getattr(sums, piece.where) + piece.carried.qty)
        sums.back += piece.back
    return sums


def _by_patient(pieces: Iterable[Piece]) -> dict[int, tuple[Piece, ...]]:
    """Who was given a dose or has packages, at home first: they can still be kept from taking it."""
    found: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.where != PREPARED:
            found[piece.carried.patient].append(piece)
    order = {HOME: 0, WARD: 1, GIVEN: 2}
    ranked = sorted(found.items(), key=lambda item: min(order[piece.where] for piece in item[1]))
    return {patient: tuple(held) for patient, held in ranked}
