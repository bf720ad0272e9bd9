"""From the issue to the empties, the residue and the reckoning: what each refuses, and what it keeps."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.hashers import make_password

from luodi.controlled import actions, queries
from luodi.controlled.actions.reckoning import Correction, Tally
from luodi.controlled.models import Account, Issue, Owed, Reconciliation, Resolution
from luodi.controlled.register import Shown
from luodi.controlled.two import countersigned
from luodi.orders import queries as prescriptions
from luodi.patients import actions as patients
from luodi.pharmacy import actions as pharmacy
from luodi.stock.models import Lot
from luodi.trust import clock, sessions
from tests.controlled.vault import HALF, ID_NO, MORPHINE, ONCE, PASSWORD, PATCH, SHOWN, SLOW, Vault, agree
from tests.orders.place import refused
from tests.pharmacy.store import MONDAY
from tests.ward.scene import hire


def tallies(vault: Vault, *counted: str, empties: int | None = None) -> list[Tally]:
    cards = queries.accounts(vault.units["PHA"])
    return [
        Tally(card.pk, Decimal(said), card.empties if empties is None else empties, card.seen)
        for card, said in zip(cards, counted, strict=True)
    ]


def reconcile(vault: Vault, *counted: str, **more: int) -> list[int]:
    with vault.with_second(vault.keeper):
        return actions.reconcile(vault.keeper, "daily", tallies(vault, *counted, **more))


def test_the_register_names_everybody_and_seals_the_numbers(vault: Vault) -> None:
    vault.lot("M0458")
    shown = Shown(ID_NO, "李代办", "E12345678")
    vault.handed(SLOW, shown=shown)
    (row,) = queries.issues(vault.units["PHA"], MONDAY.date())
    assert (row.seq, row.qty, row.id_no, row.agent, row.agent_id) == (1, 6, ID_NO, "李代办", "E12345678")
    assert row.diagnosis
    assert row.dispenser != row.checker
    kept = Issue.objects.get()
    for words in (ID_NO, "李代办", "E12345678", row.diagnosis):
        assert words.encode() not in bytes(kept.sealed)
        assert words not in repr(row)


@pytest.mark.parametrize(
    "shown",
    [Shown(), Shown("110105194912310021"), Shown(ID_NO, "李代办"), Shown(ID_NO, "", "E1"), Shown(ID_NO, "李", ID_NO)],
)
def test_nothing_is_handed_over_without_documents(vault: Vault, shown: Shown) -> None:
    vault.lot("M0458")
    rx = vault.checked(SLOW)
    with refused("controlled_invalid"):
        pharmacy.hand_over(vault.checker, rx, rev=vault.rev(rx), asked=("name", "id_card"), shown=shown)
    assert not Issue.objects.exists()


def test_an_ampoule_comes_back_once_and_of_its_own_lot(vault: Vault) -> None:
    vault.lot("M0457")
    vault.handed(MORPHINE, visit_class="inpatient")
    owed = Owed.objects.get()
    assert (owed.kind, owed.qty) == ("ampoule", 3)
    with vault.with_second(vault.keeper):
        with refused("empty_other_lot"):
            actions.take_back(vault.keeper, owed.pk, 1, "B9")
        assert actions.take_back(vault.keeper, owed.pk, 2, "A1", idempotency="t") == 1
        assert actions.take_back(vault.keeper, owed.pk, 2, "A1", idempotency="t") == 1
        with refused("empty_twice"):
            actions.take_back(vault.keeper, owed.pk, 2, "A1")
        assert actions.destroy(vault.keeper, Account.objects.get().pk, 2, "crushed") == 0
        with refused("controlled_invalid"):
            actions.destroy(vault.keeper, Account.objects.get().pk, 1, "crushed")
    with refused("second_missing"):
        actions.take_back(vault.keeper, owed.pk, 1, "A1")


def test_what_is_out_too_long_is_overdue(vault: Vault) -> None:
    vault.lot("M0457")
    vault.handed(MORPHINE, visit_class="inpatient")
    assert [row.overdue for row in queries.owed(vault.units["PHA"])] == [False]
    with clock.at(MONDAY + timedelta(hours=25)):
        assert [row.overdue for row in queries.owed(vault.units["PHA"])] == [True]


def test_the_next_patch_asks_for_the_last(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.lot("M0462")
    first = vault.handed(PATCH)
    patient = Issue.objects.get().patient_id
    monkeypatch.setattr(type(vault.place), "patient", lambda *_args, **_who: patient)  # the same person comes again
    again = vault.checked(PATCH)
    assert again != first
    with refused("patches_outstanding"):
        pharmacy.hand_over(vault.checker, again, rev=vault.rev(again), asked=("name", "id_card"), shown=SHOWN)
    reason = replace(SHOWN, unreturned="lost")
    pharmacy.hand_over(vault.checker, again, rev=vault.rev(again), asked=("name", "id_card"), shown=reason)


def test_what_a_merged_record_owes_is_the_persons(vault: Vault) -> None:
    vault.lot("M0462")
    vault.handed(PATCH)
    first = Issue.objects.get().patient_id
    second = vault.place.patient()
    assert queries.owed_of(second) == []
    patients.merge(vault.registrar, second, first, "registered_twice", "同一人")
    assert [row.left for row in queries.owed_of(second)] == [row.left for row in queries.owed_of(first)] != []


def test_a_residue_is_computed_once_and_witnessed(vault: Vault) -> None:
    vault.lot("M0457")
    vault.handed(ONCE)
    issue = Issue.objects.get()
    unit = vault.units["GIM"]
    nurse = hire("gnurse", "ward_nurse", unit)
    hire("gsecond", "ward_nurse", unit, make_password(PASSWORD))
    (left,) = queries.residues(unit)
    assert (left.issued, left.given, left.wasted, left.unit) == (10, 5, 5, "mg")
    with refused("second_missing"):
        actions.waste_residue(nurse, issue.pk, "flushed")
    with refused("forbidden"):
        actions.waste_residue(vault.dispenser, issue.pk, "flushed")
    with countersigned(nurse, "gsecond", PASSWORD):
        assert actions.waste_residue(nurse, issue.pk, "flushed") == 5
        with refused("residue_twice"):
            actions.waste_residue(nurse, issue.pk, "flushed")
    assert queries.residues(unit) == []


def test_no_residue_of_a_dose_that_was_not_given(vault: Vault) -> None:
    vault.lot("M0457")
    vault.handed(HALF, visit_class="inpatient")
    issue = Issue.objects.get()
    task = prescriptions.tasks(issue.prescription_id)[0].pk
    hire("wsecond", "ward_nurse", vault.units["W1"], make_password(PASSWORD))
    with countersigned(vault.nurse, "wsecond", PASSWORD):
        for given in (task, None):
            with refused("controlled_invalid"):
                actions.waste_residue(vault.nurse, issue.pk, "flushed", task=given)
    assert queries.residues(vault.units["W1"]) == []


def test_a_match_is_signed_and_a_mismatch_stops_the_next_issue(vault: Vault) -> None:
    lot = vault.lot("M0458")
    assert reconcile(vault, "20") == []
    (wrong,) = reconcile(vault, "19")
    rx = vault.ready("outpatient", SLOW)
    with refused("controlled_blocked"), vault.with_second(vault.dispenser):
        pharmacy.prepare(vault.dispenser, rx, rev=vault.rev(rx))
    assert Lot.objects.get(pk=lot).on_hand == 20
    assert reconcile(vault, "20") == []  # a later count that matches does not open it
    account = Account.objects.get(pk=wrong)
    given = ("lost", "保险柜内少一片，已查监控", "医务科", clock.now())
    with refused("forbidden"):
        actions.resolve(vault.keeper, wrong, *given, counted=account.mismatch_id)
    with refused("controlled_invalid"):
        actions.resolve(vault.head, wrong, "lost", " ", "医务科", clock.now(), counted=account.mismatch_id)
    with vault.with_second(vault.head):
        actions.resolve(vault.head, wrong, *given, counted=account.mismatch_id, correct=Correction(lot, Decimal(19)))
    said = Resolution.objects.get()
    assert said.reported_to == "医务科"
    assert [row.proof for row in queries.resolved(wrong)] == ["signed"]
    Resolution.objects.update(message=bytes(said.message).replace(b"lost", b"else"))
    assert [row.proof for row in queries.resolved(wrong)] == ["broken"]
    assert Lot.objects.get(pk=lot).on_hand == 19
    assert agree()
    with vault.with_second(vault.dispenser):
        pharmacy.prepare(vault.dispenser, rx, rev=vault.rev(rx))
    assert agree()


def test_a_mismatch_found_after_packing_stops_the_hand_over(vault: Vault) -> None:
    vault.lot("M0458")
    rx = vault.checked(SLOW)
    assert reconcile(vault, "13")
    with refused("controlled_blocked"):
        pharmacy.hand_over(vault.checker, rx, rev=vault.rev(rx), asked=("name", "id_card"), shown=SHOWN)


def test_missing_empties_are_a_mismatch_too(vault: Vault) -> None:
    vault.lot("M0457")
    assert reconcile(vault, "20", empties=1)


def test_a_count_of_another_moment_is_refused(vault: Vault) -> None:
    vault.lot("M0458")
    old = tallies(vault, "20")
    vault.lot("M0458", "5", "A2")
    with refused("controlled_moved"), vault.with_second(vault.keeper):
        actions.reconcile(vault.keeper, "daily", old)
    with refused("controlled_invalid"), vault.with_second(vault.keeper):
        actions.reconcile(vault.keeper, "daily", [])
    with refused("second_missing"):
        actions.reconcile(vault.keeper, "daily", tallies(vault, "25"))
    assert not Reconciliation.objects.exists()


def test_a_day_without_reconciliation_stops_after_the_grace(vault: Vault) -> None:
    vault.lot("M0458")
    with clock.at(MONDAY + timedelta(days=1, hours=2)):  # 11:00, an hour before the grace ends
        assert not queries.accounts(vault.units["PHA"])[0].missed
    with clock.at(MONDAY + timedelta(days=1, hours=4)):
        assert queries.accounts(vault.units["PHA"])[0].missed
        for by in (vault.doctor, vault.dispenser, vault.keeper):
            sessions.authenticated_now(by.session)
        rx = vault.ready("outpatient", SLOW)
        with refused("controlled_blocked"), vault.with_second(vault.dispenser):
            pharmacy.prepare(vault.dispenser, rx, rev=vault.rev(rx))
        reconcile(vault, "20")
        with vault.with_second(vault.dispenser):
            pharmacy.prepare(vault.dispenser, rx, rev=vault.rev(rx))


def test_who_counted_does_not_resolve_what_the_count_found(vault: Vault) -> None:
    vault.lot("M0458")
    (wrong,) = reconcile(vault, "19")
    account = Account.objects.get(pk=wrong)
    Reconciliation.objects.update(second=vault.head.staff)
    given = ("miscounted", "复点一致", "医务科", clock.now())
    with refused("controlled_counter"):
        actions.resolve(vault.head, account.pk, *given, counted=account.mismatch_id)
    assert not Resolution.objects.exists()
    assert Account.objects.get().mismatch_id == account.mismatch_id
