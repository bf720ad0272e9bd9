"""双签: a dose beyond the label is signed a second time by who shows once more who they are, or not at all."""

from decimal import Decimal

import pytest
from django.urls import reverse

from luodi.orders import actions, printed, queries, seconding
from luodi.orders.models import SecondSignature
from luodi.pharmacy import actions as pharmacy
from luodi.pharmacy.refusals import NotSeconded
from luodi.trust import clock, people
from luodi.trust.models import Entry
from luodi.trust.vault import signer_of
from tests.orders.place import AMBROXOL, MONDAY, PASSWORD, Place, build, password_of, refused, wish
from tests.ward.browsing import at, shown

TOO_MUCH = wish("M0565", "120", "mg")


@pytest.fixture
def place(db: None):
    with clock.at(MONDAY):
        yield build()


def answers(rx: int) -> dict[str, str]:
    return {f.key: "benefit" for f in queries.findings(rx) if f.grade == "ask"}


def test_a_plain_prescription_is_signed_once(place: Place) -> None:
    rx = place.signed("outpatient", AMBROXOL)
    assert queries.second_signature(rx) is None
    assert queries.unseconded(rx) == []


def test_without_the_second_nothing_is_signed(place: Place) -> None:
    rx = place.draft("outpatient", TOO_MUCH)
    with refused("second_signature") as refusal:
        actions.sign(place.doctor, rx, answers=answers(rx))
    assert "超剂量" in str(refusal.value)
    assert queries.prescription(rx).number == ""
    password_of(place.doctor)
    with pytest.raises(people.WrongCredentials):
        actions.sign(place.doctor, rx, answers=answers(rx), second="not mine")
    assert queries.signatures(rx) == []


def test_the_second_covers_what_asked_and_holds(place: Place) -> None:
    rx = place.draft("outpatient", TOO_MUCH)
    place.sign(rx)
    asking = {f.key for f in seconding.needed(queries.signed_findings(rx))}
    card = queries.second_signature(rx)
    assert card is not None
    assert (card.valid, card.findings, card.at) == (True, asking, MONDAY)
    row = SecondSignature.objects.get()
    assert signer_of(row.key_id) == place.doctor.staff
    assert queries.unseconded(rx) == []
    facts = Entry.objects.filter(verb="prescription.sign").latest("pk")
    assert PASSWORD not in str(facts.__dict__)
    words = printed.values(queries.prescription(rx), printed.Printer("某某医院", "打印的人"))["proof"]
    assert "再次签名" in words


def test_a_review_does_not_pass_what_lacks_it_and_a_call_is_no_signature(place: Place) -> None:
    rx = place.draft("outpatient", TOO_MUCH)
    place.sign(rx)
    rev = queries.prescription(rx).rev
    SecondSignature.objects.update(value=b"forged")
    assert [f.rule for f in queries.unseconded(rx)] == [f.rule for f in seconding.needed(queries.signed_findings(rx))]
    pharmacy.call(place.pharmacist, rx, "confirmed", "医师坚持原处方")
    with pytest.raises(NotSeconded, match="电话确认不能代替签名"):
        pharmacy.review(place.pharmacist, rx, "pass", rev=rev)
    assert "不能通过" in shown(at(place.pharmacist).get(reverse("pharmacy:sheet", args=[rx])))
    pharmacy.review(place.pharmacist, rx, "return", ["2-5"], "请再次签名", rev=rev)
    actions.reply(place.doctor, rx, "按病情需要", answers=answers(rx), second=password_of(place.doctor))
    pharmacy.review(place.pharmacist, rx, "pass", rev=queries.prescription(rx).rev)


def test_a_lowered_dose_needs_none(place: Place) -> None:
    rx = place.draft("outpatient", TOO_MUCH)
    assert seconding.needed(queries.findings(rx))
    (line,) = queries.prescription(rx).lines
    actions.put_line(place.doctor, rx, TOO_MUCH._replace(dose=Decimal(30)), seq=line.seq)
    assert seconding.needed(queries.findings(rx)) == []
    actions.sign(place.doctor, rx, answers=answers(rx))


def test_the_pad_asks_for_the_password_and_the_sheet_says_that_it_was_given(place: Place) -> None:
    rx = place.draft("outpatient", TOO_MUCH)
    client = at(place.doctor)
    pad = shown(client.get(reverse("orders:on_encounter", args=[queries.prescription(rx).encounter])))
    assert 'name="second"' in pad
    posted = {f"answer-{key}": code for key, code in answers(rx).items()} | {"rev": queries.prescription(rx).rev}
    assert "超剂量须医师再次签名" in shown(client.post(reverse("orders:signature", args=[rx]), posted), 422)
    wrong = client.post(reverse("orders:signature", args=[rx]), posted | {"second": "nonsense"})
    assert 'name="second"' in wrong.content.decode()
    assert wrong.status_code == 422
    answer = client.post(reverse("orders:signature", args=[rx]), posted | {"second": password_of(place.doctor)})
    assert answer.status_code == 303
    assert "再次签名（双签）" in shown(at(place.pharmacist).get(reverse("pharmacy:sheet", args=[rx])))
