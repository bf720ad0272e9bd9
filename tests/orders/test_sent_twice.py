"""Every form of the doctor's pad, sent twice."""

from datetime import timedelta

import pytest

from luodi.orders import actions, queries
from luodi.orders.models import PrescribingRight, Prescription
from luodi.trust import clock
from tests.orders.place import AMBROXOL, IBUPROFEN, later
from tests.orders.test_screens import LINE, log_in, shown, url
from tests.sending import token_of, twice


@pytest.fixture
def doctor(place):
    return log_in(place.doctor)


def rev(rx: int) -> int:
    return queries.prescription(rx).rev


def test_one_form_begins_one_prescription(place, doctor):
    encounter, other = place.encounter(), place.encounter()
    token = token_of(shown(doctor.get(url("on_encounter", encounter))))
    second = twice(doctor, url("new_draft", encounter), {"idempotency": token})
    assert second.url.endswith(f"?rx={Prescription.objects.get().pk}")
    refused = doctor.post(url("new_draft", other), {"idempotency": token})
    assert "这张表单已经用过" in shown(refused, 422)
    assert Prescription.objects.count() == 1


def test_lines_are_added_changed_dropped_and_copied_once(place, doctor):
    first, rx = place.signed(), None
    patient = queries.prescription(first).patient
    rx = actions.draft(place.doctor, place.encounter(patient=patient))
    second = twice(doctor, url("lines", rx), LINE | {"medicine": "M0565", "rev": rev(rx)})
    assert "内容已有变化" in shown(second, 422)
    twice(doctor, url("lines", rx), LINE | {"medicine": "M0565", "days": "5", "seq": "1", "rev": rev(rx)})
    twice(doctor, url("copy", rx), {"source": first, "rev": rev(rx)})
    twice(doctor, url("removal", rx, 2), {"rev": rev(rx)})
    assert len(queries.prescription(rx).lines) == 1


def test_a_line_sent_without_the_rev_that_was_seen_is_not_written(place, doctor):
    rx = place.draft()
    assert "内容已有变化" in shown(doctor.post(url("lines", rx), LINE | {"medicine": "M0572"}), 422)
    assert len(queries.prescription(rx).lines) == 1


def test_signed_once(place, doctor):
    rx = place.draft("outpatient", AMBROXOL)
    twice(doctor, url("signature", rx), {"rev": rev(rx)})


def test_answered_once(place, doctor):
    rx = place.signed("outpatient", IBUPROFEN)
    actions.advance(place.pharmacist, rx, "returned", {"reasons": ["2-5"]}, text="请减量")
    twice(doctor, url("reply", rx), {"rev": rev(rx), "text": "已复查肾功能正常"})


def test_extended_stopped_and_closed_once(place, doctor):
    rx, other = place.signed(), place.signed()
    twice(doctor, url("extension", rx), {"rev": rev(rx), "days": "2", "reason": "住得远"})
    twice(doctor, url("stop", rx), {"rev": rev(rx), "reason": "written", "words": "家属要求"})
    with clock.at(later(days=1)):
        twice(log_in(place.doctor), url("expiry", other), {"rev": rev(other)})


def test_a_right_is_granted_once(place):
    day, staff = clock.today(), place.colleague.staff
    given = {
        "antibiotic_tier": "2",
        "trained_on": str(day - timedelta(days=30)),
        "valid_to": str(day + timedelta(days=300)),
    }
    client = log_in(place.security)
    twice(client, url("right", staff), given)
    assert client.post(url("right", staff), given | {"antibiotic_tier": "1"}).status_code == 303
    assert client.post(url("right", staff), given).status_code == 303
    assert PrescribingRight.objects.filter(staff=staff).count() == 3, "back to what was is a grant of its own"
