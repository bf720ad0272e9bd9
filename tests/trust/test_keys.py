"""The life of the keys while the hospital works: rotation, another root key, the end of a version."""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pyotp
import pytest
from django.db import connection, connections

from luodi.trust import actions, ledger, spool, vault
from luodi.trust.actions.keys import KeyActive, KeyHeld, KeyRests, NoSuchKey
from luodi.trust.actor import system
from luodi.trust.clock import at, now
from luodi.trust.models import Entry, Grant, PurposeKey, SigningKey, Staff
from luodi.trust.refusal import Forbidden, Refusal
from luodi.trust.vault import factor, keys, root, versions
from luodi.trust.write import write
from luodi.web import health
from tests.trust.conftest import People

pytestmark = [pytest.mark.law]
COMMAND = system("command")
LATER = timedelta(hours=1, seconds=1)
STARTED = """
import sys, django
from django.conf import settings
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from luodi.trust import vault
from luodi.trust.vault import keys, root
"""
# Seals one thing more and opens everything so far, at each line that it is given; asks the database each time.
WORKING = (
    STARTED
    + """
keys._FRESH_SECONDS = 0.0
held = []
for _line in sys.stdin:
    try:
        key = vault.new_key()
        held.append((key.pk, vault.seal("甲", key, field="name")))
        for pk, blob in held:
            assert vault.unseal(blob, keys.DataKey.objects.get(pk=pk), field="name") == "甲"
        vault.blind("甲", index="name")
        print("works", flush=True)
    except Exception as fault:
        print(type(fault).__name__, flush=True)
"""
)
KILLED = (
    STARTED
    + """
import os, signal
from luodi.trust import actions, ledger
from luodi.trust.actor import system
def die(*_any):
    os.kill(os.getpid(), signal.SIGKILL)
{where}
actions.change_root(system("command"))
"""
)
# The machine stops between the second and the third key that the new root key wraps,
BETWEEN = """
wrap, wrapped = root.SoftwareRoot.wrap, []
def one_more(self, key):
    wrapped.append(1)
    return die() if len(wrapped) == 3 else wrap(self, key)
keys.require_fit = lambda spec: None
root.SoftwareRoot.wrap = one_more
"""
# or when every row is written and nothing is committed.
WRITTEN = "ledger.append = die"


@pytest.fixture
def roots(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[[str], str]]:
    """Sets the root keys by name, and returns the setting: "old" is the one that this run began with."""
    old = settings.LUODI_ROOT_KEY
    monkeypatch.setenv("NEW_ROOT", base64.b64encode(secrets.token_bytes(16)).decode())
    root.provider.cache_clear()

    def named(spec: str) -> str:
        settings.LUODI_ROOT_KEY = spec.replace("old", old).replace("new", "env:NEW_ROOT")
        keys.forget()
        return str(settings.LUODI_ROOT_KEY)

    yield named
    root.provider.cache_clear()
    keys.forget()


class Process:
    """Another process of the hospital, which started with this setting."""

    def __init__(self, script: str, spec: str) -> None:
        self.running = subprocess.Popen(
            [sys.executable, "-c", script, str(connection.settings_dict["NAME"])],
            env=os.environ | {"LUODI_ROOT_KEY": spec},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def works(self) -> str:
        assert self.running.stdin
        assert self.running.stdout
        self.running.stdin.write("\n")
        self.running.stdin.flush()
        return self.running.stdout.readline().strip()

    def ended(self) -> int:
        self.running.communicate(timeout=60)
        return self.running.returncode


def proved() -> bool:
    ledger.seal()
    return ledger.verify().ok


def wrapped() -> dict[tuple[str, int], bytes]:
    return {(row.purpose, row.version): bytes(row.wrapped or b"") for row in PurposeKey.objects.all()}


def test_others_read_and_seal_through_rotation_and_another_root(
    lasting_people: People, roots: Callable[[str], str]
) -> None:
    keys.found()
    both, old_alone = Process(WORKING, roots("new; old")), Process(WORKING, roots("old"))
    assert (both.works(), old_alone.works()) == ("works", "works")
    roots("old")
    actions.rotate_key(COMMAND, "patient")
    assert (both.works(), old_alone.works()) == ("works", "works"), "a rotation is nothing that they must be told"
    roots("new; old")
    assert actions.change_root(COMMAND) == PurposeKey.objects.count()
    assert both.works() == "works", "it knows both"
    assert old_alone.works() == "Forged", "it was not restarted with both, as the command asks before it changes"
    actions.rotate_key(COMMAND, "patient")
    assert both.works() == "works"
    both.ended(), old_alone.ended()
    assert proved()


def test_what_cannot_open_the_keys_says_what_to_do(lasting_people: People, roots: Callable[[str], str]) -> None:
    keys.found()
    assert "root_key" not in health.faults()
    roots("new; old")
    assert "root_key" not in health.faults()
    actions.change_root(COMMAND)
    assert "root_key" not in health.faults()
    roots("old")
    assert health.faults()["root_key"] == f"{PurposeKey.objects.count()} keys do not open: {health.NAME_BOTH}"


@pytest.mark.parametrize("where", [BETWEEN, WRITTEN], ids=["between", "written"])
def test_a_kill_between_two_keys_loses_none_and_the_next_run_ends_it(
    lasting_people: People, roots: Callable[[str], str], where: str
) -> None:
    keys.found()
    key = vault.new_key()
    blob, before = vault.seal("甲", key, field="name"), wrapped()
    assert Process(KILLED.format(where=where), roots("new; old")).ended() == -signal.SIGKILL
    assert wrapped() == before, "all or none"
    assert not Entry.objects.filter(verb="key.root").exists()
    for spec in ("old", "new; old"):
        roots(spec)
        assert vault.unseal(blob, key, field="name") == "甲"
        assert keys.shut() == []
    assert actions.change_root(COMMAND) == len(before)
    roots("new")
    assert vault.unseal(blob, key, field="name") == "甲"
    assert Entry.objects.filter(verb="key.root").count() == 1
    assert proved()


def test_a_root_key_that_is_no_better_takes_nothing_over(
    lasting_people: People, roots: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.found()
    before = wrapped()
    for weak in (b"\0" * 16, bytes(range(16)), bytes(range(0, 112, 7)), b"Hospital-key-001", b"ab" * 8):
        monkeypatch.setenv("NEW_ROOT", base64.b64encode(weak).decode())
        root.provider.cache_clear()
        roots("new; old")
        with pytest.raises(root.RootKeyUnavailable, match="weak"):
            actions.change_root(COMMAND)
    roots("old; old")
    with pytest.raises(root.RootKeyUnavailable, match="same"):
        actions.change_root(COMMAND)
    assert wrapped() == before
    assert not any(root.SoftwareRoot(secrets.token_bytes(16)).weak for _time in range(5000))


def test_a_version_ends_only_when_nothing_needs_it(lasting_people: People) -> None:
    key = vault.new_key()
    blob = vault.seal("甲", key, field="name")
    with pytest.raises(KeyActive):
        actions.destroy_version(COMMAND, "patient", 1)
    vault.rotate("patient")
    with pytest.raises(KeyRests):
        actions.destroy_version(COMMAND, "patient", 1)
    with at(now() + LATER):
        with pytest.raises(KeyHeld) as held:
            actions.destroy_version(COMMAND, "patient", 1)
        assert held.value.facts["hung"] == 1
        assert actions.move_key(COMMAND, "patient") == 1
        assert actions.move_key(COMMAND, "patient") == 0, "again for nothing"
        with pytest.raises(Forbidden):
            actions.destroy_version(lasting_people.doctor, "patient", 1)
        actions.destroy_version(COMMAND, "patient", 1, account="operator")
        with pytest.raises(NoSuchKey):
            actions.destroy_version(COMMAND, "patient", 1)
    row = PurposeKey.objects.get(purpose="patient", version=1)
    assert (row.wrapped, row.destroyed is not None) == (None, True)
    key.refresh_from_db()
    assert vault.unseal(blob, key, field="name") == "甲"
    with pytest.raises(PurposeKey.DoesNotExist):
        keys.purpose_key("patient", 1)
    (entry,) = Entry.objects.filter(verb="key.destroy")
    facts = {"purpose": "patient", "version": 1, "account": "operator"}
    assert (json.loads(entry.facts), entry.device, entry.pk_about) == (facts, "command", row.pk)
    refused = [json.loads(line.facts)["code"] for line in Entry.objects.filter(verb="refused").order_by("pk")]
    assert refused == ["key_active", "key_rests", "key_held", "forbidden", "no_such_key"]
    assert proved()


def test_what_a_slow_process_wrapped_by_the_version_of_before_is_counted(lasting_people: People) -> None:
    """It hears of a rotation seconds later, and the version rests for an hour."""
    stale = keys.purpose_key("patient")
    actions.rotate_key(COMMAND, "patient")
    keys._active["patient"] = (keys.time.monotonic(), stale)
    late = vault.new_key()
    blob = vault.seal("乙", late, field="name")
    keys.forget()
    assert late.purpose_version == 1
    with at(now() + LATER):
        with pytest.raises(KeyHeld):
            actions.destroy_version(COMMAND, "patient", 1)
        actions.move_key(COMMAND, "patient")
        actions.destroy_version(COMMAND, "patient", 1)
    late.refresh_from_db()
    assert vault.unseal(blob, late, field="name") == "乙"


def test_the_keys_of_the_ledger_stay_as_long_as_it_does(lasting_people: People) -> None:
    actions.rotate_key(COMMAND, "ledger")
    actions.rotate_key(COMMAND, "ledger")
    with at(now() + LATER):
        for version in (1, 2):
            with pytest.raises(KeyHeld):
                actions.destroy_version(COMMAND, "ledger", version)
    assert proved()


def test_signing_keys_and_second_factors_move_with_their_purpose(lasting_people: People) -> None:
    nurse, secret = lasting_people.nurse, pyotp.random_base32()
    actions.enrol_second_factor(nurse, secret, pyotp.TOTP(secret).now())
    before = vault.sign(nurse, b"m")
    for purpose in ("staff", "signer"):
        actions.rotate_key(COMMAND, purpose)
        assert versions.hung(purpose, 1) == 0
        with at(now() + LATER):
            actions.destroy_version(COMMAND, purpose, 1)
    blob = bytes(Staff.objects.get(pk=nurse.staff).totp or b"")
    assert (factor.version_of(blob), factor.open_factor(nurse.staff, blob)) == (2, secret)
    assert vault.verify_signature(before.key_id, b"m", before.value)
    assert vault.sign(nurse, b"m").key_id == before.key_id
    assert set(SigningKey.objects.values_list("purpose_version", flat=True)) == {2}


def test_readings_kept_before_a_rotation_are_genuine_after_it(lasting_people: People) -> None:
    spool.prepare()
    spool.keep(lasting_people.nurse, [1], "chart")
    actions.rotate_key(COMMAND, "ledger")
    assert spool.fold() == 1
    assert not any("damaged" in facts for facts in Entry.objects.values_list("facts", flat=True))


def test_the_database_itself_keeps_an_active_version(lasting_people: People) -> None:
    from django.db import IntegrityError

    keys.found()
    with pytest.raises(IntegrityError), write():
        PurposeKey.objects.filter(active=True).update(wrapped=None, destroyed=now())


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """All at the same moment, each on a connection of its own; the refusal's code where one was refused."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = call()
        except Refusal as refusal:
            results[place] = refusal.code  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_who_turn_over_one_version_turn_it_once(lasting_people: People) -> None:
    keys.found()
    turn = lambda: actions.rotate_key(lasting_people.system, "patient", seen=1)  # noqa: E731
    assert sorted(map(str, at_once([turn] * 4))) == ["2", *["key_rotated"] * 3]
    assert Entry.objects.filter(verb="key.rotate").count() == 1


def test_two_administrators_at_once_do_not_overwrite_each_other(lasting_people: People) -> None:
    def held() -> set[str]:
        return set(Grant.objects.filter(post__code="doctor", until=None).values_list("permission__code", flat=True))

    for _turn in range(5):
        before = held()
        wishes = [before ^ {"visit.register"}, before ^ {"slot.manage"}, before ^ {"queue.read"}]
        results = at_once(
            [partial(actions.set_grants, lasting_people.security, "doctor", wish, seen=before) for wish in wishes]
        )
        assert sorted(map(str, results)) == ["None", "grants_moved", "grants_moved"]
        assert held() == wishes[results.index(None)]
    assert proved()
