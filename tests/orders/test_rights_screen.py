"""处方权 by screen: listed, granted by the security administrator, read by the next check."""

from datetime import timedelta

from luodi.orders import queries
from luodi.trust import clock
from tests.orders.test_screens import log_in, shown, url


def test_rights_are_granted_by_screen_and_hold_at_once(place):
    client = log_in(place.security)
    page = shown(client.get(url("rights")))
    assert place.people["doctor"].staff
    assert "处方权" in page
    staff = place.colleague.staff
    day = clock.today()
    given = {
        "antibiotic_tier": "2",
        "narcotic": "on",
        "trained_on": str(day - timedelta(days=30)),
        "valid_to": str(day + timedelta(days=300)),
    }
    assert client.post(url("right", staff), given).status_code == 303
    held = queries.rights(staff)
    assert (held.antibiotic_tier, held.narcotic) == (2, True)


def test_a_right_that_makes_no_sense_is_refused_and_the_form_keeps_what_was_typed(place):
    client = log_in(place.security)
    day = clock.today()
    given = {"antibiotic_tier": "1", "trained_on": str(day + timedelta(days=1)), "valid_to": str(day)}
    page = shown(client.post(url("right", place.colleague.staff), given), 422)
    assert str(day + timedelta(days=1)) in page


def test_only_signers_have_rights_and_only_the_security_administrator_grants(place):
    client = log_in(place.security)
    assert client.get(url("right", place.nurse.staff)).status_code == 404
    assert log_in(place.doctor).get(url("rights")).status_code == 403
