"""The insurance number: typed, read from a card, scanned from a QR code; sealed, and found blind."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from luodi.patients import actions, insured, queries
from luodi.patients.models import Identity
from luodi.patients.refusals import Invalid
from tests.patients.people import newcomer
from tests.reception.test_screens import log_in

NUMBER = "44A1234567"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (NUMBER, NUMBER),
        (" 44a1234567\n", NUMBER),
        ("４４Ａ１２３４５６７", NUMBER),
        (f"https://insurer.example/q?insured={NUMBER}&t=9", NUMBER),
        ("https://insurer.example/q?token=abc", ""),
        ("欧阳建国", ""),
        ("ouyangjianguo", ""),
        ("1234567", ""),
        ("'; DROP TABLE", ""),
        ("", ""),
    ],
)
def test_a_number_is_read_from_what_is_typed_or_scanned(text: str, number: str) -> None:
    assert insured.read(text) == number


@pytest.mark.law
def test_a_person_is_found_by_number_and_by_code_and_no_table_holds_it(house: SimpleNamespace) -> None:
    patient = house.patient(insurance=f"https://insurer.example/q?insured={NUMBER}")
    for text in (NUMBER, NUMBER.lower(), f"https://insurer.example/q?insured={NUMBER}&t=1"):
        assert [(hit.patient, hit.why) for hit in queries.search(text)] == [(patient, "insurance")]
    held = Identity.objects.values().get(patient=patient)
    assert all(NUMBER.encode() not in bytes(v) for v in held.values() if isinstance(v, bytes | memoryview))
    assert queries.identity_of(patient).insurance == "44A***4567"
    actions.correct(house.clerk, patient, {"insurance": "44B7654321"}, "换卡")
    assert queries.search(NUMBER) == []
    assert queries.search("44B7654321")


@pytest.mark.law
def test_a_version_from_before_it_was_asked_is_read_and_corrected(house: SimpleNamespace) -> None:
    patient = house.patient()
    Identity.objects.filter(patient=patient).update(insurance=None)
    assert queries.identity_of(patient).insurance == ""
    actions.correct(house.clerk, patient, {"insurance": NUMBER}, "补录")
    assert queries.search(NUMBER)


def test_what_is_no_number_is_refused_in_words(house: SimpleNamespace) -> None:
    with pytest.raises(Invalid) as wrong:
        actions.register(house.clerk, newcomer(insurance="没有卡"))
    assert wrong.value.field == "insurance"
    assert "医保" in str(wrong.value)


def test_a_scan_at_the_desk_leads_to_the_patient(house: SimpleNamespace) -> None:
    patient = house.patient(insurance=NUMBER)
    answer = log_in(house.clerk).post(reverse("reception:register"), {"text": NUMBER})
    assert answer.url == reverse("reception:book", args=[patient])
