"""Keys: made, rotated, destroyed; blind indexes; signatures."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from luodi.trust import actions, vault
from luodi.trust.actor import system
from luodi.trust.clock import at, now
from luodi.trust.models import DataKey, Entry, PurposeKey, SigningKey
from luodi.trust.refusal import Forbidden
from luodi.trust.vault import keys, root, sm
from luodi.trust.vault.signer import Reauthenticate
from luodi.trust.write import write
from tests.trust.conftest import People

pytestmark = pytest.mark.law


def test_a_field_opens_under_its_own_key_and_name_only(people: People) -> None:
    mine, other = vault.new_key(), vault.new_key()
    blob = vault.seal("欧阳建国😀", mine, field="name")
    assert vault.unseal(blob, mine, field="name") == "欧阳建国😀"
    for key, field in ((other, "name"), (mine, "phone")):
        with pytest.raises(sm.Forged):
            vault.unseal(blob, key, field=field)


def test_a_destroyed_key_is_gone_at_once_although_it_was_cached(people: People) -> None:
    key = vault.new_key()
    blob = vault.seal("x", key, field="name")
    vault.unseal(blob, key, field="name")
    vault.destroy_key(key)
    with pytest.raises(vault.Destroyed):
        vault.unseal(blob, DataKey.objects.get(pk=key.pk), field="name")


def test_rotation_keeps_old_data_open_and_rewraps_it(people: People) -> None:
    key = vault.new_key()
    blob = vault.seal("before", key, field="name")
    version = vault.rotate("patient")
    assert vault.unseal(blob, DataKey.objects.get(pk=key.pk), field="name") == "before"
    assert vault.rewrap("patient", batch=1) == DataKey.objects.count()
    assert set(DataKey.objects.values_list("purpose_version", flat=True)) == {version}
    keys.forget()
    assert vault.unseal(blob, DataKey.objects.get(pk=key.pk), field="name") == "before"
    assert vault.rewrap("patient") == 0


def test_a_rotated_signing_purpose_still_signs_with_the_same_key(people: People) -> None:
    before = vault.sign(people.doctor, b"m")
    vault.rotate("signer")
    vault.rewrap("signer")
    keys.forget()
    after = vault.sign(people.doctor, b"m")
    assert before.key_id == after.key_id
    assert vault.verify_signature(after.key_id, b"m", after.value)


@pytest.fixture
def roots(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Callable[[str], None]]:
    """Sets the root keys by name: "old" is the one that this run began with."""
    old, new = settings.LUODI_ROOT_KEY, base64.b64encode(secrets.token_bytes(16)).decode()
    monkeypatch.setenv("NEW_ROOT", new)

    def named(spec: str) -> None:
        settings.LUODI_ROOT_KEY = spec.replace("old", old).replace("new", "env:NEW_ROOT")
        keys.forget()  # what a process that starts with this setting knows

    yield named
    keys.forget()


def test_the_root_key_is_changed_while_the_hospital_works(people: People, roots: Callable[[str], None]) -> None:
    key = vault.new_key()
    before = vault.seal("张三", key, field="name")
    roots("new; old")
    assert vault.unseal(before, key, field="name") == "张三", "opened by the old one, which stands behind the new"
    vault.new_key()
    assert actions.change_root(system("command")) == PurposeKey.objects.count()
    entry = Entry.objects.get(verb="key.root")
    assert json.loads(entry.facts)["moved"] == PurposeKey.objects.count()
    assert actions.change_root(system("command")) == 0, "again for nothing"
    assert vault.unseal(before, key, field="name") == "张三"
    roots("new")
    assert vault.unseal(before, key, field="name") == "张三", "and the old one can go"
    roots("old")
    with pytest.raises(sm.Forged):
        vault.new_key()


def test_a_root_key_that_opens_nothing_changes_nothing(people: People, roots: Callable[[str], None]) -> None:
    vault.new_key()
    wrapped = sorted(bytes(row.wrapped) for row in PurposeKey.objects.all())
    roots("new")
    with pytest.raises(sm.Forged):
        actions.change_root(system("command"))
    assert wrapped == sorted(bytes(row.wrapped) for row in PurposeKey.objects.all())
    roots("old")
    with pytest.raises(Forbidden):
        actions.change_root(people.nurse)
    assert actions.change_root(people.system) == 0


def test_blind_values_find_across_a_rotation_and_differ_by_index(people: People) -> None:
    old = vault.blind("张三", index="name")
    assert vault.blind("张三", index="pinyin") != old
    vault.rotate("blind")
    keys.forget()
    assert vault.blind("张三", index="name") != old
    assert old in vault.blind_all("张三", index="name")


def test_each_prescriber_signs_with_a_key_of_their_own(people: People) -> None:
    doctor, nurse = vault.sign(people.doctor, b"m"), vault.sign(people.nurse, b"m")
    assert doctor.key_id != nurse.key_id
    assert vault.verify_signature(doctor.key_id, b"m", doctor.value)
    assert not vault.verify_signature(nurse.key_id, b"m", doctor.value)
    assert not vault.verify_signature(10**9, b"m", doctor.value)


def test_no_private_key_lies_in_the_clear(people: People) -> None:
    vault.sign(people.doctor, b"m")
    row = SigningKey.objects.get(staff=people.doctor.staff)
    assert len(bytes(row.wrapped)) == sm.NONCE + 32 + sm.TAG


def test_the_signing_window_closes_and_opens_again(people: People) -> None:
    from luodi.trust import sessions

    with at(now() + timedelta(minutes=241)):
        with pytest.raises(Reauthenticate):
            vault.sign(people.doctor, b"m")
        sessions.authenticated_now(people.doctor.session)
        vault.sign(people.doctor, b"m")


def test_nobody_signs_with_anothers_session(people: People) -> None:
    with pytest.raises(Reauthenticate):
        vault.sign(people.doctor._replace(session=people.nurse.session), b"m")


def test_a_root_key_readable_by_others_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "root.key"
    root.make_file(file)
    assert root.provider(f"file:{file}").unwrap(root.provider(f"file:{file}").wrap(b"k")) == b"k"
    other = Path(str(tmp_path)) / "open.key"
    other.write_bytes(file.read_bytes())
    other.chmod(0o644)
    with pytest.raises(root.RootKeyUnavailable, match="chmod 600"):
        root.provider(f"file:{other}")


@pytest.mark.parametrize("spec", ["", "file:", "/plain/path", "env:LUODI_NO_SUCH_KEY", "file:/no/such/file"])
def test_a_root_key_that_cannot_be_had_is_named(spec: str) -> None:
    with pytest.raises(root.RootKeyUnavailable):
        root.provider(spec)


def test_a_key_made_in_a_transaction_that_is_undone_is_remembered_by_nobody(lasting_people: People) -> None:
    keys.forget()
    PurposeKey.objects.filter(purpose="blind").delete()
    seen = []

    def undo() -> None:
        with write():
            seen.extend(vault.blind("x", index="name") for _time in range(2))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undo()
    assert seen[0] == seen[1]
    assert vault.blind("x", index="name") != seen[0]
    assert PurposeKey.objects.filter(purpose="blind").count() == 1
