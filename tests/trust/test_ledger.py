"""The ledger is verified against every kind of tampering, and loses nothing to commit order."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, connections

from luodi.trust import founding, guards, ledger, vault
from luodi.trust.actor import NOBODY, Ref
from luodi.trust.ledger import verifying
from luodi.trust.models import Block, Entry, Pending, Seat
from luodi.trust.write import write
from tests.trust.conftest import People

pytestmark = pytest.mark.law


def _write(count: int) -> list[int]:
    return [ledger.record("test", by=NOBODY, about=Ref("t", n), facts={"n": n}).pk for n in range(count)]


def _sealed(count: int) -> list[int]:
    ledger.seal()
    start = ledger.head()
    numbers = _write(count)
    assert ledger.seal() == start + count
    return numbers


def _raw(sql: str, *values: object) -> None:
    with guards.lifted(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def _position(number: int) -> int:
    return Seat.objects.get(entry=number).position


def test_an_untouched_ledger_verifies(lasting_people: People) -> None:
    _sealed(5)
    verdict = ledger.verify()
    assert verdict.ok
    assert verdict.entries == ledger.head() == verdict.head
    assert verdict.unsealed == 0


def test_the_database_itself_refuses_update_and_delete(lasting_people: People) -> None:
    _sealed(1)
    for table in ("trust_seat", "trust_block", "trust_entry"):
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
    with pytest.raises(DatabaseError, match="append-only"):
        Entry.objects.update(verb="other")


def _change(numbers: list[int]) -> tuple[str, int]:
    _raw("UPDATE trust_entry SET facts = %s WHERE id = %s", '{"n":99}', numbers[2])
    return "changed", _position(numbers[2])


def _remove(numbers: list[int]) -> tuple[str, int]:
    where = _position(numbers[2])
    with guards.lifted():
        Seat.objects.filter(entry=numbers[2]).delete()
        Entry.objects.filter(pk=numbers[2]).delete()
    return "removed", where


def _swap(numbers: list[int]) -> tuple[str, int]:
    one, two = Seat.objects.get(entry=numbers[1]), Seat.objects.get(entry=numbers[3])
    macs = bytes(one.mac), bytes(two.mac)
    with guards.lifted():
        Seat.objects.filter(pk=one.pk).delete()
        Seat.objects.filter(pk=two.pk).update(entry=numbers[1], mac=macs[0])
        Seat.objects.create(position=one.position, entry_id=numbers[3], block=one.block, mac=macs[1])
    return "moved", min(one.position, two.position)


def _insert(numbers: list[int]) -> tuple[str, int]:
    forged = Entry.objects.get(pk=numbers[0])
    forged.pk = ledger.new_id()
    forged.save(force_insert=True)
    Pending.objects.create(entry=forged)
    return "inserted", 0


def _forge_block(numbers: list[int]) -> tuple[str, int]:
    block = Seat.objects.get(entry=numbers[0]).block
    _raw("UPDATE trust_block SET root = %s, digest = %s WHERE number = %s", b"x" * 32, b"y" * 32, block.number)
    return "block", block.first


def _cut_block(numbers: list[int]) -> tuple[str, int]:
    first = Seat.objects.get(entry=numbers[0]).block
    _sealed(2)
    with guards.lifted():
        Seat.objects.filter(block=first).delete()
        Block.objects.filter(pk=first.pk).delete()
    return "removed", first.first


def _lose_the_queue(numbers: list[int]) -> tuple[str, int]:
    _write(1)
    Pending.objects.all().delete()
    return "moved", 0


@pytest.mark.parametrize(
    "tamper", [_change, _remove, _swap, _insert, _forge_block, _cut_block, _lose_the_queue], ids=lambda f: f.__name__
)
def test_tampering_is_found_and_the_first_bad_entry_named(
    lasting_people: People, tamper: Callable[[list[int]], tuple[str, int]]
) -> None:
    what, where = tamper(_sealed(5))
    fault = ledger.verify().fault
    assert fault is not None
    assert (fault.what, fault.position) == (what, where)


def test_a_cut_off_end_is_found_against_a_head_noted_outside(lasting_people: People) -> None:
    _sealed(3)
    _sealed(3)
    last = Block.objects.order_by("-number")[0]
    anchor = (last.number, bytes(last.digest))
    with guards.lifted():
        entries = list(Seat.objects.filter(block=last).values_list("entry", flat=True))
        Seat.objects.filter(block=last).delete()
        Block.objects.filter(pk=last.pk).delete()
        Entry.objects.filter(pk__in=entries).delete()
    assert ledger.verify().ok
    assert ledger.verify(anchor=anchor).fault == ("removed", 0, 0, last.number)


def test_positions_are_gapless_and_each_entry_has_one(lasting_people: People) -> None:
    _sealed(1200)
    positions = list(Seat.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    assert Entry.objects.count() == len(positions)
    assert Block.objects.count() > 2


def test_an_open_transaction_holds_back_the_sealer_and_nothing_is_lost(lasting_people: People) -> None:
    """Commit out of order with an old transaction held open: PostgreSQL's trap, and harmless on SQLite."""
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time: commit order is the order of writing")
    ledger.seal()
    before = ledger.head()
    opened, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with write():
            _write(1)
            opened.set()
            finish.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    opened.wait(10)
    later = _write(3)
    assert ledger.seal() == before
    assert all(not Seat.objects.filter(entry=number).exists() for number in later)
    finish.set()
    thread.join()
    assert ledger.seal() == before + 4
    assert ledger.verify().ok


def test_transaction_numbers_from_before_a_restore_do_not_stall_the_sealer(lasting_people: People) -> None:
    _write(2)
    Pending.objects.update(xid=2**60)
    assert ledger.seal() == ledger.head()
    assert not Pending.objects.exists()
    assert ledger.verify().ok


def test_entries_written_by_many_threads_are_all_sealed_once(lasting_people: People) -> None:
    def work() -> None:
        try:
            _write(20)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        ledger.seal()
    for thread in threads:
        thread.join()
    ledger.seal()
    assert ledger.verify().ok
    assert Seat.objects.filter(entry__verb="test").count() == 120


def test_the_feed_follows_positions(lasting_people: People) -> None:
    numbers = _sealed(4)
    head = ledger.head()
    assert [line.id for line in ledger.entries(verb="test", after=head - 2)] == numbers[2:]
    assert [line.id for line in ledger.entries(about=Ref("t", 1))] == [numbers[1]]
    assert [row[0] for row in ledger.latest(numbers[1])] == numbers[2:]


def test_verify_after_a_rotation_of_the_ledger_key(lasting_people: People) -> None:
    from luodi.trust import vault

    _sealed(2)
    _write(2)
    vault.rotate("ledger")
    ledger.seal()
    _sealed(2)
    assert ledger.verify().ok


def test_verify_after_a_seal_between_two_rotations(lasting_people: People) -> None:
    """The key of a seat may be neither the one of its entry nor the one of today."""
    from luodi.trust import vault

    _write(2)
    vault.rotate("ledger")
    ledger.seal()
    vault.rotate("ledger")
    assert ledger.verify().ok


@pytest.mark.django_db(transaction=True)
def test_a_ledger_that_grows_while_it_is_verified_accuses_nobody(monkeypatch):
    """A block sealed between two questions of a verification belongs to a later moment than the verification."""
    vault.keys.forget()
    founding.found()
    ledger.seal()
    ask, grown = verifying._orphan_seat, []

    def meanwhile() -> None:
        ledger.record("test", by=NOBODY, about=Ref("x", 1), facts={})
        grown.append(ledger.seal())
        connections.close_all()

    def orphan(head):
        thread = threading.Thread(target=meanwhile)
        thread.start()
        thread.join(30)
        return ask(head)

    monkeypatch.setattr(verifying, "_orphan_seat", orphan)
    verdict = ledger.verify()
    assert verdict.ok, verdict.fault
    assert grown[0] > verdict.head
    monkeypatch.undo()
    assert ledger.verify().head == grown[0]
