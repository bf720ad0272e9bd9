"""Lines dripped from one bag: solvent, speed, and the hour of a skin test, from the form to the signature."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from luodi.orders import actions, queries
from luodi.orders.refusals import Refused
from luodi.trust import clock
from tests.orders.place import AMBROXOL, AMOXICILLIN, later, refused, wish
from tests.orders.test_screens import HTMX, LINE, doctor, log_in, shown, url

__all__ = ["doctor"]
NS_500, GS_250 = "M0621", "M0093"
POTASSIUM = wish("M0089", "1.5", "g", "qd", "1", route="ivgtt")
IN_500 = POTASSIUM._replace(solvent=NS_500, solvent_ml=Decimal(500), rate=Decimal(60), rate_unit="gtt/min")


def drip(rx):
    return [(line.medicine, line.bag, line.dose, line.quantity, line.rate) for line in queries.prescription(rx).lines]


def grades(rx, rule):
    return [f.grade.value for f in queries.findings(queries.prescription(rx)) if f.rule == rule]


def test_a_solvent_makes_a_bag_of_two_lines(place):
    rx = place.draft("inpatient", IN_500)
    assert drip(rx) == [("M0089", 1, 1.5, 2, 60), (NS_500, 1, 500, 1, 60)]
    assert grades(rx, "infusion-solvent") == grades(rx, "infusion-concentration") == grades(rx, "infusion-speed") == []


def test_a_second_drug_joins_the_bag_and_a_second_solvent_begins_another(place):
    rx = place.draft("inpatient", IN_500)
    by = place.ward_doctor
    actions.put_line(by, rx, wish("M0083", "1000", "mg", "qd", "1", route="ivgtt", bag=1))
    actions.put_line(
        by, rx, wish("M0002", "40", "mg", "qd", "1", route="ivgtt", solvent=GS_250, solvent_ml=Decimal(100))
    )
    assert [(medicine, bag) for medicine, bag, *_more in drip(rx)] == [
        ("M0089", 1), (NS_500, 1), ("M0083", 1), ("M0002", 2), (GS_250, 2),
    ]  # fmt: skip


def test_potassium_without_a_solvent_is_not_signed(place):
    rx = place.draft("inpatient", POTASSIUM)
    with pytest.raises(Refused) as caught:
        place.sign(rx)
    assert "infusion-solvent" in [finding.rule for finding in caught.value.findings]


def test_a_bag_is_a_matter_of_drips_alone(place):
    rx = place.draft("inpatient", wish("M0083", "500", "mg", "qd", "1", route="iv", bag=3, rate=Decimal(5)))
    assert [(line.bag, line.rate, line.rate_unit) for line in queries.prescription(rx).lines] == [(0, None, "")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"solvent": "M0001"}, "solvent_unknown"),
        ({"solvent_ml": None}, "amount_absurd"),
        ({"solvent_ml": Decimal(0)}, "amount_absurd"),
        ({"route": "iv"}, "solvent_without_drip"),
        ({"rate_unit": ""}, "rate_unit_missing"),
        ({"rate": Decimal(2000)}, "amount_absurd"),
        ({"bag": 21}, "bag_unknown"),
    ],
)
def test_what_does_not_hold_is_refused(place, change, code):
    rx = actions.draft(place.ward_doctor, place.encounter("inpatient"))
    with refused(code):
        actions.put_line(place.ward_doctor, rx, IN_500._replace(**change))
    assert drip(rx) == []


def test_an_as_needed_drip_counts_its_bags(place):
    rx = place.draft("inpatient", IN_500._replace(frequency="prn", quantity=Decimal(4)))
    assert [row[3] for row in drip(rx)] == [4, 2]


def test_the_signature_covers_bag_speed_and_the_hour_of_the_skin_test(place):
    tested = AMOXICILLIN._replace(skin_test="negative", skin_test_at=clock.now() - timedelta(hours=2))
    rx = place.signed("inpatient", IN_500, tested)
    assert queries.signatures(rx)[0].matches
    for change, where, back in (
        ("bag = 2", "bag > 0", "bag = 1"),
        ("rate = 90", "bag > 0", "rate = 60"),
        ("skin_test = 'exempt'", "bag = 0", "skin_test = 'negative'"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE orders_line SET {change} WHERE prescription_id = %s AND {where}", [rx])
        assert not queries.signatures(rx)[0].matches, change
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE orders_line SET {back} WHERE prescription_id = %s AND {where}", [rx])
    assert queries.signatures(rx)[0].matches
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_line SET skin_test_at = NULL WHERE prescription_id = %s", [rx])
    assert not queries.signatures(rx)[0].matches


def test_a_line_without_them_is_signed_as_before(place):
    from luodi.orders import paper, reading

    rx = place.signed("outpatient", AMBROXOL)
    (part,) = paper.lines_part(reading.line_rows(reading.load(rx)))
    assert not {"bag", "rate", "rate_unit", "skin_test_at"} & set(part)


def test_a_skin_test_ages(place):
    tested = AMOXICILLIN._replace(skin_test="negative", skin_test_at=clock.now() - timedelta(hours=71))
    rx = place.draft("outpatient", tested)
    assert grades(rx, "skin-test") == []
    with clock.at(later(clock.now(), hours=2)):
        assert grades(rx, "skin-test") == ["ask"]


def test_a_skin_test_of_tomorrow_is_refused(place):
    rx = actions.draft(place.doctor, place.encounter())
    with refused("skin_test_later"):
        actions.put_line(
            place.doctor,
            rx,
            AMOXICILLIN._replace(skin_test="negative", skin_test_at=clock.now() + timedelta(minutes=1)),
        )


def test_bags_of_a_copied_prescription_come_after_those_that_are_there(place):
    source = place.signed("inpatient", IN_500)
    encounter = queries.prescription(source).encounter
    rx = place.draft("inpatient", IN_500, encounter=encounter)
    actions.copy_lines(place.ward_doctor, rx, source)
    assert [row[1] for row in drip(rx)] == [1, 1, 2, 2]


def test_the_form_offers_solvents_bags_and_speed_for_what_can_be_dripped(place):
    rx = place.draft("inpatient", IN_500)
    client = log_in(place.ward_doctor)
    form = shown(client.get(url("line", rx), {"medicine": "M0083"}))
    assert 'value="M0623"' in form
    assert "1：氯化钾 + 氯化钠" in form
    assert "滴/分" in form
    assert "加溶媒" not in shown(client.get(url("line", rx), {"medicine": "M0565"}))
    assert 'name="solvent"' not in shown(client.get(url("line", rx), {"medicine": NS_500}))


def test_a_drip_written_by_the_form_stands_on_pad_sheet_and_check(place):
    encounter = place.encounter("inpatient")
    rx, client = actions.draft(place.ward_doctor, encounter), log_in(place.ward_doctor)
    typed = LINE | {
        "medicine": "M0089", "dose": "1.5", "dose_unit": "g", "route": "ivgtt", "frequency": "qd", "days": "1",
        "solvent": NS_500, "solvent_ml": "", "bag": "0", "rate": "60", "rate_unit": "gtt/min",
        "rev": queries.prescription(rx).rev,
    }  # fmt: skip
    tried = shown(client.post(url("check", rx), typed, **HTMX))
    assert "须稀释" not in tried
    assert "超过 3" in shown(client.post(url("check", rx), typed | {"solvent_ml": "250"}, **HTMX))
    assert client.post(url("lines", rx), typed).status_code == 303
    page = shown(client.get(url("on_encounter", encounter)))
    assert len(re.findall("组 1", page)) == 2
    assert "滴/分" in page
    assert drip(rx)[1][:3] == (NS_500, 1, 500)
    place.sign(rx)
    assert "组 1" in shown(client.get(url("print", rx)))
