"""Verifying: everything is computed again, and the first entry that is not as it was is named."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from luodi.trust.ledger import codes
from luodi.trust.models import Block, Entry, Pending, PurposeKey, Seat
from luodi.trust.vault.keys import purpose_key, purpose_keys
from luodi.trust.vault.signer import verify_signature
from luodi.trust.vault.sm import Forged
from luodi.trust.write import one_moment


class Fault(NamedTuple):
    """What is wrong first.

    what: changed, removed, moved, inserted, block or signature; position 0 in the unsealed tail.
    """

    what: str
    position: int
    entry: int
    block: int


class Verdict(NamedTuple):
    """Outcome of a verification: `fault` is None where all is as it was."""

    fault: Fault | None
    entries: int
    blocks: int
    unsealed: int
    head: int

    @property
    def ok(self) -> bool:
        return self.fault is None


@cache
def _key(version: int) -> bytes:
    return purpose_key("ledger", version).secret


def _entry_is_true(entry: Entry) -> bool:
    try:
        key = _key(entry.key_version)
    except (PurposeKey.DoesNotExist, Forged):  # a forged version number names no key, or bytes that do not unwrap
        return False
    return codes.of_entry(entry, key) == bytes(entry.mac)


def _check_seats(block: Block) -> tuple[Fault | None, list[bytes]]:
    leaves: list[bytes] = []
    seats = {seat.position: seat for seat in Seat.objects.filter(block=block.number)}
    found = Entry.objects.in_bulk([seat.entry_id for seat in seats.values()])
    for position in range(block.first, block.last + 1):
        seat = seats.pop(position, None)
        entry = found.get(seat.entry_id) if seat else None
        if seat is None or entry is None:
            return Fault("removed", position, seat.entry_id if seat else 0, block.number), leaves
        if not _entry_is_true(entry):
            return Fault("changed", position, entry.pk, block.number), leaves
        if not _seat_is_true(seat, entry):
            return Fault("moved", position, entry.pk, block.number), leaves
        leaves.append(bytes(seat.mac))
    if seats:
        extra = min(seats)
        return Fault("inserted", extra, seats[extra].entry_id, block.number), leaves
    return None, leaves


def _seat_is_true(seat: Seat, entry: Entry) -> bool:
    # A seat is coded with the ledger key its sealer held: rotations may have moved past the entry's, and past it too;
    # a sealer that had not yet heard of one held an earlier key than the entry's.
    code = bytes(seat.mac)
    versions = (entry.key_version, *_versions())
    return any(codes.of_seat(seat.position, entry.pk, bytes(entry.mac), _key(v)) == code for v in versions)


@cache
def _versions() -> tuple[int, ...]:
    return tuple(key.version for key in purpose_keys("ledger"))


def _check_block(block: Block, previous: Block | None) -> Fault | None:
    number = previous.number + 1 if previous else 1
    first = previous.last + 1 if previous else 1
    if block.number != number or block.first != first:
        return Fault("removed", first, 0, number)
    fault, leaves = _check_seats(block)
    if fault:
        return fault
    before = bytes(previous.digest) if previous else codes.GENESIS
    digest = codes.of_block(block.number, block.first, block.last, codes.merkle_root(leaves), before)
    if bytes(block.previous) != before or bytes(block.digest) != digest:
        return Fault("block", block.first, 0, block.number)
    if not verify_signature(block.key_id, digest, bytes(block.signature)):
        return Fault("signature", block.first, 0, block.number)
    return None


def _blocks(first: int, last: int | None) -> Iterator[tuple[Block, Block | None]]:
    rows = Block.objects.filter(last__gte=first).order_by("number")
    if last is not None:
        rows = rows.filter(first__lte=last)
    previous = Block.objects.filter(last__lt=first).order_by("-number").first()
    for block in rows.iterator(chunk_size=200):
        yield block, previous
        previous = block


def _check_tail() -> tuple[Fault | None, int]:
    pending = 0
    for entry in Entry.objects.filter(seat=None).order_by("id").iterator(chunk_size=500):
        pending += 1
        if not _entry_is_true(entry):
            return Fault("inserted", 0, entry.pk, 0), pending
    # An entry whose place in the queue was taken away would never be sealed.
    lost = Entry.objects.filter(seat=None, pending=None).order_by("id").first()
    return (Fault("moved", 0, lost.pk, 0) if lost else None), pending


def _checked_against(anchor: tuple[int, bytes] | None) -> Fault | None:
    if anchor is None:
        return None
    number, digest = anchor
    block = Block.objects.filter(number=number).first()
    if block is None or bytes(block.digest) != digest:
        return Fault("removed", block.first if block else 0, 0, number)
    return None


def verify(first: int = 1, last: int | None = None, anchor: tuple[int, bytes] | None = None) -> Verdict:
    """Recompute the ledger from position `first` to `last` (default: the end, and the unsealed tail).

    anchor: (block number, digest) noted outside earlier: tells that the ledger was cut off behind it.
    Everything is read as of one moment: a hospital goes on working meanwhile, and what it seals then accuses nobody.
    """
    with one_moment():
        return _verify(first, last, anchor)


def _verify(first: int, last: int | None, anchor: tuple[int, bytes] | None) -> Verdict:
    _key.cache_clear()
    _versions.cache_clear()
    count = blocks = head = 0
    fault = _checked_against(anchor)
    for block, previous in _blocks(first, last) if fault is None else ():
        fault = _check_block(block, previous)
        if fault:
            break
        blocks, count, head = blocks + 1, count + block.last - block.first + 1, block.last
    unsealed = Pending.objects.count()
    if fault is None and last is None:
        fault = _orphan_seat(head) or _check_tail()[0]
    return Verdict(fault, count, blocks, unsealed, head)


def _orphan_seat(head: int) -> Fault | None:
    seat = Seat.objects.filter(position__gt=head).order_by("position").first()
    return Fault("inserted", seat.position, seat.entry_id, seat.block_id) if seat else None
