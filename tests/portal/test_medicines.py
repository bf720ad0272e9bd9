"""Medicines as a patient reads them."""

import pytest
from django.template.loader import render_to_string

from luodi.orders import queries as prescriptions
from luodi.pharmacy import actions as pharmacy
from luodi.pharmacy import labels
from luodi.portal import queries
from tests.pharmacy.conftest import store

__all__ = ["store"]


def test_medicines_are_shown_as_they_stand(store):
    """A prescription is shown once it is signed, with the sentence of its label; what is stopped says so."""
    rx = store.signed()
    card = prescriptions.prescription(rx)
    (slip,) = queries.slips(card.encounter)
    assert (slip.step, [line.usage for line in slip.lines]) == ("signed", [labels.usage(line) for line in card.lines])
    pharmacy.review(store.pharmacist, rx, "return", ["2-5"], "请核对", rev=prescriptions.header(rx).rev)
    assert queries.slips(card.encounter) == [], "the doctor is changing it"


@pytest.mark.parametrize(("step", "words"), [("stopped", "请勿服用"), ("dispensed", "已发药"), ("signed", "审核中")])
def test_where_a_prescription_stands_is_said_in_words(step, words):
    assert words in render_to_string("portal/_slip_state.html", {"step": step})
