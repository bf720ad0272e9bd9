"""The screens: who sees them, what a form that is sent twice writes, and that reading the register is evidence."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from luodi.controlled import queries
from luodi.controlled.models import Account, BookLine, Destruction, Empty, Reconciliation
from luodi.trust import ledger, sessions
from tests.controlled.vault import ID_NO, MORPHINE, PASSWORD, SLOW, Vault
from tests.pharmacy.store import FAR
from tests.sending import token_of

SECOND = {"second_login": "other", "second_password": PASSWORD, "second_code": ""}


def at(actor: Any) -> Client:
    token, _row = sessions.begin(actor.staff, "test", second_factor=True)
    client = Client()
    client.cookies[sessions.COOKIE] = token
    return client


@pytest.fixture
def keeper(vault: Vault) -> Client:
    return at(vault.keeper)


def test_goods_come_in_once_by_two(vault: Vault, keeper: Client) -> None:
    page = keeper.get("/controlled/receiving/").content.decode()
    given = {"medicine": "M0457", "lot_no": "A1", "expiry": FAR, "qty": "10", "place": "", "document": "RK-1"}
    given |= {"supplier": "医药公司", "idempotency": token_of(page)}
    assert keeper.post("/controlled/receiving/", given).status_code == 422
    assert not BookLine.objects.exists()
    assert keeper.post("/controlled/receiving/", given | SECOND | {"second_password": "x"}).status_code == 422
    assert not BookLine.objects.exists()
    assert keeper.post("/controlled/receiving/", given | SECOND).status_code == 303
    assert (BookLine.objects.get().document, Account.objects.get().balance) == ("RK-1", 10)
    keeper.post("/controlled/receiving/", given | SECOND)
    assert Account.objects.get().balance == 10


def test_the_count_is_blind_and_kept_once(vault: Vault, keeper: Client) -> None:
    vault.lot("M0457", "4321")
    page = keeper.get("/controlled/reconcile/").content.decode()
    assert "4321" not in page
    (card,) = queries.accounts(vault.units["PHA"])
    given = {"kind": "daily", f"counted-{card.pk}": "4321", f"empties-{card.pk}": "0", f"seen-{card.pk}": card.seen}
    assert keeper.post("/controlled/reconcile/", given | {"idempotency": "x"}).status_code == 422
    given |= SECOND | {"idempotency": token_of(page)}
    assert keeper.post("/controlled/reconcile/", given).headers["Location"].endswith("done=matched")
    keeper.post("/controlled/reconcile/", given)
    assert Reconciliation.objects.count() == 1


def test_a_mismatch_is_shown_and_the_head_ends_it(vault: Vault, keeper: Client) -> None:
    vault.lot("M0457")
    (card,) = queries.accounts(vault.units["PHA"])
    given = {"kind": "handover", f"counted-{card.pk}": "19", f"empties-{card.pk}": "0", f"seen-{card.pk}": card.seen}
    keeper.post("/controlled/reconcile/", given | SECOND | {"idempotency": "t"})
    assert "账物不符" in keeper.get("/controlled/").content.decode()
    assert "处理账物不符" not in keeper.get(f"/controlled/accounts/{card.pk}/").content.decode()
    head = at(vault.head)
    page = head.get(f"/controlled/accounts/{card.pk}/").content.decode()
    counted = re.search(r'name="counted" value="(\d+)"', page)
    assert counted
    said = {"counted": counted[1], "reason": "miscounted", "text": "复点二十支", "reported_to": "分管院长"}
    said |= {"reported_at": "2026-11-23T08:30", "lot": "", "corrected": "", "empties": ""}
    url = f"/controlled/accounts/{card.pk}/resolve/"
    assert keeper.post(url, said).status_code == 403
    assert head.post(url, said | {"text": ""}).status_code == 422
    assert head.post(url, said).status_code == 303
    assert "账物不符" not in keeper.get("/controlled/").content.decode()
    kept = keeper.get(f"/controlled/accounts/{card.pk}/").content.decode()
    assert "签名有效" in kept
    assert "复点二十支" in kept


def test_empties_come_back_and_are_destroyed_once(vault: Vault, keeper: Client) -> None:
    vault.lot("M0457")
    vault.handed(MORPHINE, visit_class="inpatient")
    (row,) = queries.owed(vault.units["PHA"])
    assert row.number in keeper.get("/controlled/empties/").content.decode()
    page = keeper.get(f"/controlled/empties/{row.pk}/").content.decode()
    given = {"lot_no": "A1", "qty": "2"} | SECOND | {"idempotency": token_of(page)}
    keeper.post(f"/controlled/empties/{row.pk}/", given)
    keeper.post(f"/controlled/empties/{row.pk}/", given)
    assert Empty.objects.count() == 1
    account = Account.objects.get().pk
    url = f"/controlled/accounts/{account}/destroy/"
    twice_over = {"qty": "2", "how": "crushed", "idempotency": "d"} | SECOND
    assert keeper.post(url, twice_over).status_code == 303
    keeper.post(url, twice_over)
    assert Destruction.objects.count() == 1


def test_reading_the_register_is_evidence(vault: Vault, keeper: Client) -> None:
    vault.lot("M0458")
    vault.handed(SLOW)
    before = len(list(ledger.entries(verb="read")))
    page = keeper.get("/controlled/register/").content.decode()
    assert ID_NO in page
    assert len(list(ledger.entries(verb="read"))) == before + 1
    assert ID_NO not in keeper.get("/controlled/").content.decode()
    book = keeper.get(f"/controlled/accounts/{Account.objects.get().pk}/print/").content.decode()
    assert "本页合计" in book


def test_the_desk_asks_for_the_second_and_the_documents(vault: Vault) -> None:
    vault.lot("M0458")
    rx = vault.ready("outpatient", SLOW)
    desk = at(vault.dispenser)
    page = desk.get(f"/pharmacy/dispense/{rx}/").content.decode()
    assert "second_login" in page
    url = reverse("pharmacy:preparation", args=[rx])
    answer = desk.post(url, {"rev": vault.rev(rx)})
    assert answer.status_code == 422
    assert "须由两人办理" in answer.content.decode()
    assert desk.post(url, {"rev": vault.rev(rx)} | SECOND).status_code == 303
    other = vault.store.ready("outpatient")
    assert "second_login" not in desk.get(f"/pharmacy/dispense/{other}/").content.decode()


def test_strangers_see_nothing(vault: Vault) -> None:
    vault.lot("M0458")
    doctor = at(vault.doctor)
    for url in ("", "register/", "reconcile/", "empties/", f"accounts/{Account.objects.get().pk}/"):
        assert doctor.get(f"/controlled/{url}").status_code == 403
